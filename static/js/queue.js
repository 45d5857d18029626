/* The review queue from the keyboard. */

import { moveFocus, onKeys } from "./keys.js";

const move = (steps) => () => moveFocus([...document.querySelectorAll(".queue__link")], steps);

onKeys({ j: move(1), k: move(-1), n: () => document.getElementById("take-next").click() });
