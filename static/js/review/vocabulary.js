/* A word that the dictionary does not know, but this document does. */

const button = document.getElementById("vocabulary-add");
const said = document.getElementById("vocabulary-said");

/** Add the wording to the document's vocabulary and say so. */
export async function add(wording) {
  const term = wording.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  if (!button || !term) return;
  const body = new URLSearchParams({ term, csrfmiddlewaretoken: document.getElementById("text").elements.csrfmiddlewaretoken.value });
  const answer = await fetch(button.dataset.url, { method: "POST", body }).catch(() => null);
  if (answer && (answer.ok || answer.status === 422)) said.textContent = (await answer.json()).said;
}

/** Take back what was said about the word before. */
export function hush() {
  if (said) said.textContent = "";
}
