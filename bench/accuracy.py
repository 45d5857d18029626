"""`bench/accuracy.py [DIR...]`: how well pages are read, per set, engine and mode.

DIR holds NAME.jpg, .png or .pdf with NAME.gt.txt; without any, the sets in DATA_SAMPLES are read. Normalisation:
`bench.measures.plain` on both sides (NFC, white space folded, words cut at a line's end joined; see bench/README.md).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from rapidocr import RapidOCR

if __name__ == "__main__":  # as a script: hand over to the benchmarks' own start, which prepares the environment
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench.__main__ import main as start

    sys.argv.insert(1, "accuracy")
    sys.exit(start())

from bench import report, samples
from bench.measures import Rate, WordHits, character_errors, plain, word_errors, word_hits
from documents.models import ReadingMode
from documents.ocr.base import OcrError
from documents.ocr.engines import ENGINES
from documents.pipeline import files
from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import PageProblem, sniff
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import RenderingFailed, draw_page

PLAIN = "rapidocr-plain"
"""RapidOCR as it comes, its lines sorted from top to bottom: what the product has to be better than."""


@dataclass(frozen=True)
class Score:
    """How near readings are to the truth, and what they cost. Scores add up."""

    pages: int = 0
    failed: int = 0
    cer: Rate = Rate()
    wer: Rate = Rate()
    words: WordHits = WordHits()
    seconds: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.pages + other.pages, self.failed + other.failed, self.cer + other.cer, self.wer + other.wer,
            self.words + other.words, self.seconds + other.seconds,
        )  # fmt: skip


def main(options: list[str]) -> None:
    """Print a row per set, engine and mode."""
    asked = _parser().parse_args(options)
    folders = asked.folders or [samples.FOLDER / name for name in samples.SETS]
    folders = [folder for folder in folders if samples.in_folder(folder)]
    if not folders:
        report.say(f"There are no scans with known text in {samples.FOLDER} (set DATA_SAMPLES): nothing was measured.")
        return
    with tempfile.TemporaryDirectory() as drawn:
        if not asked.folders:
            folders.append(samples.clean(Path(drawn)))
        rows = list(_rows(folders, asked))
    report.table(
        ["set", "engine", "mode", "pages", "failed", "CER", "WER", "word F1", "s/page"],
        [[r["set"], r["engine"], r["mode"], r["pages"], r["failed"], r["cer"], r["wer"], r["f1"], r["seconds_per_page"]]
         for r in rows],
    )  # fmt: skip
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench/accuracy.py")
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folders of scans (all sets)")
    parser.add_argument("--engine", nargs="+", default=[""], choices=["", *ENGINES, PLAIN], help="(the best there is)")
    parser.add_argument("--mode", nargs="+", default=["balanced"], choices=ReadingMode.values, help="(balanced)")
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="pages of each set (all)")
    parser.add_argument("--language", default="", help="ISO 639-1 code for all pages (automatic)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too, page by page")
    return parser


def _rows(folders: list[Path], asked: argparse.Namespace) -> Iterator[dict]:
    """Yield a row per set, engine and mode; page by page all of them take turns, so that the times compare."""
    wanted = [(engine, mode) for engine in asked.engine for mode in asked.mode]
    for folder in folders:
        found: dict[tuple[str, str], dict[str, Score]] = {key: {} for key in wanted}
        for sample in samples.in_folder(folder)[: asked.limit]:
            for engine, mode in wanted:
                options = ReadingOptions(engine, mode, asked.language, folder.name.startswith("hand"))
                found[engine, mode][sample.picture.name] = read(sample, options, folder.name == "receipts")
        for (engine, mode), pages in found.items():
            yield _row(folder.name, engine or "automatic", mode, pages)


def _row(name: str, engine: str, mode: str, pages: dict[str, Score]) -> dict:
    total = sum(pages.values(), Score())
    return {
        "set": name, "engine": engine, "mode": mode, "pages": total.pages, "failed": total.failed,
        "cer": total.cer.value, "wer": total.wer.value, "f1": total.words.f1,
        "seconds_per_page": total.seconds / max(1, total.pages),
        "by_page": {page: asdict(score) for page, score in pages.items()},
    }  # fmt: skip


def read(sample: samples.Sample, options: ReadingOptions, ignore_case: bool) -> Score:
    """Return the score of one page as the product reads it; a page that cannot be read counts as empty."""
    with sample.picture.open("rb") as stream:
        kind = sniff(stream.read(1024))
    started, text, failed = time.monotonic(), "", 0
    with files.work_folder() as folder:
        try:
            drawing = draw_page(sample.picture, kind, 1, folder)
            started = time.monotonic()  # drawing is the same for all
            text = plain_text(drawing.picture.path) if options.engine == PLAIN else read_drawing(drawing, options).text
        except (OcrError, PageProblem, RenderingFailed):
            failed = 1
    seconds = time.monotonic() - started
    text, truth = plain(text, ignore_case=ignore_case), plain(sample.text, ignore_case=ignore_case)
    return Score(
        1, failed, character_errors(text, truth), word_errors(text, truth), word_hits(text, truth), seconds
    )


@cache
def _plain_engine() -> RapidOCR:
    return RapidOCR(params={"Global.log_level": "error"})


def plain_text(picture: Path) -> str:
    """Return what RapidOCR reads with its own settings, top-down."""
    found = _plain_engine()(str(picture))
    if found.boxes is None:
        return ""
    lines = sorted(zip(found.boxes, found.txts, strict=True), key=lambda line: line[0][:, 1].min())
    return "\n".join(text for _box, text in lines)
