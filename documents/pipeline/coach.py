"""The scan coach: what is wrong with a page while the paper is still on the desk. A leaf.

Each finding is a code; the sentences stand where people read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from rapidfuzz import fuzz

from documents.ocr.base import Line

BLURRED, SMALL, BLANK, CUT, TINY, REPEATED = "blurred", "small", "blank", "cut", "tiny", "repeated"

STEEPNESS = 0.25
"""How much of the page's contrast its sharpest edges (half a percent of the pixels) cross in one pixel. 66 real scans
have 0.35 and more; blurred by a five-hundredth of their height they have 0.11 to 0.38 (measured 2026-11-20)."""
SMALL_SIDE = 800
"""Pixels of the longer side: a typed A4 page with less has letters of under 7 pixels."""
CONTRAST = 25
"""Grey levels between the darkest and the lightest spots of a page with nothing on it, paper grain included."""
TINY_LINE = 11
"""Pixels of a line's height below which the engines' errors multiply; they are made for 30."""
CUT_LINES = 3
"""One line at the edge may be a stamp or a neighbour page's end; three are a cut text."""
SAME = 92.0
"""Likeness in percent of two readings of the same page; neighbouring pages of a form have up to 80."""
SAME_CHARACTERS = 120


def look_at(picture: Path) -> list[str]:
    """Return what is wrong with the drawn page itself: blurred, small, blank. Raises ValueError for no picture."""
    pixels = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise ValueError(f"{picture} is no picture")
    # The median takes single specks away, so that even a few dozen dark pixels are writing: one short word.
    darkest, lightest = np.percentile(cv2.medianBlur(pixels[::2, ::2], 3), (0.003, 99.997))
    if lightest - darkest < CONTRAST:
        return [BLANK]
    found = []
    if max(pixels.shape) < SMALL_SIDE:
        found.append(SMALL)
    if _is_blurred(pixels):
        found.append(BLURRED)
    return found


def _is_blurred(pixels: np.ndarray) -> bool:
    """Return whether the edges are soft: the 99.5th percentile of the gradient per pixel as a share of the contrast."""
    middle = pixels[pixels.shape[0] // 8 : -pixels.shape[0] // 8, pixels.shape[1] // 8 : -pixels.shape[1] // 8]
    grey = middle.astype(np.float32)
    # Sobel's 3 x 3 kernel weighs a step of one grey level with 4.
    gradient = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 4
    low, high = np.percentile(grey[::2, ::2], (1, 99))
    if high - low < CONTRAST:
        return False  # a line or two on an empty page: too little ink to judge by
    return float(np.percentile(gradient, 99.5) / (high - low)) < STEEPNESS


def judge_lines(lines: Sequence[Line], width: int) -> list[str]:
    """Return what the reading says about the scan: cut at an edge, letters too small. `width` in pixels."""
    found = []
    at_edge = sum(line.box[0] <= 1 or line.box[2] >= width - 1 for line in lines if len(line.text) > 5)
    if at_edge >= CUT_LINES:
        found.append(CUT)
    heights = sorted(line.box[3] - line.box[1] for line in lines)
    if heights and heights[len(heights) // 2] < TINY_LINE:
        found.append(TINY)
    return found


def is_repeated(text: str, neighbours: Sequence[str]) -> bool:
    """Return whether a page's text is that of one of its neighbours: the same sheet scanned twice."""
    if len(text) < SAME_CHARACTERS:
        return False
    return any(fuzz.ratio(text, other, score_cutoff=SAME) >= SAME for other in neighbours)
