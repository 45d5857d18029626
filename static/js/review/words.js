/* What the dictionary makes of doubtful words, and words that it does not know but this document does. */

import * as text from "./text.js";

const button = document.getElementById("vocabulary-add");
const said = document.getElementById("vocabulary-said");

function post(url, fields) {
  const token = document.getElementById("text").elements.csrfmiddlewaretoken.value;
  return fetch(url, { method: "POST", body: new URLSearchParams([["csrfmiddlewaretoken", token], ...fields]) }).catch(() => null);
}

/** Ask what the doubtful words of the page may have been. */
export async function suggest() {
  if (!button || text.stops().length === 0) return;
  const below = Math.round(text.thresholds.doubtful * 100);
  const answer = await fetch(`${button.dataset.suggestions}?below=${below}`).catch(() => null);
  if (answer?.ok) text.learn(await answer.json());
}

/** Add the wording to the document's vocabulary and say so. */
export async function add(wording) {
  const term = wording.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  if (!button || !term) return;
  const answer = await post(button.dataset.url, [["term", term]]);
  if (answer && (answer.ok || answer.status === 422)) said.textContent = (await answer.json()).said;
}

/** Take back what was said about the word before. */
export function hush() {
  if (said) said.textContent = "";
}
