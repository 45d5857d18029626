"""Danish text out of Debian's documentation: there is no collection of Danish novels among the sources."""

from __future__ import annotations

import lzma
import re
import subprocess
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from documents.correction.lexicon import guess_language
from training.places import TEXT

PACKAGES = {
    "libreoffice-help-da": "usr/share/libreoffice/help/da",
    "debian-edu-doc-da": "usr/share/doc/debian-edu-doc-da",
    "debian-handbook": "usr/share/doc/debian-handbook/html/da-DK",
}
"""Licences: MPL 2.0; GPL 2 or later; CC BY-SA 3.0 or GPL 2 or later."""

SHORTEST = 40
"""Characters of a paragraph: shorter ones are names of menus and tell no language."""

_BLANKS = re.compile(r"\s+")
_BLOCKS = frozenset("p li td th dd dt h1 h2 h3 h4 h5 div pre br tr".split())


class _Paragraphs(HTMLParser):
    """Collects the text of a page, cut at block elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        if tag in _BLOCKS:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")
        if tag in _BLOCKS:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found[-1] += data


def make_text() -> Path:
    """Write da.txt.xz from PACKAGES, which apt-get fetches; return its path. A file that is there stays."""
    target = TEXT / "da.txt.xz"
    if target.is_file():
        return target
    TEXT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, check=True)
        for package in sorted(Path(folder).glob("*.deb")):
            subprocess.run(["dpkg", "-x", str(package), folder], check=True)
        pages = [page for part in PACKAGES.values() for page in sorted(Path(folder, part).rglob("*.html"))]
        paragraphs = list(dict.fromkeys(paragraph for page in pages for paragraph in danish_paragraphs(page)))
    with lzma.open(target, "wt", encoding="utf-8") as file:
        file.write("\n".join(paragraphs))
    return target


def danish_paragraphs(page: Path) -> Iterator[str]:
    """Yield the paragraphs of an HTML file that are in Danish; much of the documentation is not translated."""
    reader = _Paragraphs()
    reader.feed(page.read_text(encoding="utf-8", errors="replace"))
    for paragraph in reader.found:
        text = _BLANKS.sub(" ", paragraph).strip()
        if len(text) >= SHORTEST and guess_language(text) == "da":
            yield text
