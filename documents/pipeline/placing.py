"""Where each word of a line stands on the scan, and what is known of it, after the line has been worded anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

from documents.correction.alignment import edits_between
from documents.models import Edit, EditState
from documents.ocr.layout import surrounding_box

TOKEN = re.compile(r"\S+")
Known = Mapping[str, Any]
"""A stored word: {"text", "box", "confidence"} and, where there is something to say, "alternatives", "settled"."""


@dataclass(frozen=True)
class PlacedWord:
    """A word of a line's text, text[start:end], with what is known of its place; `is_same` when it is still worded as
    it was known. `box` and `confidence` are None where nothing is known."""

    start: int
    end: int
    text: str
    is_same: bool
    box: list[int] | None = None
    confidence: float | None = None
    alternatives: Sequence[Mapping[str, Any]] = ()
    settled: bool = False

    def stored(self, *, settled: bool) -> dict[str, Any]:
        """Return the shape in which it is kept with a person's text; `settled` words are not doubted any more."""
        word = {"text": self.text, "box": self.box, "confidence": self.confidence}
        more = {"alternatives": list(self.alternatives), "settled": settled}
        return word | {name: value for name, value in more.items() if value}


def place_words(text: str, known: Sequence[Known]) -> list[PlacedWord]:
    """Return the words of `text` from left to right, each at the place of the known word that it stands for.

    Where the numbers of words differ, the place of the group is shared out by their lengths.
    """
    tokens = list(TOKEN.finditer(text))
    names, placed = [token.group() for token in tokens], []
    for left, right in _groups([word["text"] for word in known], names):
        group, words = tokens[right], known[left]
        if len(group) == len(words):
            placed += [_same_place(token, word) for token, word in zip(group, words, strict=True)]
        else:
            placed += _shared_place(group, words)
    return placed


def _groups(left: list[str], right: list[str]) -> Iterator[tuple[slice, slice]]:
    """Yield the parts of both that belong together, equal words alone, neighbouring differences as one."""
    start = (0, 0)
    for op in Levenshtein.opcodes(left, right):
        if op.tag != "equal":
            continue
        yield slice(start[0], op.src_start), slice(start[1], op.dest_start)
        yield slice(op.src_start, op.src_end), slice(op.dest_start, op.dest_end)
        start = (op.src_end, op.dest_end)
    yield slice(start[0], len(left)), slice(start[1], len(right))


def _same_place(token: re.Match[str], word: Known) -> PlacedWord:
    is_same = word["text"] == token.group()
    return PlacedWord(
        token.start(), token.end(), token.group(), is_same, word["box"], word.get("confidence"),
        word.get("alternatives", ()), bool(word.get("settled")) and is_same,
    )  # fmt: skip


def _shared_place(tokens: Sequence[re.Match[str]], words: Sequence[Known]) -> list[PlacedWord]:
    boxes = [tuple(word["box"]) for word in words if word["box"]]
    if not boxes:
        return [PlacedWord(token.start(), token.end(), token.group(), False) for token in tokens]
    left, top, right, bottom = surrounding_box(boxes)
    sure = min((word["confidence"] for word in words if word.get("confidence") is not None), default=None)
    length, at, placed = sum(len(token.group()) for token in tokens), 0, []
    for token in tokens:
        from_x = left + (right - left) * at // length
        at += len(token.group())
        box = [from_x, top, left + (right - left) * at // length, bottom]
        placed.append(PlacedWord(token.start(), token.end(), token.group(), False, box, sure))
    return placed


def worded(text: str, source: Mapping[str, Any], known: Sequence[Known], settled: Iterable[int]) -> list[dict]:
    """Return the stored words of a line that a person left as `text`; none when nothing is known of their places.

    `source` is the stored line that it was made from, `known` the words of its place on the scan. Words that the
    person wrote are settled, as are those whose numbers (from 0, in `text`) are in `settled`.
    """
    if not known:
        return []
    before = [word.stored(settled=word.settled) for word in place_words(source.get("text", ""), known)]
    vouched = set(settled)
    return [
        word.stored(settled=word.settled or not word.is_same or number in vouched)
        | ({} if word.box else {"box": source.get("box")})
        for number, word in enumerate(place_words(text, before))
    ]


@dataclass(frozen=True)
class PlacedEdit:
    """A change by the model in the line as it is worded now: text[start:end] stands where the change was made."""

    edit: Edit
    start: int
    end: int


def place_edits(text: str, raw: str, edits: Iterable[Edit]) -> list[PlacedEdit]:
    """Return those of the edits of the `raw` line that can still be seen in `text`, from left to right.

    Where a person has worded the place itself anew, or edits overlap, the later one is left out.
    """
    expected, spans = _carried_out(raw, edits)
    if expected == text:
        return spans
    differences = edits_between(expected, text)
    kept = []
    for span in spans:
        touching = [d for d in differences if (d.start < span.end and span.start < d.end) or d.start == span.start]
        if touching:
            continue
        moved = sum(len(d.after) - len(d.before) for d in differences if d.end <= span.start)
        if text[span.start + moved : span.end + moved] == expected[span.start : span.end]:
            kept.append(PlacedEdit(span.edit, span.start + moved, span.end + moved))
    return kept


def _carried_out(raw: str, edits: Iterable[Edit]) -> tuple[str, list[PlacedEdit]]:
    """Return the raw line with its applied and accepted edits made, and where each edit stands in it."""
    text, spans, position = "", [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start < position or edit.end > len(raw) or raw[edit.start : edit.end] != edit.before:
            continue
        text += raw[position : edit.start]
        wording = edit.after if edit.state in (EditState.APPLIED, EditState.ACCEPTED) else edit.before
        spans.append(PlacedEdit(edit, len(text), len(text) + len(wording)))
        text, position = text + wording, edit.end
    return text + raw[position:], spans
