"""RapidOCR's recogniser, asked for more than its best guess: the words of one line, their places, other readings.

Its network is run by ONNX Runtime directly, because RapidOCR keeps only the likeliest character of each column.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from .ctc import CtcWord, read_words

HEIGHT = 48
"""Pixels; the network reads lines scaled to this height."""

LEAST_WIDTH = 320
"""Pixels; shorter lines are filled up to this width, as in the network's training."""

UPRIGHT = 1.5
"""From this ratio of height to width on, a line runs from top to bottom."""

Quad = np.ndarray
"""Four corners (x, y): top left, top right, bottom right, bottom left; shape (4, 2), float32."""


@dataclass(frozen=True)
class ReadLine:
    """What stands in one quad: its words with the corners of each, and the mean probability of its characters."""

    words: tuple[tuple[CtcWord, Quad], ...]
    confidence: float

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(word.text for word, _ in self.words)


class Recogniser:
    """Reads single lines; keeps the network in memory."""

    def __init__(self, model: Path, *, threads: int = 1) -> None:
        """Load the network at `model`, which brings its list of characters along. `threads` are ONNX Runtime's."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *listed, " "]

    def read(self, picture: np.ndarray, quad: Quad) -> ReadLine:
        """Return what stands in `quad` of the picture (BGR, 8 bits). An empty quad has no words."""
        crop = cut_out(picture, quad)
        if crop.size == 0:
            return ReadLine((), 0.0)
        return self.read_crop(crop, quad)

    def read_crop(self, crop: np.ndarray, quad: Quad) -> ReadLine:
        """Return what stands in a line's own picture; `quad` is where the words' corners are to lie."""
        scaled, filled = network_input(crop)
        columns = self._session.run(None, {self._input: scaled})[0][0]
        words = read_words(columns, self._characters)
        edges = _edges(words, len(columns) * filled)
        placed = tuple((word, part_of(quad, left, right)) for word, (left, right) in zip(words, edges, strict=True))
        letters = sum(len(word.text) for word in words)
        mean = sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
        return ReadLine(placed, mean)


def network_input(crop: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the network's input (1, 3, HEIGHT, width), values from -1 to 1, and the line's share of its width."""
    height, width = crop.shape[:2]
    scaled = max(1, int(np.ceil(HEIGHT * width / height)))
    total = max(LEAST_WIDTH, scaled)
    pixels = cv2.resize(crop, (scaled, HEIGHT)).astype(np.float32) / 127.5 - 1
    filled = np.zeros((1, 3, HEIGHT, total), dtype=np.float32)
    filled[0, :, :, :scaled] = pixels.transpose(2, 0, 1)
    return filled, scaled / total


def cut_out(picture: np.ndarray, quad: Quad) -> np.ndarray:
    """Return the quad's content, levelled; lines that run from top to bottom are laid on their side."""
    width = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))
    height = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
    if not width or not height:
        return np.empty((0, 0, 3), np.uint8)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(quad.astype(np.float32), flat)
    crop = cv2.warpPerspective(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.rot90(crop).copy() if is_upright(quad) else crop


def is_upright(quad: Quad) -> bool:
    """Whether the line runs from top to bottom."""
    width, height = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
    return bool(height >= UPRIGHT * max(1.0, float(width)))


def part_of(quad: Quad, left: float, right: float) -> Quad:
    """Return the corners of the part of a line from `left` to `right`, as shares (0 to 1) of its length."""
    ends = [(quad[0], quad[3]), (quad[1], quad[2])] if is_upright(quad) else [(quad[0], quad[1]), (quad[3], quad[2])]
    return np.array([start + (end - start) * min(1.0, share) for share in (left, right) for start, end in ends])


def _edges(words: list[CtcWord], columns: float) -> list[tuple[float, float]]:
    """Return where each word begins and ends, as shares of a line with so many columns.

    A character is found near its middle, so half its width is put on both sides, but no further than half way to the
    next word.
    """
    edges = []
    for number, word in enumerate(words):
        half = (word.last - word.first) / (len(word.text) - 1) / 2 if len(word.text) > 1 else 1.0
        before = (words[number - 1].last + word.first) / 2 if number else 0.0
        after = (word.last + words[number + 1].first) / 2 if number + 1 < len(words) else columns
        edges.append((max(before, word.first - half) / columns, min(after, word.last + 1 + half) / columns))
    return edges
