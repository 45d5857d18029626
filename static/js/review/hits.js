/* The places of what was searched for: one after the other on this page, then on to the next page that has some. */

import * as scan from "./scan.js";

const bar = document.getElementById("hits");
const boxes = JSON.parse(document.getElementById("desk").textContent).hits;
const shapes = [...document.querySelectorAll(".box--hit")];
let at = 0;

/** Whether the page was opened from a search. */
export const areHere = bar !== null;

/** Go `steps` places further; past the last one to the next page with such words, if there is one. */
export function go(steps) {
  const next = at + steps;
  if (next >= 0 && next < boxes.length) return show(next);
  const url = steps > 0 ? bar.dataset.next : bar.dataset.previous;
  if (url) location.assign(url);
}

function show(number) {
  at = number;
  shapes.forEach((shape, place) => shape.classList.toggle("box--hit-here", place === at));
  const counter = document.getElementById("hit-number");
  counter.textContent = `${at + 1} ${counter.dataset.of}`;
  scan.reveal(boxes[at]);
}

bar?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hit]");
  if (button) go(Number(button.dataset.hit));
});
