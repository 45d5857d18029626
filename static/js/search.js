/* The results from the keyboard. */

import { moveFocus, onKeys } from "./keys.js";

const move = (steps) => () => moveFocus([...document.querySelectorAll(".hit__link")], steps);

onKeys({ j: move(1), ArrowDown: move(1), k: move(-1), ArrowUp: move(-1) });
