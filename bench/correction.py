"""Errors before and after correction: on scans with known text through the whole pipeline, and on text pairs."""

from __future__ import annotations

import argparse
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

from bench import report, samples
from bench.measures import LineChanges, Rate, WordHits, character_errors, line_changes, plain, word_errors, word_hits
from documents.correction.lexicon import guess_language
from documents.pipeline import correcting, engines, files
from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import sniff
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import draw_page
from documents.pipeline.texts import stored_line

LINE_WIDTH = 60
"""Characters per line into which the text pairs, which have no lines, are cut; a newspaper column holds fewer."""


@dataclass(frozen=True)
class Score:
    """How near a text is to the truth. Scores add up."""

    cer: Rate = Rate()
    wer: Rate = Rate()
    words: WordHits = WordHits()

    def __add__(self, other: Score) -> Score:
        return Score(self.cer + other.cer, self.wer + other.wer, self.words + other.words)

    def cells(self) -> list[float]:
        """Return CER, WER and word F1."""
        return [self.cer.value, self.wer.value, self.words.f1]


@dataclass(frozen=True)
class Outcome:
    """What came of some pages or passages. `seconds` and `characters` are the corrector's."""

    raw: Score = Score()
    corrected: Score = Score()
    changes: LineChanges = LineChanges()
    seconds: float = 0.0
    characters: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.raw + other.raw, self.corrected + other.corrected, self.changes + other.changes,
            self.seconds + other.seconds, self.characters + other.characters,
        )  # fmt: skip


def main(options: list[str]) -> None:
    """Print a row per set of scans, then a row per file of text pairs."""
    parser = argparse.ArgumentParser(prog="python -m bench correction")
    parser.add_argument("--pages", type=int, default=8, help="pages of each set of scans (8)")
    parser.add_argument("--pairs", type=int, default=40, help="passages of each file of text pairs (40)")
    parser.add_argument("--sets", nargs="*", default=list(samples.SETS), choices=list(samples.SETS), help="(all)")
    asked = parser.parse_args(options)
    if not samples.FOLDER.is_dir():
        report.say(f"There are no scans with known text in {samples.FOLDER} (set DATA_SAMPLES): nothing was measured.")
        return
    engine, mode, model = engines.reading_order("")[0], ReadingOptions().used_mode, engines.settings_model().name
    report.say(f"Engine: {engine}; reading mode: {mode}; language model: {model}.")
    report.table(
        ["set", "pages", "CER raw", "corrected", "WER raw", "corrected", "F1 raw", "corrected", *CHANGES],
        [row(name, min(asked.pages, len(samples.of_set(name))), of_scans(name, asked.pages)) for name in asked.sets],
    )
    report.table(
        ["text pairs", "passages", "CER raw", "corrected", *CHANGES, "characters/s"],
        [pair_row(name, of_pairs(name, asked.pairs), asked.pairs) for name in samples.PAIRS],
    )


CHANGES = ["lines", "better", "worse", "clean ones spoilt", "digits changed"]


def row(name: str, pages: int, outcome: Outcome) -> list[str | float]:
    """Return the row of a set of scans."""
    both = [cell for pair in zip(outcome.raw.cells(), outcome.corrected.cells(), strict=True) for cell in pair]
    return [name, pages, *both, *change_cells(outcome.changes)]


def pair_row(name: str, outcome: Outcome, passages: int) -> list[str | float]:
    """Return the row of a file of text pairs; no speed where nothing was sent to the model."""
    speed = outcome.characters / outcome.seconds if outcome.seconds else ""
    rates = [outcome.raw.cer.value, outcome.corrected.cer.value]
    return [name.removesuffix(".jsonl"), passages, *rates, *change_cells(outcome.changes), speed]


def change_cells(changes: LineChanges) -> list[int]:
    """Return the cells under CHANGES."""
    return [changes.lines, changes.improved, changes.worsened, changes.spoiled, changes.digits]


def of_scans(name: str, count: int) -> Outcome:
    """Return what comes of the first `count` pages of a set; case does not count on receipts."""
    found = Outcome()
    options = ReadingOptions(handwritten=name.startswith("hand"))
    for sample in samples.of_set(name)[:count]:
        lines = read(sample.picture, options)
        language = guess_language("\n".join(line["text"] for line in lines))
        found += corrected(lines, sample.text, language=language, ignore_case=name == "receipts")
    return found


def read(picture: Path, options: ReadingOptions) -> list[dict]:
    """Return the stored lines of the picture, as `manage.py read` gets them."""
    with picture.open("rb") as stream:
        kind = sniff(stream.read(1024))
    with files.work_folder() as folder:
        result = read_drawing(draw_page(picture, kind, 1, folder), options)
    return [stored_line(line) for line in result.lines]


def of_pairs(name: str, count: int) -> Outcome:
    """Return what comes of the first `count` passages of a file of text pairs, cut into lines."""
    found = Outcome()
    for pair in samples.pairs(name)[:count]:
        wrapped = textwrap.wrap(pair["ocr"], LINE_WIDTH, break_long_words=False, break_on_hyphens=False)
        lines = [{"text": text, "confidence": 1.0} for text in wrapped]
        found += corrected(lines, pair["truth"], language=samples.PAIRS[name])
    return found


def corrected(lines: list[dict], truth: str, *, language: str, ignore_case: bool = False) -> Outcome:
    """Return scores of the lines before and after correction against the truth, and how fast that went."""
    texts = [line["text"] for line in lines]
    started = time.monotonic()
    correction = correcting.correct_text(lines, language=language, model=engines.settings_model())
    seconds = time.monotonic() - started
    return Outcome(
        score("\n".join(texts), truth, ignore_case),
        score("\n".join(correction.lines), truth, ignore_case),
        line_changes(texts, correction.lines, " ".join(truth.replace("¬", "-").split())),
        seconds if correction.sent else 0.0,
        sum(map(len, texts)) if correction.sent else 0,
    )


def score(found: str, truth: str, ignore_case: bool) -> Score:
    """Return CER, WER and word F1 of a text, reading order kept for the first two."""
    found, truth = plain(found, ignore_case=ignore_case), plain(truth, ignore_case=ignore_case)
    return Score(character_errors(found, truth), word_errors(found, truth), word_hits(found, truth))
