"""Making a damaged scan legible before it is read: each step has a detector, and only what helps is done by itself.

Which steps are worth it was measured on damaged pages, and their detectors on undamaged ones (`bench preparation`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from . import preparing_shapes as shapes
from . import preparing_tones as tones
from .base import OcrError
from .preparing_options import NAMES, NONE, SAME, Matrix, Prepared, steps_of

LEAST = 100
"""Pixels of the shorter side below which a picture is no page, and left as it is."""


@dataclass(frozen=True)
class Step:
    """One thing that may be done to a picture (rows of grey levels). `found` tells whether it needs it.

    `mend` returns the better picture and the map from its points to those of the one before. Steps that are not
    `by_itself` are done only when they are asked for.
    """

    found: Callable[[np.ndarray], bool]
    mend: Callable[[np.ndarray], tuple[np.ndarray, Matrix | np.ndarray]]
    by_itself: bool = True


def _in_place(mend: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], tuple[np.ndarray, Matrix]]:
    return lambda pixels: (mend(pixels), SAME)


STEPS = {
    "invert": Step(tones.is_inverted, _in_place(tones.inverted)),
    "border": Step(shapes.has_border, _in_place(shapes.without_border), by_itself=False),
    "denoise": Step(tones.is_speckled, _in_place(tones.despeckled)),
    "light": Step(tones.is_uneven, _in_place(tones.evenly_lit), by_itself=False),
    "contrast": Step(tones.is_faded, _in_place(tones.with_full_contrast)),
    "clahe": Step(tones.is_faded, _in_place(tones.locally_contrasted), by_itself=False),
    "reverse": Step(tones.shows_through, _in_place(tones.without_reverse)),
    "straighten": Step(shapes.is_tilted, shapes.straightened),
    "scale": Step(shapes.is_low_resolution, shapes.scaled_up),
    "binarise": Step(tones.is_uneven, _in_place(tones.binarised), by_itself=False),
}
"""By name; done in the order of NAMES."""


def prepare(picture: Path, folder: Path, wanted: str = "") -> Prepared:
    """Return the picture prepared, written into `folder` where anything was done.

    `wanted` is "" (whatever the detectors find), NONE, or names of STEPS between commas, which are then done whether
    needed or not. Raises OcrError when the file is no picture or a name is unknown.
    """
    steps = steps_of(wanted)
    if wanted == NONE:
        return Prepared(picture)
    pixels = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise OcrError(f"The picture {picture.name} could not be opened. Upload the document again.")
    if min(pixels.shape) < LEAST:
        return Prepared(picture)
    done, matrix = [], np.eye(3)
    for name in NAMES:
        if name in steps or (not wanted and STEPS[name].by_itself and STEPS[name].found(pixels)):
            pixels, back = STEPS[name].mend(pixels)
            matrix = matrix @ np.vstack([back, [0, 0, 1]])
            done.append(name)
    if not done:
        return Prepared(picture)
    target = folder / "prepared.bmp"
    cv2.imwrite(str(target), pixels)
    return Prepared(target, tuple(done), tuple(tuple(map(float, row)) for row in matrix[:2]))
