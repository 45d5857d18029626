/* What every screen has: / goes to the search, ? shows the keys. */

import { onKeys } from "./keys.js";

onKeys({
  "/": () => document.getElementById("find")?.select(),
  "?": () => document.getElementById("keys").showModal(),
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) document.getElementById("keys").showModal();
});

// Signed out in the meantime: the answer is the sign-in page, which belongs in the window and not into a part of it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (new URL(xhr.responseURL).pathname === new URL(pathInfo.requestPath, location.href).pathname) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// Signing out on a shared computer takes the unsaved drafts along: they are somebody's text.
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
});
