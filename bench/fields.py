"""`python -m bench fields`: how often date and total of receipts are found exactly, through the product's own reading.

The truth is NNN.fields.json beside the pictures in DATA_SAMPLES/receipts. Dates are compared as days and totals as
amounts, however they are written; companies by their letters and figures alone, for information: the truth there
holds addresses and branches now and then.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.utils.timezone import localdate

from bench import report, samples
from documents.fields.amounts import amounts_in
from documents.fields.base import DATE, SELLER, TOTAL, Piece
from documents.fields.dates import dates_in
from documents.fields.find import find_fields
from documents.ocr.base import Reading
from documents.pipeline import files
from documents.pipeline.options import ReadingOptions
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import draw_page

FIELDS = (DATE, TOTAL, SELLER)


def main(options: list[str]) -> None:
    """Print a row per field, and each value that was missed."""
    parser = argparse.ArgumentParser(prog="bench/fields.py")
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="receipts to read (all)")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="receipts to pass over first (none)")
    asked = parser.parse_args(options)
    scans = [one for one in samples.of_set("receipts") if truth_file(one.picture).is_file()][asked.skip :][
        : asked.limit
    ]
    if not scans:
        report.say(f"There are no receipts in {samples.FOLDER} (set DATA_SAMPLES): nothing was measured.")
        return
    hits = dict.fromkeys(FIELDS, 0)
    for scan in scans:
        truth, found = true_fields(truth_file(scan.picture)), read_fields(scan.picture)
        for name in FIELDS:
            hits[name] += same(name, found.get(name, ""), truth[name])
            if not same(name, found.get(name, ""), truth[name]):
                report.say(f"{scan.picture.name}: {name} is {truth[name]}, found {found.get(name, 'nothing')}")
    report.table(
        ["field", "receipts", "exact", "share"], [[n, len(scans), hits[n], hits[n] / len(scans)] for n in FIELDS]
    )


def truth_file(picture: Path) -> Path:
    """Return where a receipt's true fields stand."""
    return picture.with_name(f"{picture.stem}.fields.json")


def true_fields(path: Path) -> dict[str, str]:
    """Return the true date, total and seller, in the shapes of documents.fields.base.Found."""
    said = json.loads(path.read_text(encoding="utf-8"))
    day = next(dates_in(said["date"], today=date.today(), compact=True))
    amount = next(amounts_in(said["total"]))
    return {DATE: day.value.isoformat(), TOTAL: f"{amount.value:.2f}", SELLER: said["company"]}


def read_fields(picture: Path) -> Mapping[str, str]:
    """Return the fields found on a picture, as the product reads it (without the language model)."""
    with files.work_folder() as folder:
        return found_in(read_drawing(draw_page(picture, "jpeg", 1, folder), ReadingOptions()))


def found_in(reading: Reading) -> Mapping[str, str]:
    """Return the fields found in a reading by name."""
    lines = [[Piece(word.text, word.box, word.confidence) for word in line.words] for line in reading.lines]
    return {name: one.value for name, one in find_fields(lines, today=localdate()).fields.items()}


def same(name: str, found: str, truth: str) -> bool:
    """Return whether a found value is the true one."""
    if name != SELLER:
        return found == truth
    return re.sub(r"\W", "", found).casefold() == re.sub(r"\W", "", truth).casefold()
