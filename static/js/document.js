/* One document from the keyboard. */

import { moveFocus, onKeys } from "./keys.js";

const move = (steps) => () => moveFocus([...document.querySelectorAll(".leaf__link")], steps);

onKeys({ j: move(1), k: move(-1), r: () => document.getElementById("review")?.click() });
