/* The library from the keyboard. The links keep their ids, so that the focus survives the renewal of the rows. */

import { moveFocus, onKeys } from "./keys.js";

const move = (steps) => () => moveFocus([...document.querySelectorAll(".shelf__title a")], steps);

onKeys({ j: move(1), ArrowDown: move(1), k: move(-1), ArrowUp: move(-1) });
