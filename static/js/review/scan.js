/* The scan: deep zoom, pan and turn, and the light on the word, line or block that is being read. */

import * as text from "./text.js";

const view = document.getElementById("scan");
const overlay = document.getElementById("overlay");
const [lit, litLine, outlines] = ["lit", "lit-line", "outlines"].map((id) => document.getElementById(id));
const desk = JSON.parse(document.getElementById("desk").textContent);
const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const STEP = 1.4;
const ROOM = 0.08; // of the view, kept free around what is read
let viewer = null;
let unit = "word";
let hasOutlines = false;
let waiting = null;
let fitted = view?.clientWidth ?? 0;
const pointed = [];

const path = ([left, top, right, bottom]) => `M${left} ${top}H${right}V${bottom}H${left}Z`;
const draw = (boxes) => boxes.filter(Boolean).map(path).join("");

/** Call back with {line, word} when the pointer comes over a word on the scan ("over") or presses it ("press"). */
export function onWord(callback) {
  pointed.push(callback);
}

function open() {
  // OpenSeadragon would write a style element, which the site's security policy forbids, unless it finds one. This is
  // one by name only; what it would say stands in review.css.
  const stylish = document.createElementNS(null, "style");
  stylish.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(stylish);
  viewer = window.OpenSeadragon({
    element: view, tileSources: { type: "image", url: view.dataset.picture }, drawer: "canvas",
    showNavigationControl: false, animationTime: isCalm ? 0 : 0.35, springStiffness: 10, visibilityRatio: 1,
    minZoomImageRatio: 0.9, maxZoomPixelRatio: 4, gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { dblClickToZoom: true }, keyboardNavEnabled: false,
  });
  viewer.addHandler("open", () => {
    const shape = viewer.world.getItemAt(0).getBounds();
    viewer.addOverlay({ element: overlay, location: shape });
    fitWidth(true);
    view.dataset.ready = "";
    // In the next frame: OpenSeadragon has its own idea of what to show after a change of size.
    viewer.addHandler("after-resize", () => requestAnimationFrame(refit));
    if (waiting) reveal(waiting);
    else if (desk.hits.length) reveal(desk.hits[0]);
  });
  viewer.addHandler("open-failed", () => { document.getElementById("scan-missing").hidden = false; });
  viewer.addHandler("canvas-key", (event) => { event.preventDefaultAction = true; });
  viewer.addHandler("canvas-click", (event) => { if (event.quick) point("press", event.position); });
  new window.OpenSeadragon.MouseTracker({ element: view, moveHandler: (event) => point("over", event.position) });
}

function fitWidth(isAtOnce) {
  const shape = viewer.world.getItemAt(0).getBounds();
  const seen = viewer.viewport.getBounds();
  const high = Math.min(shape.height, shape.width * seen.height / seen.width);
  viewer.viewport.fitBounds(new window.OpenSeadragon.Rect(shape.x, shape.y, shape.width, high), isAtOnce);
}

/* Another layout: the width is fitted again, and what is being read comes back into view. */
function refit() {
  const width = view.clientWidth;
  if (width === 0 || width === fitted) return;
  fitted = width;
  fitWidth(true);
  if (waiting) reveal(waiting);
}

const MOVES = {
  in: () => viewer.viewport.zoomBy(STEP).applyConstraints(),
  out: () => viewer.viewport.zoomBy(1 / STEP).applyConstraints(),
  width: () => fitWidth(isCalm),
  page: () => viewer.viewport.goHome(isCalm),
  left: () => turn(-90),
  right: () => turn(90),
};

function turn(degrees) {
  viewer.viewport.setRotation(viewer.viewport.getRotation() + degrees, isCalm);
}

/** Move the scan: "in", "out", "width", "page", "left" or "right". */
export function move(how) {
  if (viewer?.isOpen()) MOVES[how]();
}

/** Move the picture by a part of the view, as the arrow keys do. */
export function pan(x, y) {
  if (!viewer?.isOpen()) return;
  const seen = viewer.viewport.getBounds();
  viewer.viewport.panBy(new window.OpenSeadragon.Point(x * seen.width, y * seen.height)).applyConstraints();
}

/* Light. */

/** Light a place of the text, {line, words}, or nothing (null); `isFollowing` brings it into view. */
export function light(place, isFollowing) {
  if (!overlay) return;
  const line = place ? text.lineAt(place.line) : null;
  const words = (place?.words ?? []).map((word) => word.box).filter(Boolean);
  const box = line ? around(words) ?? line.box : null;
  const boxes = { word: words.length ? words : [line?.box], line: [line?.box], block: line ? [blockOf(line)] : [] };
  lit.setAttribute("d", line ? draw(boxes[unit]) : "");
  litLine.setAttribute("d", line && unit === "word" ? draw([line.box]) : "");
  if (box && isFollowing) reveal(box);
}

function around(boxes) {
  if (boxes.length === 0) return null;
  return [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
}

const blockOf = (line) => around(text.all().filter((other) => other.block === line.block && other.box).map((other) => other.box));

/** Bring a box, in pixels of the picture, into view. */
export function reveal(box) {
  waiting = box;
  if (!viewer?.isOpen() || view.clientWidth === 0) return;
  const scale = viewer.world.getItemAt(0).getBounds().width / desk.size[0];
  const [left, top, right, bottom] = box.map((side) => side * scale);
  const seen = viewer.viewport.getBounds(false);
  const [dx, dy] = [seen.width * ROOM, seen.height * ROOM];
  const isSeen = left >= seen.x && right <= seen.x + seen.width && top >= seen.y + dy && bottom <= seen.y + seen.height - dy;
  if (isSeen) return;
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  // What fits beside is left where it is: sideways jumps from line to line make the eye lose its place.
  if (left >= seen.x && right <= seen.x + seen.width) middle.x = seen.x + seen.width / 2;
  else if (right - left > seen.width - dx) middle.x = left - dx + seen.width / 2;
  viewer.viewport.panTo(new window.OpenSeadragon.Point(middle.x, middle.y), isCalm).applyConstraints();
}

/** Choose what is lit: "word", "line" or "block". */
export function lightUnit(chosen) {
  unit = chosen;
  drawOutlines();
}

/** Outline all words, lines or blocks, or none. Return whether they are shown now. */
export function toggleOutlines() {
  hasOutlines = !hasOutlines;
  drawOutlines();
  return hasOutlines;
}

function drawOutlines() {
  if (!overlay) return;
  const lines = text.all();
  const boxes = {
    word: () => lines.flatMap((line) => line.words.map((word) => word.box)),
    line: () => lines.map((line) => line.box),
    block: () => [...new Set(lines.map((line) => line.block))].map((block) => blockOf(lines.find((line) => line.block === block))),
  };
  outlines.setAttribute("d", hasOutlines ? draw(boxes[unit]()) : "");
}

/* The pointer on the scan. */

function point(what, position) {
  if (!viewer?.isOpen()) return;
  const item = viewer.world.getItemAt(0);
  const spot = viewer.viewport.viewerElementToViewportCoordinates(position);
  const scale = desk.size[0] / item.getBounds().width;
  const found = wordAt(spot.x * scale, spot.y * scale);
  for (const callback of pointed) callback(what, found);
}

function wordAt(x, y) {
  const isIn = (box) => box && x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
  let near = null;
  for (const [number, line] of text.all().entries()) {
    const word = line.words.find((one) => isIn(one.box));
    if (word) return text.stopAt(number, word.start, word.end);
    if (!near && isIn(line.box)) near = text.stopAt(number, 0, 0);
  }
  return near;
}

if (view) {
  open();
  for (const button of document.querySelectorAll("[data-scan]")) button.addEventListener("click", () => move(button.dataset.scan));
}
