/* Arranging pages: by keys, by dragging, or by the buttons alone. */

import { moveFocus, onKeys } from "./keys.js";

const form = document.getElementById("arrange");
const table = document.getElementById("table");
const ticked = document.getElementById("ticked");
const ticks = () => [...table.querySelectorAll(".sheetlet__tick")];

function count() {
  if (!ticked) return;
  const number = ticks().filter((tick) => tick.checked).length;
  ticked.textContent = number ? ticked.dataset.some.replace("%s", number) : ticked.dataset.none;
}

/** The order has changed on the screen: offer to save it. */
function changed() {
  form.elements.order.value = [...table.children].map((sheet) => sheet.dataset.page).join(",");
  document.getElementById("save-order").hidden = false;
}

const press = (action) => () => form.querySelector(`button[value="${action}"]`)?.click();

/** Move the page that has the focus by one place. */
const shift = (steps) => () => {
  const sheet = document.activeElement.closest(".sheetlet");
  const goal = steps > 0 ? sheet?.nextElementSibling : sheet?.previousElementSibling;
  if (!goal || !ticked) return;
  const focus = document.activeElement;
  if (steps > 0) goal.after(sheet);
  else goal.before(sheet);
  focus.focus();
  changed();
};

// A tick box is a field, to which keys belong otherwise; here it is how a page is pointed at.
const COMMANDS = {
  j: () => moveFocus(ticks(), 1), k: () => moveFocus(ticks(), -1), J: shift(1), K: shift(-1),
  "[": press("left"), "]": press("right"), Delete: press("remove"),
};
onKeys(COMMANDS);
table.addEventListener("keydown", (event) => {
  const command = event.target.matches(".sheetlet__tick") && COMMANDS[event.key];
  if (!command || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  command();
});

let carried = null;
const sheetAt = (event) => event.target.closest(".sheetlet");
table.addEventListener("dragstart", (event) => {
  carried = sheetAt(event);
  carried?.classList.add("is-carried");
});
table.addEventListener("dragover", (event) => {
  const goal = sheetAt(event);
  for (const sheet of table.children) sheet.classList.toggle("is-goal", sheet === goal && goal !== carried);
  if (carried && goal) event.preventDefault();
});
table.addEventListener("drop", (event) => {
  const goal = sheetAt(event);
  event.preventDefault();
  if (!carried || !goal || goal === carried) return;
  goal.before(carried);
  changed();
});
table.addEventListener("dragend", () => {
  for (const sheet of table.children) sheet.classList.remove("is-carried", "is-goal");
  carried = null;
});

form.addEventListener("change", count);
count();
