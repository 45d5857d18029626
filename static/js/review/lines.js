/* The lines of the text: reading them, editing them in place, adding and emptying them. */

const form = document.getElementById("text");
const list = document.getElementById("lines");
const canChange = "canChange" in form.dataset;
let atStart = "";

export const rows = () => [...list.children];
export const rowOf = (element) => element?.closest?.("#lines > .line") ?? null;
export const rowNumbered = (number) => list.querySelector(`[data-number="${number}"]`);
export const isDirty = () => rows().some(isChanged);

const fieldOf = (row) => row.querySelector("textarea");
const textOf = (row) => row.querySelector(".line__text");
const sourceOf = (row) => row.querySelector("[name=source]");
const isChanged = (row) => fieldOf(row).value !== fieldOf(row).defaultValue;

/** Return what is written now: [{source, text}] in order. */
export function written() {
  return rows().map((row) => ({ source: sourceOf(row).value, text: fieldOf(row).value }));
}

/** Put written lines in the place of those shown; `isSameVersion` when their sources are the lines shown here. */
export function rewrite(lines, isSameVersion) {
  const made = lines.map((line) => {
    const row = (isSameVersion && line.source !== "" && rowNumbered(line.source)) || newRow(line.source);
    fieldOf(row).value = line.text;
    show(row);
    return row;
  });
  list.replaceChildren(...made);
}

function newRow(source) {
  const row = document.getElementById("new-line").content.firstElementChild.cloneNode(true);
  sourceOf(row).value = source;
  return row;
}

/** Show the row's wording as it stands in its field, and whether it is changed. Marks go with the first change. */
function show(row) {
  const field = fieldOf(row);
  const isEmptied = isChanged(row) && field.value.trim() === "";
  if (plainText(row) !== field.value) textOf(row).textContent = field.value;
  if (isEmptied) textOf(row).textContent = list.dataset.emptied;
  row.classList.toggle("line--emptied", isEmptied);
  row.classList.toggle("is-changed", isChanged(row));
  announce();
}

function plainText(row) {
  const copy = textOf(row).cloneNode(true);
  copy.querySelectorAll(".sr-only, .edit__says").forEach((hidden) => hidden.remove());
  return copy.textContent;
}

/** Open the row for typing. */
export function edit(row) {
  if (!row || !canChange) return;
  const field = fieldOf(row);
  atStart = field.value;
  row.classList.add("is-editing");
  grow(field);
  field.focus();
  field.setSelectionRange(atStart.length, atStart.length);
}

function close(row) {
  row.classList.remove("is-editing");
  const isBlankNew = fieldOf(row).value === "" && sourceOf(row).value === "";
  if (!isBlankNew || rows().length === 1) return show(row);
  row.remove();
  announce();
}

function announce() {
  list.dispatchEvent(new Event("lines:changed"));
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function addBelow(row) {
  const added = newRow("");
  row.after(added);
  edit(added);
}

/** Focus the row `steps` further than the one that has the focus. */
export function move(steps) {
  const all = rows();
  const here = all.indexOf(rowOf(document.activeElement) ?? list.querySelector("[tabindex='0'].line"));
  const isFirst = rowOf(document.activeElement) === null;
  all[isFirst ? Math.max(here, 0) : Math.min(Math.max(here + steps, 0), all.length - 1)]?.focus();
}

/** Turn one change of the model around: the mark shows its other wording, and the line is changed. */
export function turnAround(mark) {
  if (!mark || !canChange) return;
  const row = rowOf(mark);
  const { text, other } = mark.dataset;
  const says = mark.querySelector(".edit__says");
  says.textContent = text;
  mark.replaceChildren(other, says);
  Object.assign(mark.dataset, { text: other, other: text });
  mark.classList.toggle("edit--gone", other === "");
  mark.classList.remove("edit--proposed");
  fieldOf(row).value = plainText(row);
  show(row);
}

const KEYS = {
  Enter(row) {
    const next = row.nextElementSibling;
    if (next) edit(next);
    else row.focus();
  },
  Escape(row) {
    fieldOf(row).value = atStart;
    const neighbour = row.previousElementSibling ?? row.nextElementSibling;
    row.focus();
    if (!row.isConnected) neighbour?.focus();
  },
  "Ctrl+Enter": addBelow,
};

list.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!event.target.matches("textarea") || event.isComposing) return;
  const command = KEYS[(event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key];
  if (!command) return;
  event.preventDefault();
  command(row);
});

list.addEventListener("input", (event) => {
  // A line is one line: what is pasted with breaks is joined.
  if (event.target.value.includes("\n")) event.target.value = event.target.value.replace(/\s*\n\s*/g, " ");
  grow(event.target);
  show(rowOf(event.target));
});

list.addEventListener("focusin", (event) => {
  for (const row of rows()) row.tabIndex = row === rowOf(event.target) ? 0 : -1;
});

list.addEventListener("focusout", (event) => {
  if (event.target.matches("textarea")) close(rowOf(event.target));
});

list.addEventListener("click", (event) => {
  if (event.target.closest(".edit, textarea") || String(getSelection())) return;
  edit(rowOf(event.target));
});

if (list.firstElementChild) list.firstElementChild.tabIndex = 0;
