"""The fonts that lines are printed in: fetched from Debian, sorted by what they look like, some kept for measuring."""

from __future__ import annotations

import json
import subprocess
import zlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from fontTools.ttLib import TTFont, TTLibError

from training.places import FONTS

Look = Literal["print", "typewriter", "till"]

PACKAGES = Path(__file__).with_name("fonts.txt")
INDEX = "index.json"
LETTERS = "áčďéěíňóřšťúůýžäöüßàâçèêëîïôûùœæåøñÁČĎÉĚÍŇÓŘŠŤÚŮÝŽÄÖÜÀÂÇÈÊËÎÏÔÛÙŒÆÅØÑ¿¡«»„“”‘’–—…€£§°ºªº"
"""What a font may or may not have beyond ASCII; a line is printed only in a font that has all of it."""

HELD_OUT_PART = 8  # one family in so many is kept for measuring
# Families whose name has one of these are no text: signs, hair lines, ornaments, letters drawn as outlines.
_UNFIT = """symbol dingbat math icon hairline thin initial outline extralight emoji sign keyboard ornament deco
    shadow blackletter d050 s050 music z003 chancery inline swash dunhill fibonacci funny staypuft zapf classical
    ugly""".split()
_TYPEWRITERS = ("courier", "typewriter", "typist", "prestige", "typo", "gnutype", "pica", "elite", "compagnon",
                "cursor", "nimbus mono", "lm mono", "liberation mono", "freemono")  # fmt: skip
_TILLS = ("mono", "ocr", "3270", "hack", "inconsolata", "fira", "terminus", "spleen", "proggy", "agave", "hermit",
          "anonymous", "monofur", "fantasque", "league", "jetbrains", "console", "fixed")  # fmt: skip


@dataclass(frozen=True)
class Font:
    """A font file. `letters` are those of LETTERS that it has."""

    path: str
    family: str
    look: Look
    letters: str

    @property
    def group(self) -> str:
        """The family without its weights and widths, so that one drawn in forty files does not outweigh the others."""
        return " ".join(self.family.lower().split()[:2])

    @property
    def is_held_out(self) -> bool:
        """Whether the family is kept for measuring: by its name, so that new packages move no other family."""
        return zlib.crc32(self.group.encode()) % HELD_OUT_PART == 0


def fetch_fonts() -> int:
    """Fetch and unpack the packages of fonts.txt (nothing is installed) and index them; return how many fonts.

    Does nothing when the index is there. Raises CalledProcessError when apt-get cannot fetch them.
    """
    if not (FONTS / INDEX).is_file():
        packages = FONTS / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        if not any(packages.glob("*.deb")):
            names = [line for line in PACKAGES.read_text().splitlines() if not line.startswith("#")]
            subprocess.run(["apt-get", "download", *names], cwd=packages, check=True)
        for package in sorted(packages.glob("*.deb")):
            subprocess.run(["dpkg", "-x", str(package), str(FONTS)], check=True)
        # A package's links may lead into another one that was not fetched.
        files = [path for path in sorted(FONTS.rglob("*.[to]tf")) if path.is_file()]
        found = [font for path in files if (font := looked_at(path))]
        (FONTS / INDEX).write_text(json.dumps([asdict(font) for font in found]))
    return len(fonts())


@lru_cache(maxsize=1)
def fonts() -> tuple[Font, ...]:
    """Return all fonts of the index. Raises FileNotFoundError before fetch_fonts()."""
    return tuple(Font(**one) for one in json.loads((FONTS / INDEX).read_text()))


def looked_at(path: Path) -> Font | None:
    """Return what kind of font a file is, None when Latin text cannot be set in it."""
    try:
        with TTFont(path, lazy=True) as font:
            known, name = font.getBestCmap() or {}, font["name"].getDebugName(1) or path.stem
            style = f"{name} {font['name'].getDebugName(2) or ''}".lower()
    except (TTLibError, KeyError, AssertionError, ValueError):
        return None
    is_text = all(code in known for code in range(33, 127)) and not any(word in style for word in _UNFIT)
    letters = "".join(letter for letter in LETTERS if ord(letter) in known)
    return Font(str(path), name, _look(name.lower()), letters) if is_text else None


def _look(name: str) -> Look:
    if any(word in name for word in _TYPEWRITERS):
        return "typewriter"
    return "till" if any(word in name for word in _TILLS) else "print"
