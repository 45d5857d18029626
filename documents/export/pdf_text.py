"""The invisible text of a page: each word over its place in the picture, blanks filling the gaps between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.export.base import ExportPage
from documents.export.pdf_font import InklessFont
from documents.export.pdf_spans import DOWN, RIGHT, UP, Span, spans_of
from documents.export.places import advance

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class ToPage:
    """From pixels of the picture to the page: points per pixel across and down, and the turn that follows."""

    across: float
    down: float
    turn: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def text_layer(page: ExportPage, font: InklessFont, font_name: str, to_page: ToPage) -> bytes:
    """Return the content stream that writes the page's text invisibly; b"" when there is none."""
    name = font_name.encode()
    shown = [
        b"/%s %s %s Tj" % (name, _how(span, page.height, to_page), font.encode(span.text))
        for line in spans_of(page.lines) for span in _with_blanks(line)
    ]  # fmt: skip
    if not shown:
        return b""
    return b"q %s cm BT 3 Tr\n%s\nET Q\n" % (_numbers(to_page.turn), b"\n".join(shown))


def _with_blanks(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the words, each followed by its blank."""
    for span, following in pairwise([*spans, None]):
        yield span
        if following is not None and not following.is_glued:
            yield replace(span, text=" ", start=span.end, end=max(following.start, span.end + 1))


def _how(span: Span, height: int, to_page: ToPage) -> bytes:
    """Return the operators that stretch a text over its span: size by its height, width by horizontal scaling."""
    along, up = (to_page.across, to_page.down) if span.way == RIGHT else (to_page.down, to_page.across)
    # In points and without a matrix that scales: PDFium, asking whether a new line begins, forgets to scale one side.
    matrix = {
        RIGHT: (1, 0, 0, 1, span.start * along, (height - span.base) * up),
        DOWN: (0, -1, 1, 0, span.base * up, (height - span.start) * along),
        UP: (0, 1, -1, 0, span.base * up, (height + span.start) * along),
    }[span.way]
    size, letters = span.size * up, sum(advance(letter) for letter in span.text)
    stretch = 100 * (span.end - span.start) * along / (size * letters)
    return b"%s Tf %s Tz %s Tm" % (_numbers((size,)), _numbers((stretch,)), _numbers(matrix))


def _numbers(values: Sequence[float]) -> bytes:
    return b" ".join(f"{value:.4f}".rstrip("0").rstrip(".").encode() for value in values)
