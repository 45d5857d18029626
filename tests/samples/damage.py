"""What happens to scans, done to good ones: grey levels 0 to 255 in, the same damaged out. Seeds are fixed."""

from __future__ import annotations

import cv2
import numpy as np


def inverted(page: np.ndarray) -> np.ndarray:
    """White on black, as from a microfilm's negative."""
    return 255 - page


def specked(page: np.ndarray, share: float = 0.04) -> np.ndarray:
    """With that part of the pixels black or white, as from dust and a poor fax."""
    chance = np.random.default_rng(1).random(page.shape)
    return np.where(chance < share / 2, 0, np.where(chance > 1 - share / 2, 255, page)).astype(np.uint8)


def bordered(page: np.ndarray) -> np.ndarray:
    """With the scanner's lid around it, wider on two sides."""
    side = max(page.shape) // 16
    sides = (side, side // 3, side // 3, side)
    return cv2.copyMakeBorder(page, *sides, cv2.BORDER_CONSTANT, value=18)


def shaded(page: np.ndarray, darkest: float = 0.3) -> np.ndarray:
    """With a shadow that falls from right to left, as into the fold of a book."""
    light = np.linspace(1.0, 0.0, page.shape[1]) ** 2
    return (page * (1 - (1 - darkest) * light)).astype(np.uint8)


def faded(page: np.ndarray, contrast: float = 0.15) -> np.ndarray:
    """With so much of its contrast left, and the grain that a scanner adds."""
    grain = np.random.default_rng(2).normal(0, 2, page.shape)
    return (200 - (255.0 - page) * contrast + grain).clip(0, 255).astype(np.uint8)


def shone_through(page: np.ndarray, strength: float = 0.35) -> np.ndarray:
    """With its own mirror image as the reverse that shows through thin paper."""
    moved = np.roll(cv2.flip(page, 1), page.shape[0] // 40, axis=0)  # or its lines lie under ours
    reverse = cv2.GaussianBlur(moved, (0, 0), 1.5)
    return np.minimum(page, (255 - strength * (255.0 - reverse))).astype(np.uint8)


def tilted(page: np.ndarray, degrees: float = 5.0) -> np.ndarray:
    """Turned clockwise on a larger sheet, as when it was laid in askew."""
    edge = max(page.shape) // 12
    sheet = cv2.copyMakeBorder(page, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=int(np.median(page)))
    rows, columns = sheet.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), -degrees, 1.0)
    return cv2.warpAffine(sheet, turn, (columns, rows), borderValue=int(np.median(page)))


def shrunk(page: np.ndarray, height: float = 7.0, *, of: float) -> np.ndarray:
    """Scanned with too few dots: letters that are `of` pixels high have `height` then."""
    factor = min(1.0, height / of)
    return cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
