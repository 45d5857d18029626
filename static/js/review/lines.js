/* The rows on the screen: the text with its marks, and the field in which a line is edited in place. */

import * as completing from "./completing.js";
import * as text from "./text.js";

const form = document.getElementById("text");
const list = document.getElementById("lines");
const canChange = "canChange" in form.dataset;
let showsRaw = false;
let isRewriting = false;

export const rows = () => [...list.children];
export const rowOf = (element) => element?.closest?.("#lines > .line") ?? null;
export const numberOf = (row) => rows().indexOf(row);
export const isEditing = () => list.querySelector(".is-editing") !== null;
const fieldOf = (row) => row.querySelector("textarea");
const textOf = (row) => row.querySelector(".line__text");

/* Showing. */

/** Show line `number` as it is written now. */
export function show(number, row = list.children[number]) {
  const line = text.lineAt(number);
  const field = fieldOf(row);
  if (field.value !== line.text) field.value = line.text;
  row.querySelector("[name=source]").value = line.source;
  const isEmptied = line.text.trim() === "";
  row.classList.toggle("line--emptied", isEmptied && line.source !== "");
  row.classList.toggle("is-changed", text.isChanged(line));
  if (showsRaw) textOf(row).textContent = line.raw;
  else if (isEmptied) textOf(row).textContent = line.source === "" ? list.dataset.empty : list.dataset.emptied;
  else textOf(row).replaceChildren(...pieces(line, number));
}

/** Return the line as nodes: each word in a span, places to look at as buttons, spaces between. */
function pieces(line, number) {
  const stops = text.stopsOf(line, number);
  const spans = [...line.edits.filter((edit) => edit.start >= 0)];
  const nodes = [];
  let at = 0;
  const starts = [...line.words.filter((word) => !spans.some((edit) => edit.start < word.end && word.start < edit.end)), ...spans];
  for (const part of starts.sort((a, b) => a.start - b.start)) {
    if (part.start < at) continue;
    if (part.start > at) nodes.push(line.text.slice(at, part.start));
    nodes.push(wordNode(line, part, stops.some((stop) => stop.start === part.start && stop.end === part.end)));
    at = part.end;
  }
  if (at < line.text.length) nodes.push(line.text.slice(at));
  return nodes;
}

function wordNode(line, part, isStop) {
  const node = document.createElement("span");
  const wording = line.text.slice(part.start, part.end);
  node.className = `word ${kindOf(part)}`;
  node.dataset.start = part.start;
  node.dataset.end = part.end;
  node.textContent = wording;
  if (part.id !== undefined && wording === "") node.classList.add("word--gone");
  if (isStop) {
    node.tabIndex = -1;
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `${wording || "–"}, ${describe(part)}`);
  }
  return node;
}

function kindOf(part) {
  if (part.id !== undefined) {
    if (!text.isOpen(part)) return "word--settled";
    return part.state === "proposed" ? "word--proposed" : "word--applied";
  }
  if (part.settled) return "word--settled";
  if (text.isPoor(part)) return "word--poor";
  return text.isDoubtful(part) ? "word--doubt" : "";
}

function describe(part) {
  const say = document.getElementById("evidence")?.dataset ?? {};
  if (part.id === undefined) return `${say.sayWord}, ${Math.round(part.sure * 100)} ${say.saySure}`;
  return part.state === "proposed" ? `${say.sayProposed}: ${part.after}` : `${say.sayApplied}, ${say.sayRead} ${part.before}`;
}

function newRow() {
  return document.getElementById("new-line").content.firstElementChild.cloneNode(true);
}

text.onChange((at, removed, added) => {
  const editing = list.querySelector(".is-editing");
  isRewriting = true;
  for (let extra = removed - added; extra > 0; extra -= 1) list.children[at].remove();
  for (let missing = added - removed; missing > 0; missing -= 1) list.insertBefore(newRow(), list.children[at + removed] ?? null);
  for (let number = at; number < at + added; number += 1) show(number);
  isRewriting = false;
  if (editing && !editing.isConnected) list.dispatchEvent(new Event("lines:left"));
});

/** Show all lines anew, as after another threshold. */
export function showAll() {
  rows().forEach((row, number) => { if (text.lineAt(number)) show(number, row); });
}

/** Show what was first read in place of the text, or the text again. */
export function toggleRaw() {
  showsRaw = !showsRaw;
  list.classList.toggle("lines--raw", showsRaw);
  document.getElementById("raw-notice").hidden = !showsRaw;
  showAll();
  return showsRaw;
}

/** Return the node of the place, or null when it is not shown. */
export function nodeAt({ line, start, end }) {
  const found = list.children[line]?.querySelectorAll(`.word[data-start="${start}"]`) ?? [];
  return [...found].find((node) => end === undefined || Number(node.dataset.end) === end) ?? found[0] ?? null;
}

/** Return the place of a node of a word, or null. */
export function placeOf(node) {
  const word = node?.closest?.(".word");
  const row = rowOf(word);
  return row ? text.stopAt(numberOf(row), Number(word.dataset.start), Number(word.dataset.end)) : null;
}

/* Editing in place. */

/** Open line `number` for typing, with text[start:end] selected. */
export function edit(number, start, end) {
  const row = list.children[number];
  if (!row || !canChange || showsRaw) return;
  const field = fieldOf(row);
  const spot = (nodeAt({ line: number, start, end }) ?? row).getBoundingClientRect();
  row.classList.add("is-editing");
  grow(field);
  field.focus();
  field.setSelectionRange(start ?? field.value.length, end ?? field.value.length);
  completing.begin(field, { ...around(number, start ?? 0, end ?? 0), spot });
}

/* What is selected when a field is opened, what may have been meant there, and what stands before and behind it. */
function around(number, start, end) {
  const { text: line } = text.lineAt(number);
  const readings = text.wordingsAt(text.stopAt(number, start, end)).filter((one) => one.start === start && one.end === end);
  return { text: line.slice(start, end), readings: readings.map((one) => one.text), head: line.slice(0, start), tail: line.slice(end) };
}

/* What was typed becomes one change of the text, when the field is left. */
function close(row) {
  completing.hide(fieldOf(row));
  row.classList.remove("is-editing");
  const number = numberOf(row);
  const line = text.lineAt(number);
  if (!line) return;
  const typed = fieldOf(row).value;
  if (typed === "" && line.source === "" && text.all().length > 1) text.change(number, 1, [], null);
  else if (typed !== line.text) {
    const before = line.text;
    text.put(number, text.reword(line, typed), null);
    list.dispatchEvent(new CustomEvent("lines:typed", { detail: { number, before, after: typed } }));
  } else show(number, row);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

const KEYS = {
  Enter(row) {
    const number = numberOf(row);
    if (completing.isOpen()) completing.take(fieldOf(row));
    row.focus({ preventScroll: true });
    list.dispatchEvent(new CustomEvent("lines:entered", { detail: { number } }));
  },
  Escape(row) {
    if (completing.isOpen()) return completing.hide(fieldOf(row));
    const number = numberOf(row);
    fieldOf(row).value = text.lineAt(number).text;
    row.focus({ preventScroll: true });
    if (!row.isConnected) (list.children[number] ?? list.lastElementChild)?.focus();
  },
  "Ctrl+Enter"(row) {
    const number = numberOf(row);
    row.focus({ preventScroll: true });
    text.change(number + 1, 0, [text.blank()], { line: number, start: 0 });
    edit(number + 1);
  },
};

list.addEventListener("keydown", (event) => {
  if (!event.target.matches("textarea") || event.isComposing) return;
  const command = KEYS[(event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key];
  if (!command) return;
  event.preventDefault();
  event.stopPropagation();
  command(rowOf(event.target));
});

list.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!steps || !completing.isOpen()) return;
  event.preventDefault();
  event.stopPropagation();
  completing.move(event.target, steps);
});

// Pressed and not clicked: the field would be left, and closed, before the click.
document.getElementById("completions").addEventListener("pointerdown", (event) => {
  const option = event.target.closest("[role=option]");
  const row = list.querySelector(".is-editing");
  event.preventDefault();
  if (!option || !row) return;
  completing.take(fieldOf(row), option);
  KEYS.Enter(row);
});

list.addEventListener("beforeinput", (event) => {
  if (event.target.matches("textarea")) completing.willChange(event.target);
});

list.addEventListener("input", (event) => {
  // A line is one line: what is pasted with breaks is joined.
  if (event.target.value.includes("\n")) event.target.value = event.target.value.replace(/\s*\n\s*/g, " ");
  grow(event.target);
  completing.update(event.target);
});

list.addEventListener("focusout", (event) => {
  if (event.target.matches("textarea") && !isRewriting) close(rowOf(event.target));
});

/** Take over what is being typed, as if the field had been left. */
export function commit() {
  const row = list.querySelector(".is-editing");
  if (row) close(row);
}

if (text.isEmpty() && list.firstElementChild) text.begin();
