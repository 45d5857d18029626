"""The scans to measure with: real ones from the folder that DATA_SAMPLES names, drawn ones where there are none."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from bench import report
from tests.samples.scans import save_scans, scan_of

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("DATA_SAMPLES", ROOT.parent / "shared" / "data"))
SETS = {
    "receipts": "en", "typed-en": "en", "typed-de": "de", "typed-cs": "cs", "typed-da": "da", "typed-fr": "fr",
    "print-es": "es", "hand-en": "en",
}  # fmt: skip
"""The sets of scans by folder, with their language (ISO 639-1)."""

PAIRS = {"pairs-en-newspapers.jsonl": "en", "pairs-fr-receipts.jsonl": "fr"}
PICTURES = {".jpg", ".jpeg", ".png", ".pdf"}
LETTER = (
    "Dear Sir, we thank you for tbe letter of last week", "and for the kind words about the harbour office.",
    "The invoice over 1,230.00 was paid on 3 May 1952.", "We remain, as ever, yours faithfully, and ask you",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A scan with the text that stands on it, its lines in reading order."""

    picture: Path
    truth: Path

    @property
    def text(self) -> str:
        """The true text."""
        return self.truth.read_text(encoding="utf-8")


def are_there() -> bool:
    """Return whether there are real scans; say what is done about it when there are none."""
    if FOLDER.is_dir():
        return True
    report.say(f"There are no scans in {FOLDER} (set DATA_SAMPLES), so drawn pictures take their place.")
    return False


def of_set(name: str) -> list[Sample]:
    """Return the samples of one set by name; none when the set is not there."""
    return in_folder(FOLDER / name)


def in_folder(folder: Path) -> list[Sample]:
    """Return the scans of a folder that have their text beside them, by name."""
    pictures = sorted(path for path in folder.glob("*.*") if path.suffix in PICTURES)
    found = [Sample(path, path.with_name(f"{path.stem}.gt.txt")) for path in pictures]
    return [sample for sample in found if sample.truth.is_file()]


def pairs(name: str) -> list[dict[str, Any]]:
    """Return the rows {"ocr", "truth"} of a file of text pairs; none when it is not there."""
    path = FOLDER / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def receipts(count: int, folder: Path) -> list[Path]:
    """Return pictures of that many receipts; drawn into `folder` when there are no real ones."""
    if not are_there():
        return drawn(count, folder)
    return [sample.picture for sample in of_set("receipts")][:count]


def mixed(count: int, folder: Path) -> list[Path]:
    """Return that many pictures in turn from all sets of print and typescript; drawn when there are no real ones."""
    if not are_there():
        return drawn(count, folder)
    sets = [of_set(name) for name in SETS if name != "hand-en"]
    turns = [sample.picture for turn in zip_longest(*sets) for sample in turn if sample]
    return turns[:count]


def drawn(count: int, folder: Path) -> list[Path]:
    """Return that many different pictures of a typed letter, drawn into `folder`."""
    letters = [(f"Letter number {number}", *LETTER * 6) for number in range(count)]
    pictures = [scan_of(*lines, seed=number, size=(1240, 1754)) for number, lines in enumerate(letters)]
    return [save_scans(folder / f"letter{number}.png", picture) for number, picture in enumerate(pictures)]


CLEAN_FONTS = ("DejaVuSerif.ttf", "DejaVuSans.ttf", "DejaVuSansMono.ttf")


def clean(folder: Path) -> Path:
    """Draw sharp 300 dpi pages in three fonts, with their text, into `folder`/clean; return that folder."""
    target = folder / "clean"
    target.mkdir()
    for name in CLEAN_FONTS:
        page = Image.new("L", (2480, 3508), 255)
        draw, font = ImageDraw.Draw(page), ImageFont.truetype(name, 44)
        lines = [LETTER[number % len(LETTER)].replace("tbe", "the") for number in range(36)]
        for number, line in enumerate(lines):
            draw.text((250, 250 + 80 * number), line, font=font, fill=0)
        page.save(target / f"{Path(name).stem}.png")
        (target / f"{Path(name).stem}.gt.txt").write_text("\n".join(lines))
    return target
