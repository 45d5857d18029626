/* Find and replace, and the same misreading elsewhere: a grid of places with their scans, ticked and applied at once. */

import { drawCrop } from "./crops.js";
import * as draft from "./draft.js";
import * as evidence from "./evidence.js";
import * as text from "./text.js";

const dialog = document.getElementById("replace");
const form = document.getElementById("replace-form");
const places = document.getElementById("places");
const page = document.getElementById("text");
let offered = null;

/** Open the dialog; with {before, after}, look for that at once. */
export async function open({ before = "", after = "", scope = null } = {}) {
  // Places are looked for in saved texts: what is on the screen is saved first, so that it is not in the way.
  if (text.isDirty()) await saveQuietly();
  form.elements.find.value = before;
  form.elements.put.value = after;
  if (scope) form.elements.scope.value = scope;
  places.replaceChildren();
  dialog.showModal();
  if (before) window.htmx.trigger(form, "ask");
  else form.elements.find.focus();
}

async function saveQuietly() {
  draft.stop();
  const body = draft.filled(new FormData());
  body.set("csrfmiddlewaretoken", page.elements.csrfmiddlewaretoken.value);
  await fetch(page.action, { method: "POST", body });
  // The text on the screen is no longer the newest version: it is fetched anew when the dialog is left.
  dialog.addEventListener("close", () => location.reload(), { once: true });
}

/** Ask quietly whether the misreading stands elsewhere too, and offer to mend it there. */
export async function lookElsewhere(before, after) {
  offered = null;
  evidence.offer(null);
  if (before.trim().length < 2 || !after.trim()) return;
  const query = new URLSearchParams({ find: before, put: after, scope: "batch", whole_words: "on", match_case: "on" });
  const answer = await fetch(`${form.getAttribute("hx-get")}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-count]");
  const count = Number(found?.dataset.count ?? 0);
  if (count === 0) return;
  offered = { before, after, scope: "batch" };
  evidence.offer(page.dataset.sayOffer.replace("%(count)s", count).replace("%(before)s", before).replace("%(after)s", after));
}

/** Take the offer that is made, if any. */
export function takeOffer() {
  if (!offered) return false;
  evidence.offer(null);
  open(offered);
  return true;
}

/* The grid. */

function drawCrops() {
  for (const canvas of places.querySelectorAll("canvas[data-box]")) {
    const { picture, box, width } = canvas.dataset;
    drawCrop(canvas, picture, box.split(" ").map(Number), { width: Number(width), height: 56, widest: 220 });
  }
}

places?.addEventListener("htmx:afterSwap", () => {
  drawCrops();
  const isAsked = document.activeElement === dialog || !form.contains(document.activeElement) || form.dataset.asked !== undefined;
  if (isAsked) places.querySelector("input[type=checkbox]")?.focus();
});

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, j: 1, k: -1 };

dialog?.addEventListener("keydown", (event) => {
  const boxes = [...places.querySelectorAll("input[type=checkbox]")];
  const here = boxes.indexOf(event.target);
  if (event.key === "Enter" && (here >= 0 || form.contains(event.target)) && boxes.length) {
    event.preventDefault();
    document.getElementById("places-apply").click();
  } else if (here >= 0 && STEPS[event.key]) {
    event.preventDefault();
    boxes[Math.min(Math.max(here + STEPS[event.key], 0), boxes.length - 1)].focus();
  }
});

form?.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("replace-open")?.addEventListener("click", () => open());
document.getElementById("offer-take")?.addEventListener("click", takeOffer);
