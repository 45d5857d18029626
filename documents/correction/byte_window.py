"""The window of the embedded model: <s>, the raw bytes padded to `size` positions, <sep>, then the answer and </s>.

Both sides import it: prompts.py, which asks the model, and the training package, which makes it.
"""

from __future__ import annotations

START, SEPARATOR, END, PADDING = 256, 257, 258, 259
BYTE_VOCABULARY = 261

WINDOW_BYTES = 63
"""The size of a model that does not say its own."""

SIZE_KEY = "ocr_corrector.window_bytes"
"""Under this key a model's GGUF file says its window's size."""

SPARE_BYTES = 3
"""Of a window are left free when lines are cut at spaces, so that an answer may be longer than what was read."""


def chunk_bytes(size: int) -> int:
    """Return how many bytes of a line go into a window: 60 of 63."""
    return size - SPARE_BYTES


def answer_tokens(size: int) -> int:
    """Return how many tokens the answer may have, its end included: 67 for 63."""
    return size + SPARE_BYTES + 1


def positions(size: int) -> int:
    """Return how many positions a whole window has: 132 for 63."""
    return size + 2 + answer_tokens(size)
