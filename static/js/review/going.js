/* Going from place to place on the page: the one that is looked at has the focus, its scan is lit, its evidence shown. */

import * as evidence from "./evidence.js";
import * as lines from "./lines.js";
import * as scan from "./scan.js";
import * as text from "./text.js";
import * as dictionary from "./words.js";

const list = document.getElementById("lines");

/** The place that is looked at, or null. */
export let here = null;

/** Look at a place: its word has the focus, its scan is lit, its evidence shown. */
export function lookAt(place, { isFollowing = true } = {}) {
  if (place?.line !== here?.line || place?.start !== here?.start) dictionary.hush();
  here = place;
  const node = place && lines.nodeAt(place);
  for (const marked of list.querySelectorAll(".is-here")) marked.classList.remove("is-here");
  if (node) {
    node.classList.add("is-here");
    node.tabIndex = 0;
    node.focus({ preventScroll: true });
    lines.rowOf(node).scrollIntoView({ block: "nearest" });
  }
  scan.light(place, isFollowing);
  evidence.show(place, text.stops().length);
}

/** Show the evidence anew, for the place as it is now: its line may have been changed since it was looked at. */
export function lookAnew() {
  here = here && text.lineAt(here.line) ? text.stopAt(here.line, here.start, here.end) : null;
  evidence.show(here, text.stops().length);
}

/** Go on to the next place that needs somebody, round past the end; when none is left, to the approving. */
export function goOn(steps = 1, from = here) {
  const stops = text.stops();
  if (stops.length === 0) return finish();
  const isAfter = (stop) => !from || stop.line > from.line || (stop.line === from.line && stop.start > from.start);
  const isBefore = (stop) => !from || stop.line < from.line || (stop.line === from.line && stop.start < from.start);
  if (steps > 0) lookAt(stops.find(isAfter) ?? stops[0]);
  else lookAt(stops.findLast(isBefore) ?? stops.at(-1));
}

function finish() {
  lookAt(null);
  document.getElementById("approve")?.focus();
}

/** Look at the word `steps` further in the text. */
export function moveWord(steps) {
  const words = text.all().flatMap((line, number) => line.words.map((word) => ({ line: number, start: word.start, end: word.end })));
  const at = here ? words.findIndex((word) => word.line === here.line && word.start >= here.start) : -1;
  const next = words[Math.min(Math.max((at < 0 && steps < 0 ? words.length : at) + steps, 0), words.length - 1)];
  if (next) lookAt(whole(text.stopAt(next.line, next.start, next.end)));
}

/** Return the place widened to the change that covers it, if one does. */
export function whole(place) {
  const edit = text.lineAt(place.line).edits.find((one) => one.start >= 0 && one.start < place.end && place.start < one.end);
  return edit ? text.stopAt(place.line, edit.start, edit.end) : place;
}

/** Look at the first word of the line `steps` further. */
export function moveLine(steps) {
  const last = text.all().length - 1;
  const line = here ? Math.min(Math.max(here.line + steps, 0), last) : 0;
  const word = text.lineAt(line)?.words[0];
  if (text.lineAt(line)) lookAt(whole(text.stopAt(line, word?.start ?? 0, word?.end ?? 0)));
  if (!word) lines.rows()[line]?.focus();
}

/** Look at the place where something was undone. */
export function backTo({ line, start }) {
  const spot = [...text.stopsOf(text.lineAt(line) ?? text.lineAt(0), line), ...text.lineAt(line)?.words ?? []].find((one) => one.start === start);
  lookAt(spot ? whole(text.stopAt(line, spot.start, spot.end)) : null);
}
