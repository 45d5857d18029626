/* The evidence for one place: its scan, before and after, the other readings, how sure, and why. */

import { drawCrop } from "./crops.js";
import * as text from "./text.js";

const card = document.getElementById("evidence");
const desk = JSON.parse(document.getElementById("desk").textContent);
const picture = document.getElementById("scan")?.dataset.picture;
const say = card?.dataset;
const part = (name) => document.getElementById(`evidence-${name}`);
const percent = (sure) => `${Math.round(sure * 100)} ${say.saySure}`;

/** Show the evidence for a place, or that nothing is chosen (null). */
export function show(stop, left) {
  if (!card) return;
  card.classList.toggle("evidence--idle", !stop);
  part("left").textContent = left ? `${left} ${say.sayLeft}` : say.sayNone;
  if (!stop) return part("what").replaceChildren();
  const isOpen = stop.edit ? text.isOpen(stop.edit) : stop.words.some(text.isDoubtful);
  part("what").textContent = nameOf(stop, isOpen);
  part("sure").textContent = figures(stop);
  part("change").replaceChildren(...changeNodes(stop));
  part("rule").textContent = stop.edit ? desk.rules[stop.edit.rule] ?? stop.edit.rule : rawNote(stop);
  part("choices").replaceChildren(...text.choicesAt(stop).map(choiceNode));
  name("accept", acceptName(stop));
  name("reject", rejectName(stop));
  card.querySelector("[data-do=reject]").hidden = !stop.edit; // to reject a doubtful word is to edit it
  crop(stop);
}

function nameOf(stop, isOpen) {
  if (!isOpen) return stop.words.every((word) => word.settled) ? say.saySettled : say.sayPlain;
  if (!stop.edit) return say.sayWord;
  return stop.edit.state === "proposed" ? say.sayProposed : say.sayApplied;
}

function figures(stop) {
  const sure = Math.min(...stop.words.map((word) => word.sure ?? 1));
  const found = stop.words.some((word) => word.sure !== null) ? [percent(sure)] : [];
  if (stop.edit?.margin != null) found.push(`${say.sayOdds} ${stop.edit.margin.toFixed(1)}`);
  return found.join(" · ");
}

function changeNodes(stop) {
  if (!stop.edit) return [mark("evidence__now", stop.text)];
  const [old, fresh] = [mark("evidence__before", stop.edit.before || say.sayNothing), mark("evidence__after", stop.edit.after || say.sayNothing)];
  return [old, " → ", fresh];
}

function mark(className, wording) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = wording;
  return node;
}

function rawNote(stop) {
  const { raw, text: now } = text.lineAt(stop.line);
  return raw && raw !== now ? `${say.sayRead}: ${raw}` : "";
}

function acceptName(stop) {
  if (stop.edit?.state === "proposed") return say.sayTake;
  return stop.edit ? say.sayKeep : say.sayRight;
}

function rejectName(stop) {
  return stop.edit && stop.text === stop.edit.after ? say.sayBack : say.sayLeave;
}

function name(action, words) {
  card.querySelector(`[data-do=${action}] span`).textContent = words;
}

function choiceNode(choice, number) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choice-button";
  button.dataset.choice = number + 1;
  const key = document.createElement("kbd");
  key.textContent = number + 1;
  key.setAttribute("aria-hidden", "true");
  button.append(key, mark("choice-button__text", choice.text || say.sayNothing));
  if (choice.engine && choice.engine !== "words") button.append(mark("small muted", choice.engine));
  row.append(button);
  return row;
}

function crop(stop) {
  const line = text.lineAt(stop.line);
  const boxes = stop.words.map((word) => word.box).filter(Boolean);
  const box = boxes.length ? [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((one) => one[side]))) : line.box;
  const canvas = part("crop");
  canvas.hidden = !box || !picture;
  if (!canvas.hidden) drawCrop(canvas, picture, box, { width: desk.size[0], height: 100, widest: 200 });
}

/** Call back with "accept", "reject", "edit", "skip" or the number of a choice, when a button is pressed. */
export function onAction(callback) {
  card?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-choice]");
    if (button) callback(button.dataset.do ?? Number(button.dataset.choice));
  });
}

/** Offer to mend the same misreading elsewhere, or take the offer back (null). */
export function offer(words) {
  if (!card) return;
  document.getElementById("offer").hidden = !words;
  if (words) document.getElementById("offer-words").textContent = words;
}
