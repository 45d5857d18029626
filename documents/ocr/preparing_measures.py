"""What a page's picture tells about itself: its ink, its paper, its letters. Pictures are arrays of 0 to 255."""

from __future__ import annotations

import cv2
import numpy as np

SMALL_SIDE = 1000
"""Pixels of the longer side of the copy that most detectors look at: letters vanish, paper and ink remain."""


def small_copy(pixels: np.ndarray, side: int = SMALL_SIDE) -> np.ndarray:
    """Return the picture scaled down to that many pixels of its longer side; a smaller one as it is."""
    factor = side / max(pixels.shape)
    return pixels if factor >= 1 else cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def middle(pixels: np.ndarray) -> np.ndarray:
    """Return the picture without a tenth on each side, where borders are."""
    rows, columns = pixels.shape
    return pixels[rows // 10 : rows - rows // 10, columns // 10 : columns - columns // 10]


def ink_and_paper(pixels: np.ndarray) -> tuple[float, float]:
    """Return the grey levels of ink and paper: the darkest hundredth, and the median."""
    inner = middle(pixels)[::2, ::2]
    ink, paper = np.percentile(inner, (1, 50))
    return float(ink), float(paper)


def paper_of(pixels: np.ndarray) -> np.ndarray:
    """Return the paper without its ink, scaled down eightfold."""
    small = cv2.resize(pixels, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    return cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)


def letter_height(pixels: np.ndarray) -> float:
    """Return the height in pixels of the letters that hold half of the page's ink; 0.0 where there are hardly any."""
    size = 31 if min(pixels.shape) > 31 else 3
    ink = cv2.adaptiveThreshold(pixels, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, 15)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height, area = (stats[1:, n] for n in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    letters = (height > 2) & (height < pixels.shape[0] / 20) & (width < 3 * height) & (height < 5 * width) & (area > 5)
    if letters.sum() <= 30:
        return 0.0
    order = np.argsort(height[letters])
    ink_so_far = np.cumsum(area[letters][order])  # by ink and not by number: a page has more specks than letters
    return float(height[letters][order][np.searchsorted(ink_so_far, ink_so_far[-1] / 2)])
