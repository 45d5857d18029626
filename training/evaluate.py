"""What a model does to held-out lines as the engines read them, with the product's guards and without.

This is for choosing between models in training. What a model is worth is told by `python -m bench correction` on real
scans: drawn lines are no scans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from documents.correction.correct import correct_lines
from documents.correction.llama import LlamaCorrector
from training.pack import is_readable
from training.pairs import Pair, read_pairs
from training.places import LANGUAGES
from training.windows import agreed

PAGE = 30  # lines that are corrected together, as the product does with a page's
PROSE = frozenset({"prose", "fragment", "words"})


@dataclass(frozen=True)
class Effect:
    """Characters wrong before and after, of so many; lines that became better or worse; clean lines and those that were
    spoilt; lines in which a digit changed."""

    characters: int = 0
    before: int = 0
    after: int = 0
    better: int = 0
    worse: int = 0
    clean: int = 0
    spoilt: int = 0
    digits: int = 0

    def __add__(self, other: Effect) -> Effect:
        return Effect(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def cells(self) -> list[str]:
        """Return the table's cells."""
        rates = [f"{100 * wrong / max(self.characters, 1):.2f}" for wrong in (self.before, self.after)]
        return [*rates, str(self.better), str(self.worse), f"{self.spoilt}/{self.clean}", str(self.digits)]


def effect(pair: Pair, corrected: str) -> Effect:
    """Return what correction did to one line; differences that nobody can see (see `agreed`) do not count."""
    truth = agreed(pair.raw, pair.truth)
    before, after = Levenshtein.distance(pair.raw, truth), Levenshtein.distance(corrected, truth)
    digits = [sign for sign in pair.raw if sign.isdigit()] != [sign for sign in corrected if sign.isdigit()]
    return Effect(
        len(truth), before, after, int(after < before), int(after > before), int(before == 0),
        int(before == 0 and after > 0), int(digits),
    )  # fmt: skip


def table(model: Path, count: int) -> str:
    """Return the effects of a GGUF file as Markdown: per language and kind of line, `count` lines of each."""
    corrector = LlamaCorrector(model, threads=1, context_size=512)
    judged = ["better", "worse", "clean spoilt", "digits"]
    rows = ["| " + " | ".join(["lines", "CER %", "alone", *judged, "guarded", *judged]) + " |", "|---|" + "---:|" * 11]
    try:
        for (language, kind), pairs in _groups(count).items():
            alone, guarded = _alone(corrector, pairs, language), _guarded(corrector, pairs, language)
            rows.append(f"| {language} {kind} | " + " | ".join([*alone.cells(), *guarded.cells()[1:]]) + " |")
    finally:
        corrector.close()
    return "\n".join(rows)


def _groups(count: int) -> dict[tuple[str, str], list[Pair]]:
    """Return the first `count` readable held-out consensus readings of prose, and of all else, per language."""
    found: dict[tuple[str, str], list[Pair]] = {(one, kind): [] for one in LANGUAGES for kind in ("prose", "other")}
    for pair in read_pairs(held_out=True):
        group = found[pair.language, "prose" if pair.kind in PROSE else "other"]
        if pair.engine != "tesseract" and is_readable(pair) and len(group) < count:
            group.append(pair)
    return found


def _alone(corrector: LlamaCorrector, pairs: Sequence[Pair], language: str) -> Effect:
    candidates = corrector.propose([pair.raw for pair in pairs], language=language)
    return sum((effect(pair, one.text) for pair, one in zip(pairs, candidates, strict=True)), Effect())


def _guarded(corrector: LlamaCorrector, pairs: Sequence[Pair], language: str) -> Effect:
    found = Effect()
    for start in range(0, len(pairs), PAGE):
        page = pairs[start : start + PAGE]
        lines = correct_lines(corrector, [pair.raw for pair in page], language=language).lines
        found += sum((effect(pair, line) for pair, line in zip(page, lines, strict=True)), Effect())
    return found
