"""RapidOCR: PP-OCR models on ONNX Runtime. Everything is in the wheel; nothing is ever downloaded.

CER below: with order kept, whitespace normalised, on 15 real pages (receipts, typescripts, old books).
"""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
from rapidocr.cal_rec_boxes import CalRecBoxes

from .base import Box, EngineUnavailable, Line, OcrError, Reading, Word
from .engines import UNREAD_BY_RAPIDOCR
from .layout import in_reading_order

MODELS = Path(rapidocr.__file__).parent / "models"
DETECTION = MODELS / "PP-OCRv6_det_small.onnx"
RECOGNITION = MODELS / "PP-OCRv6_rec_small.onnx"

MAX_SIDE = 2000
"""Longer pictures are scaled down to this many pixels for finding the lines."""


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
        self._engine = rapidocr.RapidOCR(params=parameters(threads, max_side))
        self._engine.cal_rec_boxes = WordBoxes()

    def read(self, image: Path, *, language: str, handwritten: bool) -> Reading:
        """Return the lines of the picture in reading order. Raises OcrError when the file is no picture."""
        pixels = cv2.imread(str(image), cv2.IMREAD_COLOR)  # BGR, as the engine wants it
        if pixels is None:
            raise OcrError(f"The picture {image.name} could not be opened. Upload the document again.")
        started = time.monotonic()
        lines = in_reading_order(found_lines(self._engine(pixels, return_word_box=True)))
        seconds = time.monotonic() - started
        return Reading(lines, self.name, version("rapidocr"), seconds, warnings(language, handwritten))


def parameters(threads: int, max_side: int) -> dict[str, Any]:
    """Return RapidOCR's parameters. Models given by path are never looked for on the network."""
    return {
        "Global.log_level": "error",
        "Global.max_side_len": max_side,
        # The classifier that is to turn lines standing on their heads turns one upright typewritten line in ten on
        # its head, which then reads as a few stray letters: CER 0.099 with it, 0.064 without.
        "Global.use_cls": False,
        "Det.model_path": str(DETECTION),
        "Rec.model_path": str(RECOGNITION),
        "Rec.rec_batch_num": 1,  # lines of a batch are padded to the longest: a fifth slower at the same CER
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


class WordBoxes(CalRecBoxes):
    """RapidOCR's word boxes with the words' own confidences.

    RapidOCR 3.10 gives the n-th word of a line the confidence of the line's n-th character.
    """

    def cal_ocr_word_box(
        self, rec_txt: str, bbox: np.ndarray, word_info: Any, return_single_char_box: bool = False
    ) -> tuple[list[str], list[Any], list[float]]:
        """Return the words, their boxes (four corners each), and their confidences."""
        words, boxes, _ = super().cal_ocr_word_box(rec_txt, bbox, word_info, return_single_char_box)
        return words, boxes, word_confidences(rec_txt, words, word_info.confs)


def word_confidences(text: str, words: list[str], confidences: list[float]) -> list[float]:
    """Return each word's mean confidence; `confidences` has one figure per character of `text`, spaces too."""
    inked = [confidence for character, confidence in zip(text, confidences, strict=False) if not character.isspace()]
    means, start = [], 0
    for word in words:
        end = start + len(word)
        means.append(float(np.mean(inked[start:end])))
        start = end
    return means


def found_lines(result: Any) -> list[Line]:
    """Return what RapidOCR found, as Lines in its own order; nothing on an empty page."""
    if result.txts is None:
        return []
    # RapidOCR leaves lines without word boxes out of this list, after which it no longer fits the lines.
    fits = len(result.word_results) == len(result.txts)
    pieces = result.word_results if fits else [()] * len(result.txts)
    return [
        Line(text.strip(), rectangle(corners), float(score), whole_words(text, words))
        for text, corners, score, words in zip(result.txts, result.boxes, result.scores, pieces)
    ]


def whole_words(text: str, pieces: Any) -> tuple[Word, ...]:
    """Return one Word for each word of `text`; RapidOCR cuts words at wide gaps and Chinese into characters."""
    pieces, words = list(pieces), []
    for wanted in text.split():
        taken, length = [], 0
        while pieces and length < len(wanted):
            taken.append(pieces.pop(0))
            length += len(taken[-1][0])
        if length != len(wanted):
            return ()  # not these words' boxes: none is better than wrong ones
        confidence = sum(score * len(piece) for piece, score, _ in taken) / length
        words.append(Word(wanted, rectangle(np.concatenate([corners for *_, corners in taken])), confidence))
    return tuple(words)


def rectangle(corners: Any) -> Box:
    """Return the upright box around corner points (x, y), in whole pixels of the picture."""
    points = np.asarray(corners, dtype=float)
    left, top = np.floor(points.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(points.max(axis=0)).astype(int).clip(0)
    return int(left), int(top), int(right), int(bottom)
