/* What is not saved yet is kept on the server within a second, and is there again when the page is opened anew. */

import * as text from "./text.js";

const form = document.getElementById("text");
const note = document.getElementById("unsaved");
const SOON = 800; // ms after the last change
let timer = 0;
let isKept = true;
let isNewest = true; // whether nobody else has saved the page since it was opened

/** Keep the draft soon, or let it go when nothing is unsaved any more. */
export function keepSoon() {
  isKept = false;
  tell(text.isDirty() ? note.dataset.keeping : "");
  clearTimeout(timer);
  timer = setTimeout(keep, SOON);
}

/** Whether everything that was changed has arrived at the server. */
export const isSafe = () => isKept;

/** Send the draft now; `isLeaving` lets it arrive though the page is closed. */
export async function keep({ isLeaving = false } = {}) {
  clearTimeout(timer);
  const isDirty = text.isDirty();
  const body = isDirty ? filled(new FormData()) : new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: isLeaving, redirect: "manual" });
    isKept = answer.ok;
    isNewest = isDirty && answer.ok ? (await answer.json()).is_newest : true;
  } catch {
    isKept = false;
  }
  if (isKept) tell(isDirty ? note.dataset[isNewest ? "kept" : "overtaken"] : "");
  else {
    tell(note.dataset.lost);
    timer = setTimeout(keep, SOON * 10);
  }
}

/** Put lines and marks into the form data as the server takes them. */
export function filled(data) {
  const { lines, marks } = text.written();
  data.set("based_on", form.elements.based_on.value);
  data.set("marks", JSON.stringify(marks));
  for (const line of lines) {
    data.append("line", line.text);
    data.append("source", line.source);
  }
  return data;
}

/** Before the form itself is sent: nothing more has to be kept. */
export function stop() {
  clearTimeout(timer);
  form.elements.marks.value = JSON.stringify(text.written().marks);
  isKept = true;
}

function tell(words) {
  if (note.textContent !== words) note.textContent = words;
}

window.addEventListener("pagehide", () => { if (!isKept) keep({ isLeaving: true }); });
