/* Key fields: each beside the piece of the scan that it was found on; the one in hand is lit on the whole scan. */

import { onKeys } from "./keys.js";
import { drawCrop } from "./review/crops.js";

const form = document.getElementById("fields");
const scan = document.querySelector(".paper__scan");
const inputs = [...form.querySelectorAll(".keyfield__input")];

for (const field of form.querySelectorAll(".keyfield[data-box]")) {
  const canvas = field.querySelector("canvas");
  if (!canvas || !form.dataset.picture) continue;
  const box = field.dataset.box.split(",").map(Number);
  drawCrop(canvas, form.dataset.picture, box, { width: Number(form.dataset.width), height: 44, widest: 200 });
}

/** Light the field's place, and bring it into sight inside the scan alone: the page itself must not jump. */
function light(name) {
  for (const place of document.querySelectorAll(".place")) place.classList.toggle("is-lit", place.dataset.field === name);
  const lit = document.querySelector(".place.is-lit");
  if (!lit) return;
  const [outer, inner] = [scan.getBoundingClientRect(), lit.getBoundingClientRect()];
  scan.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
}

form.addEventListener("focusin", (event) => {
  if (event.target.matches(".keyfield__input")) light(event.target.name);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.activeElement.blur();
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (document.getElementById("save-fields")) form.requestSubmit();
});

const follow = (id) => () => document.getElementById(id)?.click();
onKeys({ f: () => inputs[0].focus(), "[": follow("previous"), "]": follow("next") });
(form.querySelector("[aria-invalid]") ?? inputs[0]).focus({ preventScroll: true });
