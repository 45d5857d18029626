/* Single keys as commands, never while somebody types. */

const FIELDS = "input, textarea, select, [contenteditable]";

/** True when the event comes from a field, or a dialog is open: keys belong to them then. */
export function isTyping(event) {
  return event.target.closest(FIELDS) !== null || document.querySelector("dialog[open]") !== null;
}

/** Run commands[event.key] for keys pressed outside of fields, without Ctrl, Alt or Meta. A command that answers
 * false leaves the key to the browser. */
export function onKeys(commands) {
  document.addEventListener("keydown", (event) => {
    const command = commands[event.key];
    if (!command || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return;
    if (command(event) !== false) event.preventDefault();
  });
}

/** Focus the element `steps` further than the focused one in `elements`; the first one when none has the focus. */
export function moveFocus(elements, steps) {
  const here = elements.indexOf(elements.find((element) => element.contains(document.activeElement)));
  const next = here < 0 ? 0 : Math.min(Math.max(here + steps, 0), elements.length - 1);
  elements[next]?.focus();
}
