"""`bench/correction.py FILE.jsonl|DIR...`: errors before and after correction, and what was harmed.

FILE has a row per passage with `ocr`, `truth` and perhaps `language`; DIR holds NAME.jpg, .png or .pdf with
NAME.gt.txt, and goes through the whole pipeline. Without any, the sets and text pairs in DATA_SAMPLES are taken.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # as a script: hand over to the benchmarks' own start, which prepares the environment
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench.__main__ import main as start

    sys.argv.insert(1, "correction")
    sys.exit(start())

from bench import report, samples
from bench.measures import Rate, character_errors, errors_in_place, plain
from bench.reachable import mended_by_oracle
from documents.correction.correct import FALLBACK_LANGUAGE
from documents.correction.lexicon import guess_language
from documents.correction.models import ModelChoice, ModelOptions, choose_model
from documents.ocr.second_look import languages_of
from documents.pipeline import correcting, engines, files
from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import sniff
from documents.pipeline.raw_lines import raw_line
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import draw_page
from documents.pipeline.texts import stored_line

LINE_WIDTH = 60
"""Characters per line into which the text pairs, which have no lines, are cut; a newspaper column holds fewer."""

_NUMBER = re.compile(r"\d[\d.,:/-]*\d|\d")
Lines = list[dict[str, Any]]


@dataclass(frozen=True)
class Passage:
    """One page or row: its stored lines and what really stands there."""

    lines: Lines
    truth: str


@dataclass(frozen=True)
class Outcome:
    """What correction did. Outcomes add up. `seconds` is all of its time; numbers are counted as bags per passage:
    `repaired` ones were wrong and are in the truth now, `lost` ones were right, `invented` ones are new and wrong.
    `oracle` is what is left once every misread word that the lexicon has is put right: see reachable.py."""

    passages: int = 0
    raw: Rate = Rate()
    corrected: Rate = Rate()
    oracle: Rate = Rate()
    lines: int = 0
    better: int = 0
    worse: int = 0
    clean: int = 0
    spoilt: int = 0
    repaired: int = 0
    lost: int = 0
    invented: int = 0
    sent: int = 0
    characters: int = 0
    seconds: float = 0.0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def reached(self) -> float:
        """The part of the errors that the oracle mends which were mended, less those that were made; 0.0 for none."""
        reachable = self.raw.errors - self.oracle.errors
        return (self.raw.errors - self.corrected.errors) / reachable if reachable else 0.0

    def row(self, name: str) -> dict[str, Any]:
        """Return the figures as they are printed: rates are parts of 1."""
        return {
            "set": name, "passages": self.passages, "CER raw": self.raw.value, "corrected": self.corrected.value,
            "oracle": self.oracle.value, "reached": self.reached,
            "lines": self.lines, "better": self.better / max(1, self.lines), "worse": self.worse / max(1, self.lines),
            "clean spoilt": self.spoilt / max(1, self.clean), "numbers repaired": self.repaired, "lost": self.lost,
            "invented": self.invented, "sent": self.sent / max(1, self.lines),
            "characters/s": self.characters / self.seconds if self.seconds else 0.0,
        }  # fmt: skip


def main(options: list[str]) -> None:
    """Print a row per set of scans and file of text pairs."""
    asked = _parser().parse_args(options)
    with tempfile.TemporaryDirectory() as drawn:
        sources = asked.sources or all_there_are(Path(drawn))
        if not sources:
            report.say(f"There are no texts with known truth in {samples.FOLDER} (set DATA_SAMPLES).")
            return
        model = model_of(asked.model)
        report.say(f"Language model: {model.name}; guard: {asked.guard}.")
        rows = [of_source(source, asked, model).row(source.stem) for source in sources]
    report.table(list(rows[0]), [list(row.values()) for row in rows])
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("bench/correction.py")
    parser.add_argument(
        "--guard", choices=["on", "off"], default="on", help="off: take the model's wording as it comes"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


def parser_of(program: str) -> argparse.ArgumentParser:
    """Return what reads the options that say which passages to take and which model."""
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("sources", nargs="*", type=Path, metavar="FILE.jsonl|DIR", help="text pairs or scans (all)")
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="pages or rows of each (all)")
    parser.add_argument("--model", type=Path, metavar="FILE", help="a GGUF file (the one of the settings)")
    parser.add_argument("--readings", type=Path, metavar="DIR", help="keep what was read here, and use it again")
    return parser


def all_there_are(drawn: Path) -> list[Path]:
    """Return the sets of scans, the drawn clean pages and the files of text pairs; none where there are no samples."""
    sources = [samples.FOLDER / name for name in [*samples.SETS, *samples.PAIRS]]
    there = [source for source in sources if source.exists()]
    return [*there, samples.clean(drawn)] if there else []


def model_of(path: Path | None) -> ModelChoice:
    """Return the model in that GGUF file, or the one of the settings."""
    if path is None:
        return engines.settings_model()
    choice = choose_model(ModelOptions(directory=path.parent, source="file", path=path.resolve()))
    assert choice is not None, "a file is a choice"
    return choice


def of_source(source: Path, asked: argparse.Namespace, model: ModelChoice) -> Outcome:
    """Return what comes of the passages of a file or a folder; case does not count on receipts that are scans."""
    passages, ignore_case, guard = passages_of(source, asked), source.name == "receipts", asked.guard == "on"
    return sum((outcome(passage, model, guard=guard, ignore_case=ignore_case) for passage in passages), Outcome())


def passages_of(source: Path, asked: argparse.Namespace) -> Iterator[Passage]:
    """Return the passages of a file of text pairs or a folder of scans."""
    return of_pairs(source, asked.limit) if source.suffix == ".jsonl" else of_scans(source, asked)


def of_pairs(file: Path, limit: int | None) -> Iterator[Passage]:
    """Yield the rows of a file of text pairs, cut into lines; without figures of confidence, as they have none."""
    for row in file.read_text(encoding="utf-8").splitlines()[:limit]:
        pair = json.loads(row)
        language = pair.get("language") or samples.PAIRS.get(file.name) or guess_language(pair["ocr"])
        wrapped = textwrap.wrap(pair["ocr"], LINE_WIDTH, break_long_words=False, break_on_hyphens=False)
        yield Passage([{"text": text, "confidence": None, "language": language} for text in wrapped], pair["truth"])


def of_scans(folder: Path, asked: argparse.Namespace) -> Iterator[Passage]:
    """Yield the pages of a folder as the product reads them."""
    options = ReadingOptions(handwritten=folder.name.startswith("hand"))
    for sample in samples.in_folder(folder)[: asked.limit]:
        kept = asked.readings / f"{folder.name}--{sample.picture.stem}.json" if asked.readings else None
        lines = json.loads(kept.read_text()) if kept and kept.is_file() else read(sample.picture, options)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(lines))
        yield Passage(lines, sample.text)


def read(picture: Path, options: ReadingOptions) -> Lines:
    """Return the stored lines of the picture, each with its language."""
    with picture.open("rb") as stream:
        kind = sniff(stream.read(1024))
    with files.work_folder() as folder:
        result = read_drawing(draw_page(picture, kind, 1, folder), options)
    languages = languages_of(result, options.language)
    return [stored_line(line, language) for line, language in zip(result.lines, languages, strict=True)]


def outcome(passage: Passage, model: ModelChoice, *, guard: bool, ignore_case: bool) -> Outcome:
    """Return what correction does to one passage."""
    raw = [line["text"] for line in passage.lines]
    started = time.monotonic()
    correction = correcting.correct_text(passage.lines, language="", model=model) if guard else None
    corrected = list(correction.lines) if correction else unguarded(passage.lines, model)
    seconds = time.monotonic() - started
    sent = correction.sent if correction else len(raw)
    return Outcome(
        1, *(_rate(text, passage.truth, ignore_case) for text in (raw, corrected, _by_oracle(passage))), len(raw),
        *_lines(raw, corrected, passage.truth, ignore_case), *_numbers(raw, corrected, passage.truth),
        sent, sum(map(len, raw)), seconds,
    )  # fmt: skip


def unguarded(lines: Lines, model: ModelChoice) -> list[str]:
    """Return every line as the model words it, in the languages that it knows: what the gate and the guards prevent."""
    wording = [line["text"] for line in lines]
    for language in {line["language"] for line in lines}:
        asked = [n for n, line in enumerate(lines) if line["language"] == language and line["text"].strip()]
        if asked and (model.languages is None or language in model.languages):
            answers = engines.corrector(model).propose([wording[n] for n in asked], language=language)
            for number, answer in zip(asked, answers, strict=True):
                wording[number] = answer.text
    return wording


def _by_oracle(passage: Passage) -> list[str]:
    """Return the lines with every misread word put right that a lexicon has."""
    raw = [raw_line(line) for line in passage.lines]
    known = guess_language(" ".join(line.text for line in raw)) or FALLBACK_LANGUAGE
    languages = [line.get("language") or known for line in passage.lines]
    return mended_by_oracle(raw, languages, whole_of(passage.truth))


def whole_of(truth: str) -> str:
    """Return the truth as one line, nothing joined at line ends."""
    return plain(" ".join(truth.replace("¬", "-").split()))


def _rate(lines: Sequence[str], truth: str, ignore_case: bool) -> Rate:
    return character_errors(plain("\n".join(lines), ignore_case=ignore_case), plain(truth, ignore_case=ignore_case))


def _lines(raw: Sequence[str], corrected: Sequence[str], truth: str, ignore_case: bool) -> tuple[int, int, int, int]:
    """Return how many lines came nearer to the truth, went away from it, were clean, and are not now."""

    def folded(text: str) -> str:
        return plain(text, ignore_case=ignore_case)

    whole = folded(whole_of(truth))
    found: Counter[str] = Counter()
    for before, after in zip(map(folded, raw), map(folded, corrected), strict=True):
        old = errors_in_place(before, whole)
        new = errors_in_place(after, whole) if after != before else old
        found.update(better=new < old, worse=new > old, clean=old == 0, spoilt=old == 0 < new)
    return found["better"], found["worse"], found["clean"], found["spoilt"]


def _numbers(raw: Sequence[str], corrected: Sequence[str], truth: str) -> tuple[int, int, int]:
    """Return how many numbers were repaired, lost and invented."""
    before, after, true = (Counter(_NUMBER.findall(text)) for text in ("\n".join(raw), "\n".join(corrected), truth))
    return (
        ((after & true) - before).total(), ((before & true) - after).total(), ((after - before) - true).total()
    )  # fmt: skip
