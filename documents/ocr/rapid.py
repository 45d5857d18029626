"""RapidOCR: PP-OCR models on ONNX Runtime. Everything is in the wheel; nothing is ever downloaded.

RapidOCR finds the lines; `recognition` reads them with its second network.
"""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
import rapidocr

from .base import Alternative, Box, EngineUnavailable, Line, OcrError, Reading, Word
from .ctc import CtcWord
from .engines import UNREAD_BY_RAPIDOCR
from .layout import in_reading_order
from .recognition import Quad, ReadLine, Recogniser

MODELS = Path(rapidocr.__file__).parent / "models"
DETECTION = MODELS / "PP-OCRv6_det_small.onnx"
RECOGNITION = MODELS / "PP-OCRv6_rec_small.onnx"

MAX_SIDE = 2000
"""Longer pictures are scaled down to this many pixels for finding the lines."""

LEAST_SURE = 0.45
"""Lines with less confidence are stains and scribbles..."""

LEAST_SURE_BY_HAND = 0.3
"""...but on a page by hand, where few lines have more, guesses are better than gaps: CER 0.509 against 0.515."""

BY_HAND = 0.8
"""A page is by hand when the middle one of its lines has less confidence: of eight such pages the best has 0.66, of 68
printed and typewritten ones the worst 0.89."""


class RapidEngine:
    """Reads print and typescript in Latin and Greek letters, Chinese and Japanese."""

    name = "rapidocr"

    def __init__(self, *, threads: int = 1, max_side: int = MAX_SIDE) -> None:
        """Open the engine. `threads` are ONNX Runtime's for one operation.

        Raises EngineUnavailable when a model file is missing from the installation.
        """
        for model in (DETECTION, RECOGNITION):
            if not model.is_file():
                raise EngineUnavailable(f"The model file {model.name} is missing. Install the package rapidocr again.")
        self._finder = rapidocr.RapidOCR(params=parameters(threads, max_side))
        self._recogniser = Recogniser(RECOGNITION, threads=threads)

    def read(self, image: Path, *, language: str, handwritten: bool) -> Reading:
        """Return the lines of the picture in reading order. Raises OcrError when the file is no picture."""
        pixels = cv2.imread(str(image), cv2.IMREAD_COLOR)  # BGR, as the engine wants it
        if pixels is None:
            raise OcrError(f"The picture {image.name} could not be opened. Upload the document again.")
        started = time.monotonic()
        lines = in_reading_order(sure_lines(self._lines(pixels)))
        seconds = time.monotonic() - started
        return Reading(lines, self.name, version("rapidocr"), seconds, warnings(language, handwritten))

    def _lines(self, pixels: np.ndarray) -> list[Line]:
        """Return what stands on the picture, in the order in which it was found; a page by hand is read in grey."""
        found = self._finder(pixels, use_det=True, use_cls=False, use_rec=False).boxes
        quads = [] if found is None else [np.asarray(quad, np.float32) for quad in found]
        lines = self._read(pixels, quads)
        return self._read(without_colour(pixels), quads) if is_by_hand(lines) else lines

    def _read(self, pixels: np.ndarray, quads: list[Quad]) -> list[Line]:
        return [line_of(self._recogniser.read(pixels, quad), quad) for quad in quads]


def parameters(threads: int, max_side: int) -> dict[str, Any]:
    """Return RapidOCR's parameters for finding lines. Models given by path are never looked for on the network."""
    return {
        "Global.log_level": "error",
        "Global.max_side_len": max_side,
        "Det.model_path": str(DETECTION),
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def warnings(language: str, handwritten: bool) -> tuple[str, ...]:
    """Return sentences about what this engine is not made for."""
    found = []
    if language in UNREAD_BY_RAPIDOCR:
        found.append("RapidOCR does not know the letters of this page's language. Choose another OCR engine for it.")
    if handwritten:
        found.append("RapidOCR reads print, and handwriting only poorly. Compare the text with the picture closely.")
    return tuple(found)


def is_by_hand(lines: list[Line]) -> bool:
    """Whether the lines are so unsure as only those of handwriting are."""
    sure = [line.confidence for line in lines if line.text]
    return bool(sure) and median(sure) < BY_HAND


def sure_lines(lines: list[Line]) -> list[Line]:
    """Return the lines that are worth keeping, as sure of themselves as can be expected on such a page."""
    least = LEAST_SURE_BY_HAND if is_by_hand(lines) else LEAST_SURE
    return [line for line in lines if line.text and line.confidence >= least]


def without_colour(pixels: np.ndarray) -> np.ndarray:
    """Return the picture in grey, of three channels: on eight pages of handwriting CER 0.497, in colour 0.515."""
    return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


def line_of(read: ReadLine, quad: Quad) -> Line:
    """Return the line as the product keeps it, with upright boxes."""
    words = tuple(word_of(word, corners) for word, corners in read.words)
    return Line(read.text, rectangle(quad), read.confidence, words)


def word_of(word: CtcWord, corners: Quad) -> Word:
    """Return the word with its other readings; their `confidence` is how probable they are beside it, 0.5 as much."""
    others = tuple(Alternative(text, RapidEngine.name, odds(nats)) for text, nats in word.others)
    return Word(word.text, rectangle(corners), word.confidence, others)


def odds(nats: float) -> float:
    """Return the probability of the less probable of two readings, its log-odds being `nats` (0 or less, mostly)."""
    return float(1 / (1 + np.exp(-nats)))


def rectangle(corners: Any) -> Box:
    """Return the upright box around corner points (x, y), in whole pixels of the picture."""
    points = np.asarray(corners, dtype=float)
    left, top = np.floor(points.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(points.max(axis=0)).astype(int).clip(0)
    return int(left), int(top), int(right), int(bottom)
