"""Steps of preparation that cut, scale and turn. Pictures are arrays of grey levels, 0 to 255."""

from __future__ import annotations

import cv2
import numpy as np

from .preparing_measures import ink_and_paper, letter_height, small_copy

LETTER_HEIGHT = 8.5
"""Pixels of a page's letters below which it is scaled up. Six pages made so small that theirs had 6, 7 and 8 were read
with a CER of 0.099, 0.059 and 0.042; scaled by 1.5 it was 0.085, 0.049 and 0.037. Of 19 real pages with 9 to 11, as
typescripts at 100 dpi have, that raised it on ten and lowered it on eight."""

WANTED_HEIGHT, FACTOR = 12, (1.5, 2.0)
"""Pixels that letters are to have after that, and the least and the most that a picture is scaled by: with a wanted
height of 24 the CER rose."""

BORDER = (0.01, 0.35)
"""Parts of the picture that a dark border has."""

TILT = (2.5, 12.0)
"""Degrees of tilt that are set straight: below, engines do it better; above, it is no mere tilt."""

CLEARLY = 5
"""At the right angle rows stand out so many times as much as at most others: 7 to 47 times on 31 tilted pages."""


def is_low_resolution(pixels: np.ndarray) -> bool:
    """Whether the letters are too small to be read well."""
    return 0 < letter_height(pixels) < LETTER_HEIGHT


def scaled_up(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture with letters of a good height, and the map from its points to those of the one before."""
    factor = min(FACTOR[1], max(FACTOR[0], WANTED_HEIGHT / max(1.0, letter_height(pixels))))
    larger = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return larger, np.array([[1 / factor, 0, 0], [0, 1 / factor, 0]])


def border_mask(pixels: np.ndarray) -> np.ndarray:
    """Return which pixels of a small copy are dark, thick, and joined to the picture's edge."""
    small = small_copy(pixels, 800)
    ink, paper = ink_and_paper(pixels)
    dark = (small < min(90.0, paper - 0.5 * (paper - ink))).astype(np.uint8)
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    _, labels = cv2.connectedComponents(thick)
    at_edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.isin(labels, at_edge[at_edge > 0])


def has_border(pixels: np.ndarray) -> bool:
    """Whether the scanner's lid shows as a dark border; what is dark all over has none."""
    return BORDER[0] < float(border_mask(pixels).mean()) < BORDER[1]


def without_border(pixels: np.ndarray) -> np.ndarray:
    """Return the picture with the border painted in the paper's grey."""
    rows, columns = pixels.shape
    mask = cv2.dilate(border_mask(pixels).astype(np.uint8), np.ones((7, 7), np.uint8))
    whole = cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_NEAREST)
    return np.where(whole > 0, np.uint8(ink_and_paper(pixels)[1]), pixels).astype(np.uint8)


def tilt(pixels: np.ndarray) -> float:
    """Return how far the text is turned clockwise, in degrees from -12 to 12; 0.0 where it does not tell.

    At the right angle the rows of ink stand out most (Postl's projection profiles, 1986).
    """
    small = small_copy(pixels, 700)
    ink, paper = ink_and_paper(pixels)
    dark = (small < paper - 0.4 * (paper - ink)).astype(np.float32)
    angles = np.arange(-TILT[1], TILT[1] + 0.01, 0.5)
    sharp = np.array([_sharpness(dark, angle) for angle in angles])
    best = int(sharp.argmax())
    if sharp[best] < CLEARLY * np.median(sharp):
        return 0.0
    fine = np.arange(angles[best] - 0.4, angles[best] + 0.41, 0.1)
    return float(max(fine, key=lambda angle: _sharpness(dark, angle)))


def _sharpness(dark: np.ndarray, angle: float) -> float:
    """Return how much the rows of ink differ from their neighbours once the picture is turned back by `angle`."""
    turned, _ = turned_by(dark, angle, 0)
    return float(np.square(np.diff(turned.sum(axis=1))).sum())


def is_tilted(pixels: np.ndarray) -> bool:
    """Whether the page lies askew by more than engines bear."""
    return TILT[0] <= abs(tilt(pixels)) < TILT[1]


def straightened(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture with level lines, and the 2 x 3 map from its points to those of the one before."""
    return turned_by(pixels, tilt(pixels), ink_and_paper(pixels)[1])


def turned_by(pixels: np.ndarray, degrees: float, paper: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture turned back (against the clock) about its middle, its size kept, and the map back."""
    rows, columns = pixels.shape
    there = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turned = cv2.warpAffine(pixels, there, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=paper)
    return turned, cv2.invertAffineTransform(there)
