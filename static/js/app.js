/* What every screen has: / goes to the search, ? shows the keys. */

import { onKeys } from "./keys.js";

onKeys({
  "/": () => document.getElementById("find")?.select(),
  "?": () => document.getElementById("keys").showModal(),
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) document.getElementById("keys").showModal();
});
