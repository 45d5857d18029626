"""`python -m bench preparation`: what preparing a damaged page is worth, and what it does to pages without damage.

Good pages are damaged in one way each and read as they are, after the one step that is meant for it, and after what
preparation chooses by itself. Then the pages as they came: where it does something to them, both readings are compared.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from bench import report, samples
from bench.measures import Rate, character_errors, plain
from documents.ocr.preparing import STEPS, prepare
from documents.ocr.preparing_measures import letter_height
from documents.ocr.preparing_options import NONE
from documents.ocr.rapid import RapidEngine
from tests.samples import damage

DAMAGES: dict[str, tuple[Callable[[np.ndarray], np.ndarray], str]] = {
    "white on black": (damage.inverted, "invert"),
    "dark borders": (damage.bordered, "border"),
    "salt and pepper, 4 %": (damage.specked, "denoise"),
    "shadow": (damage.shaded, "light"),
    "faded, 15 % contrast": (damage.faded, "contrast"),
    "faded, 8 % contrast": (lambda page: damage.faded(page, 0.08), "contrast"),
    "faded, 8 % contrast, CLAHE": (lambda page: damage.faded(page, 0.08), "clahe"),
    "reverse shows through": (damage.shone_through, "reverse"),
    "reverse, strong": (lambda page: damage.shone_through(page, 0.55), "reverse"),
    "tilted by 3 degrees": (lambda page: damage.tilted(page, 3.0), "straighten"),
    "tilted by 7 degrees": (lambda page: damage.tilted(page, 7.0), "straighten"),
    "letters of 7 pixels": (lambda page: damage.shrunk(page, 7.0, of=letter_height(page)), "scale"),
    "letters of 5 pixels": (lambda page: damage.shrunk(page, 5.0, of=letter_height(page)), "scale"),
    "shadow, black and white": (damage.shaded, "binarise"),
}
"""Each damage with the step that is meant for it."""

SETS = ("receipts", "typed-en", "typed-de", "print-es")
PRINTED = [name for name in samples.SETS if name != "hand-en"]


def main(options: list[str]) -> None:
    """Print a table of damages, and one of undamaged pages."""
    parser = argparse.ArgumentParser(prog="bench preparation")
    parser.add_argument("--pages", type=int, default=1, metavar="N", help="pages of each of four sets (1)")
    parser.add_argument("--only", nargs="+", choices=DAMAGES, default=list(DAMAGES), help="(all damages)")
    parser.add_argument("--undamaged", type=int, default=None, metavar="N", help="pages of each set as they are (all)")
    asked = parser.parse_args(options)
    pages = [sample for name in SETS for sample in samples.of_set(name)[: asked.pages]]
    if not pages:
        report.say(f"There are no scans with known text in {samples.FOLDER} (set DATA_SAMPLES): nothing was measured.")
        return
    report.table(
        ["damage", "step", "pages", "found on", "CER as it is", "after the step", "automatic"],
        [damaged(name, pages) for name in asked.only],
    )
    report.table(["damage", "step", "found on", "damaged pages", "undamaged too"], list(detected(asked.only)))
    if rows := list(undamaged(asked.undamaged)):
        report.table(["page as it came", "done to it", "CER as it is", "automatic"], rows)


def damaged(name: str, pages: list[samples.Sample]) -> list:
    """Return the row of one damage: CER as it is, after its step, and after what is chosen by itself."""
    hurt, step = DAMAGES[name]
    rates, found = [Rate()] * 3, 0
    for sample in pages:
        pixels = hurt(cv2.imread(str(sample.picture), cv2.IMREAD_GRAYSCALE))
        found += STEPS[step].found(pixels)
        rates = [sum(pair, Rate()) for pair in zip(rates, _errors(sample, pixels, NONE, step, ""), strict=True)]
    return [name, step, len(pages), found, *(rate.value for rate in rates)]


def detected(names: list[str]) -> Iterator[list]:
    """Yield how often each damage is found: on all printed pages, damaged and as they came. Nothing is read."""
    pages = [sample for name in PRINTED for sample in samples.of_set(name)]
    for name in names:
        hurt, step = DAMAGES[name]
        found = [0, 0]
        for sample in pages:
            pixels = cv2.imread(str(sample.picture), cv2.IMREAD_GRAYSCALE)
            found[0] += STEPS[step].found(hurt(pixels))
            found[1] += STEPS[step].found(pixels)
        yield [name, step, found[0], len(pages), found[1]]


def undamaged(limit: int | None) -> Iterator[list]:
    """Yield a row for each real printed page to which anything is done by itself."""
    for name in PRINTED:
        for sample in samples.of_set(name)[:limit]:
            with tempfile.TemporaryDirectory() as folder:
                done = prepare(sample.picture, Path(folder)).steps
            if done:
                pixels = cv2.imread(str(sample.picture), cv2.IMREAD_GRAYSCALE)
                rates = [rate.value for rate in _errors(sample, pixels, NONE, "")]
                yield [f"{name}/{sample.picture.name}", ", ".join(done), *rates]


def _errors(sample: samples.Sample, pixels: np.ndarray, *wishes: str) -> list[Rate]:
    """Return the errors of reading the picture after each of the wanted preparations; what is the same is read once."""
    known: dict[tuple[str, ...], Rate] = {}
    found = []
    for wanted in wishes:
        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder) / "page.bmp"
            cv2.imwrite(str(picture), pixels)
            prepared = prepare(picture, Path(folder), wanted)
            if prepared.steps not in known:
                known[prepared.steps] = _errors_of_reading(sample, prepared.path)
        found.append(known[prepared.steps])
    return found


def _errors_of_reading(sample: samples.Sample, picture: Path) -> Rate:
    text = _engine().read(picture, language="", handwritten=False).text
    ignore_case = "receipts" in sample.picture.parts
    return character_errors(plain(text, ignore_case=ignore_case), plain(sample.text, ignore_case=ignore_case))


@cache
def _engine() -> RapidEngine:
    return RapidEngine(threads=1)
