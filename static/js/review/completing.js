/* While a word is typed in place: a list of what is meant. What is marked in it is what Enter takes. */

import { narrowed } from "./narrowing.js";

const list = document.getElementById("completions");
let word = null; // {text, readings, head, tail}: what was selected when the field was opened, and what stands around it
let isTyped = false;

/** Be ready to complete: the field is open with `text` selected, which stands between `head` and `tail`; `spot` is where
 * on the screen it stood. */
export function begin(field, { text, readings, head, tail, spot }) {
  word = text.trim() ? { text, readings, head, tail } : null;
  isTyped = false;
  list.style.left = `${Math.max(8, Math.min(spot.left, window.innerWidth - 260))}px`;
  list.style.top = `${spot.bottom + 4}px`;
  list.dataset.above = spot.bottom > window.innerHeight - 220 ? "" : "no";
  if (list.dataset.above === "") list.style.top = `${spot.top - 4}px`;
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
}

/** Before the field changes: only what replaces the whole word is completed, all else is plain writing. */
export function willChange(field) {
  const isWhole = word && field.selectionStart === word.head.length && field.selectionEnd === word.head.length + word.text.length;
  if (!isTyped && !isWhole) word = null;
  isTyped = true;
}

/** The field has changed: show what may be meant. */
export function update(field) {
  const typed = word && typedIn(field.value);
  if (!typed) return hide(field);
  const rows = narrowed(word.text, typed, word.readings);
  list.replaceChildren(...rows.map((row, number) => optionOf(row, number, typed)));
  list.showPopover();
  mark(field, 0);
}

function typedIn(value) {
  const { head, tail } = word;
  const isAround = value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
  return isAround ? value.slice(head.length, value.length - tail.length) : "";
}

function optionOf(row, number, typed) {
  const option = document.createElement("li");
  option.id = `completion-${number}`;
  option.className = "completion";
  option.setAttribute("role", "option");
  option.dataset.text = row;
  const wording = document.createElement("span");
  wording.className = "completion__text";
  const at = row.indexOf(typed);
  if (at < 0) wording.textContent = row;
  else wording.append(row.slice(0, at), strong(typed), row.slice(at + typed.length));
  option.append(wording);
  if (row === typed) option.append(note(list.dataset.sayTyped));
  const key = document.createElement("kbd");
  key.textContent = "Enter";
  key.setAttribute("aria-hidden", "true");
  option.append(key);
  return option;
}

function strong(text) {
  const node = document.createElement("strong");
  node.textContent = text;
  return node;
}

function note(words) {
  const node = document.createElement("span");
  node.className = "small muted";
  node.textContent = words;
  return node;
}

const options = () => [...list.children];
const marked = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

function mark(field, number) {
  options().forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
  field.setAttribute("aria-activedescendant", options()[number].id);
}

export const isOpen = () => list !== null && list.matches(":popover-open");

/** Mark the option `steps` further, round past the ends. */
export function move(field, steps) {
  const count = options().length;
  mark(field, (marked() + steps + count) % count);
}

/** Put what is marked (or the option that was pressed) into the field. */
export function take(field, option = options()[marked()]) {
  field.value = word.head + option.dataset.text + word.tail;
  hide(field);
}

/** Close the list; what was typed stays. */
export function hide(field) {
  if (isOpen()) list.hidePopover();
  field.removeAttribute("aria-activedescendant");
}
