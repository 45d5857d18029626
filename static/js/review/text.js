/* The text of the page as lines of placed words, every change to it, and the way back. No DOM in here. */

const desk = JSON.parse(document.getElementById("desk").textContent);
const DECIDED = ["accepted", "rejected"];

export const thresholds = { doubtful: 0.8, poor: 0.5 };

let lines = desk.lines.map(lineOf);
const atFirst = new Map(desk.lines.map((line) => [String(line.number), lineOf(line)]));
let done = [];
let undone = [];
const listeners = [];
const mended = new Map(); // what a person made of a misreading
let suggested = {}; // what the server makes of doubtful words, by their names
let saved = "";

function lineOf(line) {
  const words = line.words.map(([start, end, box, sure, settled, ...others]) => ({
    start, end, box, sure, settled: settled === 1, name: `${line.number}:${start}`, others: others.map(([text, engine, odds, words]) => ({ text, engine, sure: odds, words })),
  }));
  const edits = line.edits.map((edit) => ({ ...edit, first: edit.state }));
  return { source: String(line.number), text: line.text, raw: line.raw, box: line.box, block: line.block, words, edits };
}

export const all = () => lines;
export const lineAt = (number) => lines[number];
export const isEmpty = () => lines.length === 0;
export const canUndo = () => done.length > 0;

/** Call back with (at, removed, added) after each change: so many lines were put in the place of so many. */
export function onChange(callback) {
  listeners.push(callback);
}

/** Put `fresh` in the place of `count` lines from `at`; `here` is what undoing goes back to. */
export function change(at, count, fresh, here) {
  done.push({ at, old: lines.slice(at, at + count), fresh, here });
  undone = [];
  splice(at, count, fresh);
}

function splice(at, count, fresh) {
  lines.splice(at, count, ...fresh);
  for (const listener of listeners) listener(at, count, fresh.length);
}

/** Undo the last change. Return where it was made, or null when there is none. */
export function undo() {
  const last = done.pop();
  if (!last) return null;
  undone.push(last);
  splice(last.at, last.fresh.length, last.old);
  return last.here ?? { line: last.at, start: 0 };
}

/** Do again what was undone last. Return where, or null. */
export function redo() {
  const last = undone.pop();
  if (!last) return null;
  done.push(last);
  splice(last.at, last.old.length, last.fresh);
  return last.here ?? { line: last.at, start: 0 };
}

/* What is written, as the server takes it. */

/** Return the lines and the marks as they stand now. */
export function written() {
  const decisions = {};
  for (const line of lines) for (const edit of line.edits) if (DECIDED.includes(edit.state)) decisions[edit.id] = edit.state;
  return {
    lines: lines.map((line) => ({ text: line.text, source: line.source })),
    marks: { settled: lines.map((line) => line.words.flatMap((word, number) => (word.settled ? [number] : []))), decisions },
  };
}

export const isDirty = () => JSON.stringify(written()) !== saved;
export const isChanged = (line) => line !== undefined && (line.source === "" || line.text !== atFirst.get(line.source)?.text);

/** Take up a draft: lines as they were kept, made from those that were loaded. It can be undone as one change. */
export function takeUp(draft) {
  const fresh = draft.lines.map((kept) => {
    const first = kept.source === null ? undefined : atFirst.get(String(kept.source));
    const line = first ? reword(structuredClone(first), kept.text) : blank(kept.text);
    for (const number of kept.settled) if (line.words[number]) line.words[number].settled = true;
    for (const edit of line.edits) edit.state = draft.decisions[edit.id] ?? edit.state;
    return line;
  });
  change(0, lines.length, fresh, null);
}

export function blank(text = "") {
  return reword({ source: "", text: "", raw: "", box: null, block: 0, words: [], edits: [] }, text);
}

/* Wording. These return a changed copy and leave the line as it was. */

/** Return the line with text[start:end] worded as `wording`; what a person writes is settled. */
export function rewordSpan(line, start, end, wording) {
  let [from, to, put] = [start, end, wording];
  if (put === "") { // a word that goes takes the space before it along
    if (line.text[from - 1] === " ") from -= 1;
    else if (line.text[to] === " ") to += 1;
  }
  const text = line.text.slice(0, from) + put + line.text.slice(to);
  const moved = put.length - (to - from);
  const hit = line.words.filter((word) => word.start < to && from < word.end);
  const [first, last] = [hit[0]?.start ?? from, hit.at(-1)?.end ?? to];
  const before = line.words.filter((word) => word.end <= first);
  const after = line.words.filter((word) => word.start >= last).map((word) => ({ ...word, start: word.start + moved, end: word.end + moved }));
  const between = tokens(text.slice(first, Math.max(first, last + moved))).map(([a, b]) => ({ start: first + a, end: first + b, sure: null, settled: true, others: [], box: joined(hit) }));
  const edits = line.edits.map((edit) => {
    if (edit.end <= from && !(edit.start === start && edit.end === end)) return edit;
    if (edit.start === start && edit.end === end) return { ...edit, state: decidedBy(edit, put), start: from, end: from + put.length };
    if (edit.start >= to) return { ...edit, start: edit.start + moved, end: edit.end + moved };
    return { ...edit, state: DECIDED.includes(edit.state) ? edit.state : "rejected", start: -1, end: -1 }; // worded over
  });
  return { ...line, text, words: [...before, ...between, ...after], edits };
}

/* Whoever words the place of a change anew has decided about it. */
function decidedBy(edit, wording) {
  if (DECIDED.includes(edit.state)) return edit.state;
  return wording === edit.after ? "accepted" : "rejected";
}

/** Return the line worded anew as a whole: only what differs counts as written by a person. */
export function reword(line, text) {
  const [old, now] = [tokens(line.text), tokens(text)];
  const word = (source, [a, b]) => source.slice(a, b);
  let head = 0;
  while (head < old.length && head < now.length && word(line.text, old[head]) === word(text, now[head])) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head
    && word(line.text, old[old.length - 1 - tail]) === word(text, now[now.length - 1 - tail])) tail += 1;
  if (head === old.length && head === now.length) return { ...line, text };
  const start = old[head]?.[0] ?? line.text.length;
  const end = old.length - tail > head ? old[old.length - 1 - tail][1] : start;
  const from = now[head]?.[0] ?? text.length;
  const to = now.length - tail > head ? now[now.length - 1 - tail][1] : from;
  return placed({ ...rewordSpan(line, start, end, text.slice(from, to)), text }, line, head, tail, old, now);
}

/* Spaces may have changed too: the words keep their order, so they are counted out anew. */
function placed(line, before, head, tail, old, now) {
  const hit = before.words.slice(head, old.length - tail);
  const words = now.map(([start, end], number) => {
    const kept = number < head ? before.words[number] : before.words[number + old.length - now.length];
    if ((number < head || number >= now.length - tail) && kept) return { ...kept, start, end };
    return { start, end, sure: null, settled: true, others: [], box: joined(hit) };
  });
  return { ...line, words };
}

const tokens = (text) => [...text.matchAll(/\S+/g)].map((found) => [found.index, found.index + found[0].length]);

function joined(words) {
  const boxes = words.map((word) => word.box).filter(Boolean);
  if (boxes.length === 0) return null;
  return [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
}

/* Doubts. */

export const isOpen = (edit) => edit.start >= 0 && !DECIDED.includes(edit.state);
export const isDoubtful = (word) => !word.settled && word.sure !== null && word.sure < thresholds.doubtful;
export const isPoor = (word) => isDoubtful(word) && word.sure < thresholds.poor;
const covers = (span, word) => span.start < word.end && word.start < span.end;

/** Return the places of a line that somebody should look at, from left to right: {line, start, end, edit, words}. */
export function stopsOf(line, number) {
  const edits = line.edits.filter(isOpen).map((edit) => stopAt(number, edit.start, edit.end));
  const words = line.words.filter((word) => isDoubtful(word) && !edits.some((edit) => covers(edit, word)));
  return [...edits, ...words.map((word) => stopAt(number, word.start, word.end))].sort((a, b) => a.start - b.start);
}

/** Return the place text[start:end] of a line with all that is known of it. */
export function stopAt(number, start, end) {
  const line = lines[number];
  return { line: number, start, end, text: line.text.slice(start, end),
    edit: line.edits.find((edit) => edit.start === start && edit.end === end) ?? null,
    words: line.words.filter((word) => covers({ start, end }, word) || word.start === start) };
}

/** Return all places that somebody should look at, in reading order; none on an approved page. */
export const stops = () => (desk.approved ? [] : lines.flatMap(stopsOf));

/** Learn what words may have been, {"line:start" or "edit:id": [wording...]}. */
export function learn(found) {
  suggested = found;
}

/** Learn from a correction by hand: the next word that was read so is mended with one key. */
export function learnFrom(before, after) {
  mended.set(before, after);
}

const MOST_KEYS = 6; // three more would hold the right one once in seventy times, and are three more to look at

/** Return what may be taken instead, those with a key of their own first: {text, engine, sure, start, end}.
 * What comes later from the server is put behind, so that no key changes its meaning under the finger. */
export function wordingsAt(stop) {
  const found = [];
  const add = (text, engine, sure, start, end) => {
    // What the model would put there, or what was read, has keys of its own.
    const isSame = lines[stop.line].text.slice(start, end) === text || (stop.edit && [stop.edit.before, stop.edit.after].includes(text));
    if (!isSame && !found.some((other) => other.text === text && other.start === start && other.end === end)) found.push({ text, engine, sure, start, end });
  };
  if (mended.has(stop.text)) add(mended.get(stop.text), "words", null, stop.start, stop.end);
  for (const [wording, source] of stop.edit?.others ?? []) add(wording, source, null, stop.start, stop.end);
  for (const word of stop.words) {
    const at = lines[stop.line].words.findIndex((other) => other.start === word.start);
    for (const other of word.others) {
      const last = lines[stop.line].words[Math.min(at + other.words, lines[stop.line].words.length) - 1];
      add(other.text, other.engine, other.sure, word.start, last.end);
    }
  }
  for (const wording of suggested[`edit:${stop.edit?.id}`] ?? []) add(wording, "words", null, stop.start, stop.end);
  for (const word of stop.words) for (const wording of suggested[word.name] ?? []) add(wording, "words", null, word.start, word.end);
  return found;
}

/** Return what may be taken with a digit. */
export const choicesAt = (stop) => wordingsAt(stop).slice(0, MOST_KEYS);

/* Decisions. Each is one change that can be undone. */

/** Take the word out. */
export function remove(stop) {
  put(stop.line, rewordSpan(lines[stop.line], stop.start, stop.end, ""), stop);
}

/** The place is right as it stands; of a proposal, what is proposed. */
export function accept(stop) {
  if (stop.edit?.state === "proposed") return decide(stop, stop.edit.after, "accepted");
  return decide(stop, stop.text, "accepted");
}

/** The whole line is right as it stands: its words are settled, what the model only proposed is not taken. */
export function acceptLine(number) {
  const line = lines[number];
  const edits = line.edits.map((edit) => (isOpen(edit) ? { ...edit, state: edit.state === "proposed" ? "rejected" : "accepted" } : edit));
  put(number, { ...line, words: line.words.map((word) => ({ ...word, settled: true })), edits }, null);
}

/** There is nothing to be read in the line: it goes. */
export function removeLine(number) {
  put(number, reword(lines[number], ""), null);
}

/** The model is wrong here: what was read comes back, or stays. */
export function reject(stop) {
  return decide(stop, stop.edit.before, "rejected");
}

/** Take a choice of `choicesAt`. */
export function take(stop, choice) {
  put(stop.line, rewordSpan(lines[stop.line], choice.start, choice.end, choice.text), stop);
}

function decide(stop, wording, state) {
  let line = lines[stop.line];
  if (wording !== stop.text) line = rewordSpan(line, stop.start, stop.end, wording);
  const end = stop.start + wording.length;
  const words = line.words.map((word) => (covers({ start: stop.start, end }, word) ? { ...word, settled: true } : word));
  const edits = line.edits.map((edit) => (edit.id === stop.edit?.id ? { ...edit, state } : edit));
  put(stop.line, { ...line, words, edits }, stop);
}

/** Put a reworded line in its place. */
export function put(number, line, here) {
  change(number, 1, [line], { line: number, start: here?.start ?? 0 });
}

/** Begin an empty page with a blank line, which is no change yet. */
export function begin() {
  lines = [blank()];
  saved = JSON.stringify(written());
}

saved = JSON.stringify(written());
