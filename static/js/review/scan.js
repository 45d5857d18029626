/* The scan: zoom, drag, and the light on the line that is being read. */

const view = document.getElementById("scan");
const sheet = document.getElementById("sheet");
const lit = document.getElementById("lit");
const STEP = 1.25;
const WIDEST = 8;
let zoom = 1;

/** Zoom "in", "out" or to "fit" the width; the middle of what is seen stays in the middle. */
export function zoomTo(direction) {
  if (!view) return;
  const before = zoom;
  zoom = { in: zoom * STEP, out: zoom / STEP, fit: 1 }[direction];
  zoom = Math.min(Math.max(zoom, 0.25), WIDEST);
  const [x, y] = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
  sheet.style.width = `${zoom * 100}%`;
  view.scrollTo((x * zoom) / before - view.clientWidth / 2, (y * zoom) / before - view.clientHeight / 2);
}

/** Light the box "left top right bottom" in pixels of the picture, or nothing; `reveal` scrolls it into view. */
export function light(box, reveal) {
  if (!view) return;
  const [left, top, right, bottom] = (box || "").split(" ").map(Number);
  lit.setAttribute("d", box ? `M${left} ${top}H${right}V${bottom}H${left}Z` : "");
  if (box && reveal) revealPart(lit);
}

function revealPart(part) {
  const [there, here] = [part.getBoundingClientRect(), view.getBoundingClientRect()];
  const isInside = there.top >= here.top && there.bottom <= here.bottom && there.left >= here.left && there.right <= here.right;
  if (isInside) return;
  const down = there.top + there.height / 2 - here.top - here.height / 2;
  const across = there.width > here.width ? there.left - here.left - 16 : there.left + there.width / 2 - here.left - here.width / 2;
  view.scrollBy({ left: across, top: down, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Call back with the number of the line whose box is hovered ("over"), left ("out") or clicked ("click"). */
export function onBox(callback) {
  for (const box of document.querySelectorAll(".box[data-line]")) {
    box.addEventListener("mouseenter", () => callback("over", box.dataset.line));
    box.addEventListener("mouseleave", () => callback("out", box.dataset.line));
    box.addEventListener("click", () => callback("click", box.dataset.line));
  }
}

function drag(event) {
  if (event.buttons !== 1 || event.pointerType !== "mouse") return;
  view.scrollBy(-event.movementX, -event.movementY);
}

if (view) {
  view.addEventListener("pointermove", drag);
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomTo(event.deltaY < 0 ? "in" : "out");
  }, { passive: false });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoomTo(button.dataset.zoom));
  }
  const hit = document.querySelector(".box--hit");
  if (hit) revealPart(hit);
}
