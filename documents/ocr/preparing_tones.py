"""Steps of preparation that change grey levels and leave every point where it is. Pictures are arrays of 0 to 255."""

from __future__ import annotations

import cv2
import numpy as np

from .preparing_measures import ink_and_paper, letter_height, middle, paper_of, small_copy

DARK_SHARE = 0.65
"""A page is white on black when so much of its middle is dark; a dark photograph seldom fills a page of text."""

CLEAR = 40
"""Grey levels between the dark and the light part of a page that is written on: of 78 turned round, one has less."""

SPECK, SPECKS = 60, 0.002
"""A speck differs from its neighbours, which are alike, by so many grey levels; from this part of the pixels on they
are noise."""

BLANK, FAINT = 8, 70
"""Grey levels between ink and paper below which there is only a scanner's grain, and below which a page is faded."""

UNEVEN = 70
"""Grey levels between the lightest and the darkest paper from which a page is unevenly lit."""

REVERSE = 0.6
"""Faint ink apart from the strong, as a part of the strong, from which the reverse shows through: real pages have 0.0
to 0.54, but for one; with their own mirror image behind them most have 0.7 to 1.1."""

CLEAR_INK, LARGE_LETTERS = 100, 13
"""Grey levels between paper and ink, and pixels of a letter's height, from which that is told: the letters of a page
with fewer pixels are grey themselves."""


def is_inverted(pixels: np.ndarray) -> bool:
    """Whether the page is white on black."""
    inner = middle(small_copy(pixels))
    level, _ = cv2.threshold(inner, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = inner <= level
    if not dark.any() or dark.all() or dark.mean() < DARK_SHARE:
        return False
    return float(inner[~dark].mean() - inner[dark].mean()) > CLEAR


def inverted(pixels: np.ndarray) -> np.ndarray:
    """Return the negative."""
    return 255 - pixels


def is_speckled(pixels: np.ndarray) -> bool:
    """Whether single pixels of another grey are strewn over the page."""
    inner = middle(pixels)
    calm = cv2.medianBlur(inner, 3)
    odd = (cv2.absdiff(inner, calm) > SPECK).astype(np.uint8)
    alone = cv2.boxFilter(odd, cv2.CV_16U, (3, 3), normalize=False) == 1
    kernel = np.ones((3, 3), np.uint8)
    even = cv2.subtract(cv2.dilate(calm, kernel), cv2.erode(calm, kernel)) < SPECK // 2
    return float((odd.astype(bool) & alone & even).mean()) > SPECKS


def despeckled(pixels: np.ndarray) -> np.ndarray:
    """Return each pixel as the median of its 3 x 3 neighbourhood."""
    return cv2.medianBlur(pixels, 3)


def is_faded(pixels: np.ndarray) -> bool:
    """Whether ink and paper are nearly alike; a page without any ink is not faded but blank."""
    ink, paper = ink_and_paper(pixels)
    return BLANK < paper - ink < FAINT


def with_full_contrast(pixels: np.ndarray) -> np.ndarray:
    """Return the page with its ink black and its paper white."""
    ink, paper = ink_and_paper(pixels)
    stretched = (pixels.astype(np.float32) - ink) * (255 / max(1.0, paper - ink))
    return stretched.clip(0, 255).astype(np.uint8)


def is_uneven(pixels: np.ndarray) -> bool:
    """Whether a shadow or the fold of a book lies over the paper."""
    low, high = np.percentile(middle(paper_of(pixels)), (2, 98))
    return float(high - low) > UNEVEN


def evenly_lit(pixels: np.ndarray) -> np.ndarray:
    """Return the page with its paper equally light everywhere."""
    rows, columns = pixels.shape
    paper = cv2.resize(paper_of(pixels), (columns, rows), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(pixels, paper, scale=255)


def locally_contrasted(pixels: np.ndarray) -> np.ndarray:
    """Return the page with its contrast evened out in tiles (CLAHE: Zuiderveld, 1994)."""
    return cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(pixels)


def shows_through(pixels: np.ndarray) -> bool:
    """Whether the reverse of the sheet shines through: much faint ink that stands apart from the strong.

    Of pages with small letters, or with little contrast, it does not tell.
    """
    ink, paper = ink_and_paper(pixels)
    if paper - ink < CLEAR_INK or letter_height(pixels) < LARGE_LETTERS:
        return False
    inner = middle(cv2.medianBlur(evenly_lit(pixels), 3))
    ink, paper = ink_and_paper(inner)
    strong = (inner < paper - 0.6 * (paper - ink)).astype(np.uint8)
    faint = inner < paper - 0.15 * (paper - ink)
    apart = cv2.dilate(strong, np.ones((9, 9), np.uint8)) == 0  # the edges of letters are faint as well
    return float((faint & apart).sum()) > REVERSE * float(strong.sum())


def without_reverse(pixels: np.ndarray) -> np.ndarray:
    """Return the page with all that is fainter than four tenths of its ink taken for paper."""
    level = evenly_lit(pixels)
    ink, paper = ink_and_paper(level)
    kept = cv2.dilate((level < paper - 0.4 * (paper - ink)).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(kept > 0, pixels, np.uint8(ink_and_paper(pixels)[1])).astype(np.uint8)


def binarised(pixels: np.ndarray) -> np.ndarray:
    """Return the page in black and white, by a threshold for each place (Sauvola and Pietikäinen, 2000; k 0.2)."""
    grey = pixels.astype(np.float32)
    mean = cv2.boxFilter(grey, -1, (41, 41))
    deviation = np.sqrt(np.maximum(cv2.boxFilter(grey * grey, -1, (41, 41)) - mean * mean, 0))
    return np.where(grey > mean * (1 + 0.2 * (deviation / 128 - 1)), 255, 0).astype(np.uint8)
