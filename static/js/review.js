/* The review desk: joins text, scan, evidence, draft and keys. */

import { onKeys } from "./keys.js";
import * as draft from "./review/draft.js";
import * as evidence from "./review/evidence.js";
import { backTo, goOn, here, lookAnew, lookAt, moveLine, moveWord, whole } from "./review/going.js";
import * as hits from "./review/hits.js";
import * as lines from "./review/lines.js";
import * as replace from "./review/replace.js";
import * as scan from "./review/scan.js";
import * as text from "./review/text.js";
import * as dictionary from "./review/words.js";
import * as view from "./review/view.js";

const desk = JSON.parse(document.getElementById("desk").textContent);
const form = document.getElementById("text");
const list = document.getElementById("lines");
let isSending = false;

/* Deciding. Whoever may only read goes from place to place with the same keys. */

const canChange = "canChange" in form.dataset;

const isAsked = () => here !== null && (here.edit ? text.isOpen(here.edit) : here.words.some(text.isDoubtful));

function accept() {
  if (!here) return goOn();
  if (canChange && isAsked()) text.accept(here);
  goOn();
}

function reject() {
  if (!here || !canChange) return;
  if (!here.edit || !text.isOpen(here.edit)) return edit();
  text.reject(here);
  goOn();
}

function take(number) {
  const choice = here && canChange && text.choicesAt(here)[number - 1];
  if (!choice) return;
  const before = text.lineAt(here.line).text.slice(choice.start, choice.end);
  text.take(here, choice);
  mended(before, choice.text);
  goOn();
}

function remove() {
  if (!here || !canChange) return;
  text.remove(here);
  goOn(1, { line: here.line, start: here.start - 1 }); // the next word has moved up
}

/* The line as a whole is right, or nothing that can be read. */
function decideLine(decide) {
  if (!here || !canChange) return;
  decide(here.line);
  goOn(1, { line: here.line, start: Infinity });
}

function edit() {
  if (here) lines.edit(here.line, here.start, here.end);
  else lines.edit(0);
}

/* A word that is known from now on is right here too. */
function addTerm() {
  if (!here || !canChange) return;
  dictionary.add(here.text);
  if (isAsked() && !here.edit) text.accept(here);
  lookAt(text.stopAt(here.line, here.start, here.end));
}

function undo() {
  lines.commit();
  const back = text.undo();
  if (back) backTo(back);
  else document.getElementById("undo-last")?.requestSubmit();
}

function redo() {
  const back = text.redo();
  if (back) backTo(back);
}

evidence.onAction((action) => ({ accept, reject, edit, skip: () => goOn() }[action] ?? (() => take(action)))());

/* After typing in a line. */

list.addEventListener("lines:typed", ({ detail }) => {
  const [before, after] = misreading(detail.before, detail.after);
  if (before) mended(before, after);
});

list.addEventListener("lines:entered", ({ detail }) => {
  goOn(1, { line: detail.number, start: here?.line === detail.number ? here.start : -1 });
});

/* One word was put in the place of another: it may stand elsewhere too. */
function mended(before, after) {
  text.learnFrom(before, after);
  replace.lookElsewhere(before, after);
}

/** Return the one word that was put in the place of one other, or nothing. */
function misreading(before, after) {
  const [old, now] = [before.split(/\s+/), after.split(/\s+/)];
  const differing = old.length === now.length ? old.flatMap((word, at) => (word === now[at] ? [] : [at])) : [];
  const bare = (word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  return differing.length === 1 ? [bare(old[differing[0]]), bare(now[differing[0]])] : [];
}

/* The pointer: word and box light each other. */

list.addEventListener("mouseover", (event) => {
  const place = lines.placeOf(event.target);
  scan.light(place ? whole(place) : here, false);
});
list.addEventListener("mouseleave", () => scan.light(here, false));

list.addEventListener("click", (event) => {
  if (event.target.matches("textarea") || String(getSelection())) return;
  const place = lines.placeOf(event.target);
  const row = lines.rowOf(event.target);
  if (place && !(here && place.line === here.line && place.start === here.start)) lookAt(place, { isFollowing: true });
  else if (row) lines.edit(lines.numberOf(row), place?.start, place?.end);
});

scan.onWord((what, place) => {
  for (const marked of list.querySelectorAll(".is-lit")) marked.classList.remove("is-lit");
  if (!place) return;
  const spot = whole(place);
  (lines.nodeAt(spot) ?? lines.rows()[spot.line])?.classList.add("is-lit");
  scan.light(spot, false);
  if (what === "press") lookAt(spot, { isFollowing: false });
});

/* Unsaved changes. */

text.onChange(() => {
  draft.keepSoon();
  showUndo();
});

function showUndo() {
  const button = document.getElementById("undo");
  if (button) button.disabled = !text.canUndo() && !document.getElementById("undo-last");
}

form.addEventListener("submit", () => {
  lines.commit();
  draft.stop();
  isSending = true;
});

window.addEventListener("pageshow", () => { isSending = false; });
window.addEventListener("beforeunload", (event) => {
  lines.commit();
  if (!draft.isSafe() && !isSending) event.preventDefault();
});

// The page must not be renewed under the hands of somebody who is at work on it.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "watch" && (text.isDirty() || lines.isEditing())) event.preventDefault();
});

document.getElementById("draft-drop")?.addEventListener("click", async () => {
  while (text.undo());
  await draft.keep();
  document.getElementById("draft").hidden = true;
});
document.getElementById("draft-take")?.addEventListener("click", () => sendDraft(desk.draft));

/* A draft of an older text is sent as what it is, so that the server shows both side by side. */
function sendDraft(kept) {
  form.elements.based_on.value = kept.based_on ?? "";
  form.elements.marks.value = JSON.stringify({ settled: kept.lines.map((line) => line.settled), decisions: kept.decisions });
  const fields = kept.lines.flatMap((line) => [["line", line.text], ["source", line.source ?? ""]].map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })));
  list.replaceChildren(...fields);
  isSending = true;
  HTMLFormElement.prototype.submit.call(form);
}

/* Keys. */

const press = (id) => () => document.getElementById(id)?.click();
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* While the scan has the focus the arrow keys move the scan. */
function arrow(event, action) {
  if (event.target.closest("#scan")) return scan.pan(...ARROWS[event.key].map((part) => part * 0.2));
  return action();
}

function enter(event) {
  if (event.target.closest("button, a, summary, input")) return false;
  return accept();
}

function space(event) {
  if (event.target.closest("button, a, summary, input")) return false;
  return goOn(event.shiftKey ? -1 : 1);
}

const toggle = (id, change) => () => document.getElementById(id)?.setAttribute("aria-pressed", String(change()));
const toggleRaw = toggle("raw-toggle", lines.toggleRaw);
const toggleOutlines = toggle("outlines-toggle", scan.toggleOutlines);
const digits = Object.fromEntries([1, 2, 3, 4, 5, 6].map((digit) => [digit, () => take(digit)]));

onKeys({
  ...digits,
  Enter: enter, " ": space, x: reject, Delete: remove, e: edit, w: () => decideLine(text.acceptLine), d: () => decideLine(text.removeLine), u: undo, a: press("approve"),
  j: () => moveLine(1), k: () => moveLine(-1),
  ArrowDown: (event) => arrow(event, () => moveLine(1)), ArrowUp: (event) => arrow(event, () => moveLine(-1)),
  ArrowRight: (event) => arrow(event, () => moveWord(1)), ArrowLeft: (event) => arrow(event, () => moveWord(-1)),
  n: () => (hits.areHere ? hits.go(1) : press("next")()), N: () => (hits.areHere ? hits.go(-1) : false), p: press("previous"), m: press("next-to-review"),
  r: toggleRaw, h: press("compare"), f: () => replace.open({ before: here?.text ?? "" }), g: () => replace.takeOffer(),
  v: addTerm, t: press("reservation"),
  "+": () => scan.move("in"), "=": () => scan.move("in"), "-": () => scan.move("out"), 0: () => scan.move("width"), z: () => scan.move("page"),
  "[": () => scan.move("left"), "]": () => scan.move("right"), b: () => view.next("boxes"), o: toggleOutlines, l: () => view.next("layout"),
});

const COMMANDS = { s: press("save"), Enter: press("approve"), z: undo, y: redo };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
  // While typing, the field has its own undo.
  if (event.target.matches("textarea, input") && "zyZY".includes(event.key)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const command = key === "z" && event.shiftKey ? redo : COMMANDS[key];
  if (!command) return;
  event.preventDefault();
  command();
});

document.getElementById("raw-toggle")?.addEventListener("click", toggleRaw);
document.getElementById("outlines-toggle")?.addEventListener("click", toggleOutlines);
document.getElementById("undo")?.addEventListener("click", undo);
document.getElementById("vocabulary-add")?.addEventListener("click", addTerm);
view.onThresholds(() => {
  lines.showAll();
  lookAnew();
  suggestSoon();
});

let suggesting = 0;

/* A threshold is drawn over many values on its way; the last one is asked for. */
function suggestSoon() {
  clearTimeout(suggesting);
  suggesting = setTimeout(suggest, 400);
}

async function suggest() {
  await dictionary.suggest();
  if (here) lookAnew();
  form.dataset.suggested = "";
}

if (desk.draft && String(desk.draft.based_on ?? "") === form.elements.based_on.value) text.takeUp(desk.draft);
lines.showAll();
evidence.show(null, text.stops().length);
if (!desk.hits.length && text.stops().length) goOn();
form.dataset.ready = ""; // from here on the keys and clicks are heard
performance.mark("desk-ready");
suggest();
