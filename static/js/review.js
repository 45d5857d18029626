/* The review desk: joins scan, lines, draft and keys. */

import { onKeys } from "./keys.js";
import * as draft from "./review/draft.js";
import * as lines from "./review/lines.js";
import * as scan from "./review/scan.js";

const form = document.getElementById("text");
const list = document.getElementById("lines");
const raw = document.getElementById("raw");
const unsaved = document.getElementById("unsaved");
let isSending = false;

/* Line and box light each other. */

for (const area of [list, raw]) {
  area.addEventListener("mouseover", (event) => scan.light(event.target.closest(".line")?.dataset.box, false));
  area.addEventListener("mouseleave", () => scan.light(lines.rowOf(document.activeElement)?.dataset.box, false));
  area.addEventListener("focusin", (event) => scan.light(event.target.closest(".line")?.dataset.box, true));
}

scan.onBox((what, number) => {
  const row = lines.rowNumbered(number);
  row?.classList.toggle("is-lit", what === "over");
  if (what === "click") row?.focus();
});

list.addEventListener("focusin", (event) => inspect(lines.rowOf(event.target)));

/** Show below the text how the line was read and how sure the OCR was. */
function inspect(row) {
  const inspector = document.getElementById("inspector");
  if (!inspector) return;
  const { raw: read, others, confidence } = row.dataset;
  inspector.querySelector(".inspector__rest").hidden = Boolean(read || confidence);
  inspector.querySelector(".inspector__line").hidden = !read;
  inspector.querySelector(".inspector__others").hidden = !others;
  inspector.querySelector(".inspector__sure").hidden = !confidence;
  document.getElementById("inspector-raw").textContent = read ?? "";
  document.getElementById("inspector-others").textContent = others ?? "";
  document.getElementById("inspector-sure").textContent = confidence ? Math.round(confidence * 100) : "";
}

/* Unsaved changes. */

list.addEventListener("lines:changed", () => {
  const isDirty = lines.isDirty();
  unsaved.textContent = isDirty ? unsaved.dataset.words : "";
  draft.keep(isDirty ? lines.written() : null);
});

form.addEventListener("submit", () => {
  isSending = true;
  draft.markSent();
});

window.addEventListener("pageshow", () => { isSending = false; });
window.addEventListener("beforeunload", (event) => {
  if (lines.isDirty() && !isSending) event.preventDefault();
});

// The page must not be renewed under the hands of somebody who is typing.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "watch" && (lines.isDirty() || list.querySelector(".is-editing"))) event.preventDefault();
});

function offerDraft() {
  const left = draft.find();
  const notice = document.getElementById("draft");
  if (!left) return;
  notice.hidden = false;
  document.getElementById("draft-take").addEventListener("click", () => {
    notice.hidden = true;
    const isSameVersion = left.version === form.elements.based_on.value;
    // An older draft is saved as what it is, so that the server shows both texts side by side.
    form.elements.based_on.value = left.version;
    lines.rewrite(left.lines, isSameVersion);
  });
  document.getElementById("draft-drop").addEventListener("click", () => {
    notice.hidden = true;
    draft.forget();
  });
}

/* Keys. */

/** Move between the lines; while the scan has the focus the arrow keys move the scan. */
function move(event, steps) {
  if (event.target.id === "scan") return false;
  return lines.move(steps);
}

const press = (id) => () => document.getElementById(id)?.click();

document.getElementById("raw-toggle")?.addEventListener("click", toggleRaw);

function toggleRaw() {
  raw.hidden = !raw.hidden;
  form.hidden = !raw.hidden;
  document.getElementById("raw-toggle")?.setAttribute("aria-pressed", String(form.hidden));
  scan.light(null);
}

onKeys({
  j: () => lines.move(1), ArrowDown: (event) => move(event, 1), k: () => lines.move(-1), ArrowUp: (event) => move(event, -1),
  e: () => lines.edit(lines.rowOf(document.activeElement)),
  x: () => lines.turnAround(document.activeElement.closest(".edit")),
  r: press("raw-toggle"), a: press("approve"), n: press("next"), p: press("previous"),
  "+": () => scan.zoomTo("in"), "=": () => scan.zoomTo("in"), "-": () => scan.zoomTo("out"), 0: () => scan.zoomTo("fit"),
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const isCommand = event.ctrlKey || event.metaKey;
  const isLine = event.target.matches(".line, .edit");
  if (isCommand && event.key === "s") commit(event, "save");
  else if (isCommand && event.key === "Enter") commit(event, "approve");
  else if (event.key === "Enter" && isLine) {
    event.preventDefault();
    lines.edit(lines.rowOf(event.target));
  }
});

function commit(event, id) {
  event.preventDefault();
  document.getElementById(id)?.click();
}

offerDraft();
form.dataset.ready = ""; // from here on the keys and clicks are heard
