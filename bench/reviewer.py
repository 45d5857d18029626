"""A scripted reviewer at the review desk: he knows the true text, and presses the fewest keys that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page
from rapidfuzz.distance import Levenshtein

TEXT_MODULE = """async () => {
  const names = performance.getEntriesByType("resource").map((one) => one.name);
  window.deskText = await import(names.find((name) => /review\\/text[.]/.test(name)));
}"""
WORDS = "() => deskText.all().map((line) => line.words.map((word) => line.text.slice(word.start, word.end)))"
STOPS = """() => deskText.stops().map((stop) => {
  const { words } = deskText.lineAt(stop.line);
  const isWhole = (choice) => choice.start === stop.start && choice.end === stop.end;
  const { state, before, after } = stop.edit ?? {};
  return {
    line: stop.line, text: stop.text, edit: stop.edit && { state, before, after },
    words: stop.words.map((word) => words.findIndex((other) => other.start === word.start)),
    choices: deskText.choicesAt(stop).map((choice) => ({ text: choice.text, isWhole: isWhole(choice) })),
  };
})"""


@dataclass
class Work:
    """What a reviewer did: keys pressed, places decided, and how many of them by one key or by typing."""

    keys: int = 0
    places: int = 0
    by_one_key: int = 0
    typed: list[str] = field(default_factory=list)


def review(tab: Page, true_text: str, most: int) -> Work:
    """Decide at most that many places on the open page, in order, so that each says what the true text does there."""
    tab.wait_for_load_state("networkidle")  # what the dictionary knows is asked for in the background
    tab.evaluate(TEXT_MODULE)
    truth = true_words(tab.evaluate(WORDS), true_text.split())
    work = Work()
    for stop in tab.evaluate(STOPS)[:most]:
        wanted = " ".join(filter(None, (truth[stop["line"]][number] for number in stop["words"])))
        key = one_key(stop, wanted)
        work.places += 1
        if key:
            tab.keyboard.press(key)
            work.keys, work.by_one_key = work.keys + 1, work.by_one_key + 1
        else:
            tab.keyboard.press("e")
            tab.keyboard.type(wanted)
            tab.keyboard.press("Enter")
            work.keys += 2 + len(wanted)
            work.typed.append(f"{stop['text']} → {wanted}")
    return work


def one_key(stop: dict[str, Any], wanted: str) -> str | None:
    """Return the key that makes the place say what is wanted, None when it has to be typed."""
    edit = stop["edit"]
    if edit and edit["state"] == "proposed" and wanted in (edit["after"], edit["before"]):
        return "Enter" if wanted == edit["after"] else "x"
    if edit and wanted == edit["before"]:
        return "x"
    if wanted == stop["text"]:
        return "Enter"
    if not wanted:
        return "Delete"
    found = [n for n, choice in enumerate(stop["choices"]) if choice["isWhole"] and choice["text"] == wanted]
    return str(found[0] + 1) if found else None


def true_words(lines: list[list[str]], truth: list[str]) -> list[list[str]]:
    """Return for each word of the page what the true text has in its place, "" for nothing.

    Words are compared in their order. What was not read at all is not asked for here.
    """
    words = [word for line in lines for word in line]
    found = list(words)
    for op in Levenshtein.opcodes(words, truth):
        ours, theirs = range(op.src_start, op.src_end), truth[op.dest_start : op.dest_end]
        for place, number in enumerate(ours):
            found[number] = theirs[place] if place < len(theirs) else ""
    rest = iter(found)
    return [[next(rest) for _word in line] for line in lines]
