/* Typing a line from the scan: the line is drawn large, the keys 1 to 3 judge. */

import { onKeys } from "./keys.js";
import { drawCrop } from "./review/crops.js";

const LEGIBLE = 760; // CSS pixels that a typed line of usual length needs; a narrower screen moves it

const canvas = document.getElementById("crop");
const room = Math.max(canvas.parentElement.clientWidth - 32, LEGIBLE);
const box = canvas.dataset.box.split(" ").map(Number);
drawCrop(canvas, canvas.dataset.picture, box, { width: Number(canvas.dataset.width), height: 140, widest: room });

const choose = (number) => () => document.getElementById(`choose-${number}`)?.click();
onKeys({ 1: choose(1), 2: choose(2), 3: choose(3) });
