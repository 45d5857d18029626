/* How the desk looks: layout, what is lit, from where on a word is doubtful. Kept for the person on the server. */

import * as scan from "./scan.js";
import { thresholds } from "./text.js";

const form = document.getElementById("preferences");
const panes = document.getElementById("panes");
const listeners = [];
let timer = 0;

/** Call back when the thresholds have changed. */
export function onThresholds(callback) {
  listeners.push(callback);
}

function apply() {
  panes.dataset.layout = form.elements.layout.value;
  scan.lightUnit(form.elements.boxes.value);
  thresholds.doubtful = form.elements.doubtful_below.value / 100;
  thresholds.poor = form.elements.poor_below.value / 100;
  for (const output of form.querySelectorAll("output")) output.value = document.getElementById(output.htmlFor).value;
}

function keep() {
  clearTimeout(timer);
  timer = setTimeout(() => fetch(form.action, { method: "POST", body: new FormData(form) }), 400);
}

/** Choose the next of the values of "layout" or "boxes". */
export function next(name) {
  const values = [...form.elements[name]].map((input) => input.value);
  form.elements[name].value = values[(values.indexOf(form.elements[name].value) + 1) % values.length];
  apply();
  keep();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  apply();
  keep();
  if (event.target.type === "range") for (const listener of listeners) listener();
});

apply();
