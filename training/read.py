"""Reads line pictures with the product's own engines, and puts their readings together as the product does."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from documents.correction.lexicon import lexicon_for
from documents.ocr.base import Line, Reading
from documents.ocr.consensus import consensus
from documents.ocr.rapid import RECOGNITION, line_of
from documents.ocr.recognition import Recogniser
from documents.ocr.tesseract import TesseractEngine

GAP = 12
"""Pixels of paper between the lines of a sheet for Tesseract, which cuts a rim off each line's box."""


class LineReaders:
    """RapidOCR's recognition without its detection, Tesseract, and the consensus of both."""

    def __init__(self) -> None:
        """Load the engines, one thread each. Raises EngineUnavailable."""
        self._recogniser = Recogniser(RECOGNITION)
        self._tesseract = TesseractEngine()

    def read(self, pictures: Sequence[np.ndarray], language: str) -> list[dict[str, str]]:
        """Return for each picture what was read: {"rapidocr": ..., "tesseract": ..., "both": ...}.

        All lines are of that language (an ISO 639-1 code): Tesseract takes its pack. Raises OcrError.
        """
        if not pictures:
            return []
        first = Reading(tuple(self._by_rapidocr(picture) for picture in pictures), "rapidocr", "", 0.0)
        second = self._by_tesseract(pictures, language)
        lexicon = lexicon_for(language)
        assert lexicon is not None, f"there is no word list for {language}"
        # Both engines' lines lie in pictures of their own, so the boxes say nothing; the words are aligned anyway.
        merged = consensus(first, second, [lexicon] * len(pictures))
        return [
            {"rapidocr": one.text, "tesseract": other.text, "both": both.text}
            for one, other, both in zip(first.lines, second.lines, merged.lines, strict=True)
        ]

    def _by_rapidocr(self, picture: np.ndarray) -> Line:
        rows, columns = picture.shape
        quad = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
        return line_of(self._recogniser.read_crop(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), quad), quad)

    def _by_tesseract(self, pictures: Sequence[np.ndarray], language: str) -> Reading:
        """Return Tesseract's reading of all pictures, laid out as one page's lines."""
        sheet, boxes = _sheet(pictures)
        with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
            path = Path(folder) / "sheet.png"
            cv2.imwrite(str(path), sheet, [cv2.IMWRITE_PNG_COMPRESSION, 0])
            found = self._tesseract.read_lines(path, boxes, language=language)
        level = [_moved(line, -box[0], -box[1]) for line, box in zip(found.lines, boxes, strict=True)]
        return Reading(tuple(level), found.engine, found.version, found.seconds)


def _sheet(pictures: Sequence[np.ndarray]) -> tuple[np.ndarray, list[tuple[int, int, int, int]]]:
    """Return one picture with all the others below each other, and their boxes in it (with the rim that is cut)."""
    width = max(picture.shape[1] for picture in pictures)
    rims = [round(picture.shape[0] * 0.125) for picture in pictures]
    height = sum(picture.shape[0] + 2 * rim + GAP for picture, rim in zip(pictures, rims))
    sheet, boxes, top = np.full((height, width), 255, np.uint8), [], 0
    for picture, rim in zip(pictures, rims):
        rows, columns = picture.shape
        sheet[top : top + rows + 2 * rim, :columns] = np.pad(picture, ((rim, rim), (0, 0)), mode="edge")
        boxes.append((0, top, columns, top + rows + 2 * rim))
        top += rows + 2 * rim + GAP
    return sheet, boxes


def _moved(line: Line, right: int, down: int) -> Line:
    """Return the line with its boxes moved."""

    def place(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        return box[0] + right, box[1] + down, box[2] + right, box[3] + down

    return Reading((line,), "", "", 0.0).with_boxes(place).lines[0]
