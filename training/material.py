"""What a training run needs, in one folder of a few tens of megabytes: it can be carried to a GPU.

    text/LANGUAGE.txt.xz   the running text
    lines.json.xz          true lines of the other kinds, by language
    real.json.xz           windows of real pairs: those with a mistake, as [raw, truth]
    held-out.json.xz       windows of held-out pairs, for measuring
    noise.json             the noise model

pack.py makes it. This module needs nothing but numpy, rapidfuzz and torch's own needs.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.noise import Noise, load
from training.places import LANGUAGES
from training.text import text_of
from training.windows import Window


@dataclass(frozen=True)
class Material:
    """What batches are made of, by language, and the real windows in the order in which they are used."""

    texts: dict[str, str]
    lines: dict[str, Sequence[str]]
    real: Sequence[tuple[str, str]]
    noises: dict[str, Noise]


def material(folder: Path) -> Material:
    """Return the pack in `folder`. Raises FileNotFoundError when it has not been made."""
    return Material(
        {language: text_of(language, held_out=False, folder=folder / "text") for language in LANGUAGES},
        read(folder, "lines"),
        [(raw, truth) for raw, truth in read(folder, "real")],
        load(folder / "noise.json"),
    )


def held_out(folder: Path) -> list[Window]:
    """Return the held-out windows of the pack in `folder`."""
    return [Window(raw, truth) for raw, truth in read(folder, "held-out")]


def write(folder: Path, name: str, what: Any) -> None:
    """Put `what` into the pack under `name`."""
    with lzma.open(folder / f"{name}.json.xz", "wt", preset=2, encoding="utf-8") as file:
        json.dump(what, file, ensure_ascii=False)


def read(folder: Path, name: str) -> Any:
    """Return what the pack holds under `name`: "real", "held-out" or "lines"."""
    with lzma.open(folder / f"{name}.json.xz", "rt", encoding="utf-8") as file:
        return json.load(file)
