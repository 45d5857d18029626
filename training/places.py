"""Where the training keeps its files: TRAINING_DATA, var/training unless set. Nothing of it is in the repository."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TRAINING_DATA") or ROOT / "var" / "training")
TEXT = DATA / "text"  # LANGUAGE.txt.xz
FONTS = DATA / "fonts"  # unpacked Debian packages
SHARDS = DATA / "pairs"  # what the engines read
PACK = DATA / "pack"  # all that a training run needs, to be carried to a GPU
RUNS = DATA / "runs"  # checkpoints and logs
MODELS = DATA / "models"  # GGUF files

LANGUAGE_WEIGHTS = {"en": 25, "es": 15, "fr": 15, "de": 15, "cs": 15, "da": 15}
"""Of 100 lines. English most, as two of the three kinds of page without prose (receipts, newspapers) are in English."""

LANGUAGES = tuple(LANGUAGE_WEIGHTS)
HELD_OUT_EVERY = 20
"""One shard of pairs in so many is made of held-out text in held-out fonts, and never trained on."""


def is_held_out(shard: int) -> bool:
    """Tell whether the shard of that number is kept for measuring."""
    return shard % HELD_OUT_EVERY == 0
