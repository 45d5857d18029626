"""Searchable PDFs of real scans: is the text ours letter by letter, do the words keep their places; and how fast."""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pypdfium2
from pikepdf.pdfa import validate_written
from PIL import Image

from bench import report, samples
from documents.export.base import ExportDocument, ExportLine, ExportPage
from documents.export.formats import FORMATS, ORIGINAL, PICTURES, TABLE, suffix_of, write
from documents.export.places import placed_line, with_boxes
from documents.ocr.blocks import with_blocks
from documents.ocr.engines import open_engine
from documents.pipeline.texts import stored_line
from tests.export.scenes import overlap, text_by_pdfium, text_by_poppler

SETS = ("receipts", "typed-en", "typed-de", "typed-fr", "print-es")
DPI = 300


def main(options: list[str]) -> None:
    """Print a row per set and engine, and one per format."""
    parser = argparse.ArgumentParser(prog="python -m bench export", description=__doc__)
    parser.add_argument("--pages", type=int, default=3, help="of each set (3)")
    parser.add_argument("--long", type=int, default=1000, help="pages of the long document (1,000)")
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as folder:
        pages = list(_exactness(asked.pages, Path(folder)))
        _speed(pages[0], asked.long, Path(folder))


def _exactness(count: int, folder: Path) -> Iterator[tuple[ExportPage, Path]]:
    """Print how exact the PDFs are, per set and engine; yield the pages with their scans."""
    rows = []
    for name in SETS if samples.are_there() else ("clean",):
        scans = samples.of_set(name) if name != "clean" else samples.in_folder(samples.clean(folder))
        for engine in ("rapidocr", "tesseract"):
            made = [_page(engine, sample.picture, folder) for sample in scans[:count]]
            rows.append([name, engine, len(made), *_figures([_measured(*one, folder) for one in made])])
            yield from made
    header = ["set", "boxes of", "pages", "text exact: poppler", "PDFium", "PDF/A-2b", "overlap median", "bytes"]
    report.table(header, rows)


def _page(engine: str, scan: Path, folder: Path) -> tuple[ExportPage, Path]:
    """Return the page as it is exported right after reading."""
    shown = folder / f"{scan.stem}.jpg"
    with Image.open(scan) as image:
        width, height = image.size
        image.convert("RGB").save(shown, quality=85)
    reading = with_blocks(open_engine(engine, {}).read(scan, language="", handwritten=False))
    stored = with_boxes([stored_line(line) for line in reading.lines], width, height)
    lines = tuple(placed_line(line, None) for line in stored)
    return ExportPage(1, width, height, lines, DPI, "", shown), scan


def _measured(page: ExportPage, scan: Path, folder: Path) -> tuple[bool, bool, bool, list[float], float]:
    pdf = folder / "one.pdf"
    kind = "jpeg" if scan.suffix == ".jpg" else "png"
    write("pdf", ExportDocument(scan.stem, [page], scan, kind), pdf, pages=1)
    return (
        text_by_poppler(pdf) == page.text, text_by_pdfium(pdf) == page.text, validate_written(pdf, "2b").passed,
        list(_overlaps(pdf, page.lines)), pdf.stat().st_size / scan.stat().st_size,
    )  # fmt: skip


def _overlaps(pdf: Path, lines: tuple[ExportLine, ...]) -> Iterator[float]:
    """Yield how much the place of each word in the PDF, as PDFium finds it, shares with the word's box."""
    with pypdfium2.PdfDocument(pdf) as document:
        text, scale = document[0].get_textpage(), DPI / 72
        height = document[0].get_height()
        letters = [(text.get_text_range(n, 1), text.get_charbox(n)) for n in range(text.count_chars())]
    told = "".join(letter if letter == "￾" or not letter.isspace() else " " for letter, _box in letters)
    groups = [found.span() for found in re.finditer(r"[^ \ufffe]+\ufffe?", told)]
    words = [word for line in lines for word in line.words]
    for (start, end), word in zip(groups, words, strict=False):
        boxes = [box for _letter, box in letters[start:end]]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        place = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
        yield overlap(place, word.box)


def _figures(measured: list[tuple[bool, bool, bool, list[float], float]]) -> list[str]:
    count = len(measured)
    poppler, pdfium, valid = (sum(one[n] for one in measured) for n in range(3))
    overlaps = [share for one in measured for share in one[3]]
    size = median(one[4] for one in measured)
    return [f"{poppler}/{count}", f"{pdfium}/{count}", f"{valid}/{count}", f"{median(overlaps):.3f}", f"{size:.2f} x"]


def _speed(one: tuple[ExportPage, Path], count: int, folder: Path) -> None:
    """Print how long a document of `count` such pages takes in each format."""
    page, scan = one
    rows = []
    for name in FORMATS:
        if name in (TABLE, PICTURES, ORIGINAL):
            continue  # the table is no document's own, the others are copies
        target = folder / f"long.{suffix_of(name, count)}"
        pages = (replace(page, number=number) for number in range(1, count + 1))
        document = ExportDocument("Long", pages, scan if name == "pdf" else None, "jpeg")
        started = time.perf_counter()
        write(name, document, target, pages=count)
        seconds = time.perf_counter() - started
        rows.append([name, count, count / seconds, target.stat().st_size / 1e6])
        target.unlink()
    report.table(["format", "pages", "pages per second", "MB"], rows)
