"""Joining two texts that grew out of one: what only one side changed is taken, what both changed is a conflict.

Lines are stored lines, as described at PageText. A line is known by its box; one without a box by its wording. Where
a new reading cuts the page into other lines, those that lie over each other are compared as a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from documents.correction.alignment import Edit, apply_edits, edits_between

Line = Mapping[str, Any]
Lines = Sequence[Line]

OVERLAP = 0.5
"""Lines of two readings are the same place when they share this part of the smaller one's area (design figure)."""

SAME, MINE, THEIRS, BOTH, CONFLICT = "same", "mine", "theirs", "both", "conflict"


@dataclass(frozen=True)
class Row:
    """A place of the page in all three texts. `kind` says who changed it; `result` is what comes of it: with a
    conflict, mine."""

    kind: str
    base: tuple[Line, ...]
    mine: tuple[Line, ...]
    theirs: tuple[Line, ...]
    result: tuple[Line, ...]

    def words(self, side: str) -> str:
        """Return the wording of "base", "mine", "theirs" or "result", its lines joined by newlines."""
        return "\n".join(line["text"] for line in getattr(self, side))


def merge(base: Lines, mine: Lines, theirs: Lines) -> list[Row]:
    """Return the places of the page from top to bottom, each with what comes of it. No word of mine is lost."""
    groups = _groups(base, mine, theirs)
    return [_row(*[tuple(side[number] for number in numbers) for side, numbers in zip((base, mine, theirs), group)])
            for group in groups]  # fmt: skip


def result_of(rows: Sequence[Row]) -> list[Line]:
    """Return the lines that come of the merge."""
    return [line for row in rows for line in row.result]


def conflicts_of(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return what both sides changed, {"base", "mine", "theirs"} as wordings."""
    return [{s: row.words(s) for s in ("base", "mine", "theirs")} for row in rows if row.kind == CONFLICT]


def _row(base: tuple[Line, ...], mine: tuple[Line, ...], theirs: tuple[Line, ...]) -> Row:
    if len(base) == len(mine) == len(theirs) == 1:
        return _line_by_line(base[0], mine[0], theirs[0])
    ours, other = not _is_untouched(base, mine), _texts(base) != _texts(theirs)
    if ours:
        return Row(CONFLICT if other and _texts(mine) != _texts(theirs) else MINE, base, mine, theirs, mine)
    return Row(THEIRS if other else SAME, base, mine, theirs, theirs)


def _line_by_line(base: Line, mine: Line, theirs: Line) -> Row:
    """Merge one line word by word; it keeps the place that the other side gave it."""
    text, own, other = base["text"], _own_edits(base, mine), edits_between(base["text"], theirs["text"])
    place = {name: theirs[name] for name in ("box", "block", "kind") if theirs.get(name) is not None}

    def row(kind: str, line: Line) -> Row:
        return Row(kind, (base,), (mine,), (theirs,), (line,))

    if not own:
        return row(THEIRS if other else SAME, theirs)
    if not other or mine["text"] == theirs["text"]:
        return row(MINE, {**mine, **place})
    if any(_touch(a, b) and a != b for a in own for b in other):
        return row(CONFLICT, {**mine, **place})
    wording = apply_edits(text, list({*own, *other}))
    return row(BOTH, {**mine, **place, "text": wording, "confidence": None})


def _own_edits(base: Line, mine: Line) -> list[Edit]:
    """Return what a person changed in the line, and what he vouched for, which is an edit that changes nothing."""
    edits = edits_between(base["text"], mine["text"])
    vouched = _vouched(base["text"], mine) - _vouched(base["text"], base)
    return edits + [edit for edit in vouched if not any(_touch(edit, other) for other in edits)]


def _vouched(text: str, line: Line) -> set[Edit]:
    """Return the settled words of a line where they stand in `text`."""
    at, found = 0, set()
    for word in line.get("words", ()):
        start = text.find(word["text"], at)
        if start < 0:
            continue
        at = start + len(word["text"])
        if word.get("settled"):
            found.add(Edit(start, at, word["text"], word["text"]))
    return found


def _touch(a: Edit, b: Edit) -> bool:
    return (a.start < b.end and b.start < a.end) or a.start == b.start


def _is_untouched(base: Lines, mine: Lines) -> bool:
    return _texts(base) == _texts(mine) and _settled(base) == _settled(mine)


def _settled(lines: Lines) -> list[str]:
    return [word["text"] for line in lines for word in line.get("words", ()) if word.get("settled")]


def _texts(lines: Lines) -> list[str]:
    return [line["text"] for line in lines]


def _groups(base: Lines, mine: Lines, theirs: Lines) -> list[tuple[list[int], list[int], list[int]]]:
    """Return the numbers of the lines that are one place: in base, in mine, in theirs; in base's order."""
    ours, other = _partners(base, mine), _partners(base, theirs)
    joined = _joined(len(base), [*ours, *other])
    groups: dict[tuple[int, int, int], tuple[list[int], list[int], list[int]]] = {}

    def put(side: int, partners: list[list[int]]) -> None:
        last = -1
        for number, found in enumerate(partners):
            # A line of its own comes after the one that it follows on its side.
            key = (joined[found[0]], -1, 0) if found else (last, side, number)
            last = key[0]
            groups.setdefault(key, ([], [], []))[side].append(number)

    put(0, [[number] for number in range(len(base))])
    put(1, ours)
    put(2, other)
    return [groups[key] for key in sorted(groups)]


def _joined(count: int, partners: Sequence[list[int]]) -> list[int]:
    """Return for each line of the base the first of those that a line of another side lies over as well."""
    first = list(range(count))
    for found in partners:
        for number in found[1:]:
            old, new = sorted((first[number], first[found[0]]), reverse=True)
            first = [new if one == old else one for one in first]
    return first


def _partners(base: Lines, other: Lines) -> list[list[int]]:
    """Return for each line of `other` the numbers of the lines of `base` that are the same place."""
    boxes = {tuple(line["box"]): number for number, line in enumerate(base) if line["box"]}
    found = [[boxes[tuple(line["box"])]] if line["box"] and tuple(line["box"]) in boxes else [] for line in other]
    taken = {number for numbers in found for number in numbers}
    for number, line in enumerate(other):
        if not found[number] and line["box"]:
            found[number] = [n for n, b in enumerate(base) if n not in taken and b["box"] and _overlap(b, line)]
    taken |= {number for numbers in found for number in numbers}
    for b, n in _same_wording(base, other, [n for n in range(len(base)) if n not in taken], found):
        found[n] = [b]
    return found


def _same_wording(base: Lines, other: Lines, left: list[int], found: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of lines, of those without a partner, that say the same."""
    right = [number for number, numbers in enumerate(found) if not numbers]
    texts = [base[n]["text"] for n in left], [other[n]["text"] for n in right]
    for a, b, size in SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
        yield from ((left[a + i], right[b + i]) for i in range(size))


def _overlap(a: Line, b: Line) -> bool:
    (al, at, ar, ab), (bl, bt, br, bb) = a["box"], b["box"]
    shared = max(0, min(ar, br) - max(al, bl)) * max(0, min(ab, bb) - max(at, bt))
    smaller = min((ar - al) * (ab - at), (br - bl) * (bb - bt))
    return shared >= OVERLAP * max(smaller, 1)
