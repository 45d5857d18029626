"""A scripted reviewer at the review desk: he knows the true text, and presses the fewest keys that lead to it.

Each key is really pressed in the browser, and after each place the line is looked at: a place counts as settled only
when the line then says there what the transcription says. Where the transcription does not tell (stamps, marks in the
margin), he says that the word is right; such places are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from bench.truth import TOKEN, Group, groups_of, in_one_line, parts_of, said_alike

MODULES = """async () => {
  const names = performance.getEntriesByType("resource").map((one) => one.name);
  const load = (name) => import(names.find((one) => one.includes(`/review/${name}`)));
  [window.deskText, window.narrowing] = [await load("text."), await load("narrowing.")];
  window.bareStop = ({ start, end, text, edit }) => ({ start, end, text, edit: edit && bareEdit(edit) });
  window.bareEdit = ({ state, before, after }) => ({ state, before, after });
}"""
LINES = "() => deskText.all().map((line) => [line.source, line.text])"
HERE = """() => {
  const word = document.querySelector("#lines .word.is-here");
  const line = word ? [...document.querySelectorAll("#lines > .line")].indexOf(word.closest(".line")) : -1;
  if (line < 0) return null;
  const stops = deskText.stopsOf(deskText.lineAt(line), line);
  const stop = deskText.stopAt(line, Number(word.dataset.start), Number(word.dataset.end));
  return {
    ...bareStop(stop), line, source: deskText.lineAt(line).source, lineText: deskText.lineAt(line).text,
    choices: deskText.choicesAt(stop), readings: deskText.wordingsAt(stop), stops: stops.map(bareStop),
  };
}"""
LEFT = """() => deskText.all().flatMap((line, number) => {
  const stops = deskText.stopsOf(line, number);
  return stops.length ? [{ source: line.source, lineText: line.text, stops: stops.map(bareStop) }] : [];
})"""
TEXT_OF = "(line) => deskText.lineAt(line)?.text ?? ''"
ROWS = """({ word, readings, tries }) => tries.map((typed) => narrowing.narrowed(word, typed, readings))"""
MOST_DOWN = 4
"""So far down the list of completions he goes."""


@dataclass
class Work:
    """What a reviewer did. `places` are those of which the transcription tells; `by_one_key` those settled by a key
    of their own, `by_line` those that went with their line, `with_page` those that were right and went with the
    approving of the page, `typed` the others, as "read → true (keys)"."""

    keys: int = 0
    places: int = 0
    by_one_key: int = 0
    by_line: int = 0
    with_page: int = 0
    typed: list[str] = field(default_factory=list)
    not_told: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A place that the desk asks about, and what stands there: `wanted` in the place of the words from `start` to
    `end` of the line, None where the transcription does not tell."""

    asked: dict[str, Any]
    start: int
    end: int
    wanted: str | None
    in_capitals: bool

    def is_said_by(self, line: str, start: int, end: int) -> bool:
        """Return whether line[start:end] says what is wanted."""
        return said_alike(line[start:end].strip(), self.wanted, in_capitals=self.in_capitals)

    def with_put(self, start: int, end: int, wording: str) -> bool:
        """Return whether the place is right once `wording` stands in the place of [start, end) of the line."""
        if not self.start <= start <= end <= self.end:
            return False
        line = self.asked["lineText"]
        said = " ".join(f"{line[self.start : start]}{wording}{line[end : self.end]}".split())
        return said_alike(said, self.wanted, in_capitals=self.in_capitals)

    @property
    def is_right(self) -> bool:
        """Whether it is right as it stands."""
        return self.wanted is None or self.is_said_by(self.asked["lineText"], self.start, self.end)


class Reviewer:
    """Goes through one open page."""

    def __init__(self, tab: Page, true_text: str) -> None:
        """Wait until the desk has learnt what it offers, and lay the transcription beside the lines."""
        self._tab = tab
        tab.wait_for_selector("#text[data-suggested]")
        tab.evaluate(MODULES)
        lines, truth = tab.evaluate(LINES), in_one_line(true_text)
        self._in_capitals = not any(map(str.islower, truth))
        self._parts = dict(
            zip([source for source, _text in lines], parts_of([text for _s, text in lines], truth), strict=True)
        )

    def review(self, most: int) -> Work:
        """Settle at most that many places of which the transcription tells. Return what it took."""
        work = Work()
        while work.places < most and (asked := self._tab.evaluate(HERE)):
            if self._is_done(most - work.places, work):
                break
            self._settle(self._place(asked, asked), asked, work)
        return work

    def _is_done(self, most: int, work: Work) -> bool:
        """Approve the page when all that is left on it is right as it stands. Return whether it is."""
        left = [self._place(line, stop) for line in self._tab.evaluate(LEFT) for stop in line["stops"]]
        told = [place for place in left if place.wanted is not None]
        if len(told) > most or not all(place.is_right and not _is_proposed(place) for place in left):
            return False
        with self._tab.expect_navigation():
            self._press(["a"], work)
        work.places, work.with_page = work.places + len(told), work.with_page + len(told)
        work.not_told += len(left) - len(told)
        return True

    def _place(self, asked: dict[str, Any], stop: dict[str, Any]) -> Place:
        line, part = asked["lineText"], self._parts.get(asked["source"])
        words = [found.span() for found in TOKEN.finditer(line)]
        if part is None or not words:
            return Place(asked | stop, stop["start"], stop["end"], None, self._in_capitals)
        touched = [group for group in groups_of(line, part) if any(_meets(words[n], stop) for n in group.words)]
        spans = [words[n] for group in touched for n in group.words] or [(stop["start"], stop["end"])]
        start, end = min(s for s, _e in spans), max(e for _s, e in spans)
        return Place(asked | stop, start, end, _said(touched), self._in_capitals)

    def _settle(self, place: Place, asked: dict[str, Any], work: Work) -> None:
        ahead = [self._place(asked, stop) for stop in asked["stops"] if stop["start"] >= asked["start"]]
        told = [one for one in ahead if one.wanted is not None]
        if len(ahead) > 1 and all(map(_is_right_as_line, ahead)) and len(ahead) == len(asked["stops"]):
            self._press(["w"], work if told else Work())
            work.places, work.by_line = work.places + len(told), work.by_line + len(told)
            work.not_told += len(ahead) - len(told)
            return
        if place.wanted is None:
            self._tab.keyboard.press("Enter")
            work.not_told += 1
            return
        work.places += 1
        if key := one_key(place):
            self._press([key], work)
            work.by_one_key += 1
        else:
            keys = self._typing(place)
            self._press(keys, work)
            work.typed.append(f"{asked['text']} → {place.wanted} ({len(keys)})")
        self._look_at(place, work)

    def _look_at(self, place: Place, work: Work) -> None:
        before, after = place.asked["lineText"], self._tab.evaluate(TEXT_OF, place.asked["line"])
        end = len(after) - (len(before) - place.end)
        if not place.is_said_by(after, min(place.start, max(end, 0)), max(end, 0)):
            work.wrong.append(f"{place.asked['text']} → {place.wanted}: {after}")

    def _press(self, keys: Sequence[str], work: Work) -> None:
        for key in keys:
            self._tab.keyboard.press(key) if len(key) > 1 or key.isascii() else self._tab.keyboard.insert_text(key)
        work.keys += len(keys)

    def _typing(self, place: Place) -> list[str]:
        """Return the keys with which a person types what is wanted in place, the fewest that he would find."""
        asked = place.asked
        line = asked["lineText"]
        head, tail = line[place.start : asked["start"]], line[asked["end"] : place.end]
        if tail and place.wanted.startswith(head) and not place.wanted.endswith(tail):
            return ["e", *["Control+Shift+ArrowRight"] * len(tail.split()), *place.wanted[len(head) :], "Enter"]
        if not (place.wanted.startswith(head) and place.wanted.endswith(tail)):
            whole = line[: place.start] + place.wanted + line[place.end :]
            return ["e", "Control+a", *whole, "Enter"]
        wanted = place.wanted[len(head) : len(place.wanted) - len(tail)]
        ways = [
            ["e", *wanted, "Escape", "Enter"],
            *_at_the_ends(asked["text"], wanted),
            *self._completed(asked, wanted),
        ]
        return min(ways, key=len)

    def _completed(self, asked: dict[str, Any], wanted: str) -> Iterator[list[str]]:
        """Yield ways through the list of completions: letters from the first wrong one on, or from the beginning."""
        word = asked["text"]
        readings = [
            one["text"] for one in asked["readings"] if (one["start"], one["end"]) == (asked["start"], asked["end"])
        ]
        first = next(
            (n for n, (a, b) in enumerate(zip(word, wanted, strict=False)) if a != b), min(len(word), len(wanted))
        )
        tries = [wanted[at:end] for at in sorted({0, first}) for end in range(at + 1, len(wanted) + 1)]
        found = self._tab.evaluate(ROWS, {"word": word, "readings": readings, "tries": tries})
        for typed, rows in zip(tries, found, strict=True):
            for down, row in enumerate(rows[: MOST_DOWN + 1]):
                if said_alike(row, wanted, in_capitals=self._in_capitals):
                    yield ["e", *typed, *["ArrowDown"] * down, "Enter"]


def one_key(place: Place) -> str | None:
    """Return the key that makes the place say what is wanted, None when it has to be typed."""
    asked, edit = place.asked, place.asked["edit"]
    start, end = asked["start"], asked["end"]
    if edit and edit["state"] == "proposed" and place.with_put(start, end, edit["after"]):
        return "Enter"
    if place.is_right:
        return "x" if edit and edit["state"] == "proposed" else "Enter"
    if edit and place.with_put(start, end, edit["before"]):
        return "x"
    for number, choice in enumerate(asked["choices"], 1):
        if place.with_put(choice["start"], choice["end"], choice["text"]):
            return str(number)
    return "Delete" if place.with_put(start, end, "") else None


def _is_proposed(place: Place) -> bool:
    edit = place.asked["edit"]
    return edit is not None and edit["state"] == "proposed"


def _is_right_as_line(place: Place) -> bool:
    return place.is_right


def _meets(span: tuple[int, int], stop: dict[str, Any]) -> bool:
    return span[0] < stop["end"] and stop["start"] < span[1]


def _said(groups: Sequence[Group]) -> str:
    return " ".join(group.text for group in groups if group.text)


def _at_the_ends(word: str, wanted: str) -> Iterator[list[str]]:
    """Yield how a person changes the end or the beginning of the word alone: the arrow leaves the rest as it is."""
    same = len(_common(word, wanted))
    yield ["e", "ArrowRight", *["Backspace"] * (len(word) - same), *wanted[same:], "Enter"]
    same = len(_common(word[::-1], wanted[::-1]))
    yield ["e", "ArrowLeft", *["Delete"] * (len(word) - same), *wanted[: len(wanted) - same], "Enter"]


def _common(one: str, other: str) -> str:
    count = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:count]
