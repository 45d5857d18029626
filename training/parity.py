"""Does llama.cpp compute what torch computes, and does the tokenizer give back what it was given?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from documents.correction.byte_window import PADDING
from documents.correction.runtime import Runtime
from training.model import Corrector
from training.windows import Window, encoded

SAMPLES = ("plain ASCII", "Příliš žluťoučký kůň", "£ 1.200,00 – „Straße“", "a\nb\tc", "ÆØÅ æøå ñ ç œ €")

TIE = 0.005
"""Nats by which two bytes may differ and yet be equally likely: processors add up in different orders."""


@dataclass(frozen=True)
class Parity:
    """`furthest` is the largest difference of two logits, `same` the part of positions with the same likeliest byte, or
    with one that is as likely but for TIE, `letters` whether all of SAMPLES come back from the tokenizer unharmed."""

    furthest: float
    same: float
    letters: bool


def compared(model: Corrector, path: Path, windows: Sequence[Window]) -> Parity:
    """Return how near the GGUF file at `path` is to the torch model it was made from, on whole windows."""
    runtime = Runtime(path, threads=1, context_size=512)
    try:
        letters = all(runtime.tokens(text.encode(), special=False) == list(text.encode()) for text in SAMPLES)
        furthest, same, count = 0.0, 0, 0
        for window in windows:
            ids = [int(token) for token in encoded(window, model.shape.window)[0]]
            ids = ids[: max(i for i, token in enumerate(ids) if token != PADDING) + 1]
            theirs = runtime.rows(ids, len(ids))
            with torch.no_grad():
                ours = model.float().cpu()(torch.tensor([ids]))[0].numpy()
            furthest = max(furthest, float(np.abs(theirs - ours).max()))
            chosen = ours[np.arange(len(ids)), theirs.argmax(-1)]
            same += int((ours.max(-1) - chosen <= TIE).sum())
            count += len(ids)
        return Parity(furthest, same / max(count, 1), letters)
    finally:
        runtime.close()


def is_same(found: Parity, kind: str) -> bool:
    """Tell whether a file of that format ("f32", "q8_0") computes what the checkpoint does.

    float32 differed by 0.005 to 0.011 on the first model, Q8_0 by 0.34 with 98.8 % or more of the bytes the same.
    """
    furthest, same = (0.05, 1.0) if kind == "f32" else (1.0, 0.98)
    return found.letters and found.furthest <= furthest and found.same >= same
