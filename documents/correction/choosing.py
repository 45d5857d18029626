"""The words of a page that are replaced by the word they most probably were, without a model or with its opinion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from documents.correction.base import Alternative, Change, Question, RawLine
from documents.correction.channel import SEEN_ENOUGH, Suggestion, log_odds, suggest
from documents.correction.doubts import Doubt, doubtful_words, ends_within_a_word, pieces
from documents.correction.kinds import Kind
from documents.correction.lexicon import Lexicon

Ask = Callable[[Sequence[int], Sequence[Question]], list[list[float | None]]]
"""Takes the numbers of the lines and the questions about them; returns a model's opinions, see Weigher."""

# Log-odds from which a choice is made. Names, codes and cut-off words are many on receipts, and their words few.
THRESHOLD: dict[Kind, float] = {"prose": 0.5, "letter": 0.5, "receipt": 1.5}
PROPOSED = -0.5  # from here on a choice is offered: about two in three are right
# Between these a model is asked: beyond them its opinion would change nothing (measured: no worse).
HOPELESS, CERTAIN = -2.5, 1.5
SHOWN = 2  # other words that a reviewer is offered beside the one chosen


@dataclass(frozen=True)
class Choice:
    """A doubtful word of line `line`, and what it may have been, best first, each with its log-odds in nats."""

    line: int
    doubt: Doubt
    ranked: tuple[tuple[Suggestion, float], ...]


def choose_words(
    lines: Sequence[RawLine], numbers: Sequence[int], *, lexicon: Lexicon, kind: Kind, ask: Ask | None = None
) -> list[Change]:
    """Return the changes of single words in the lines of those `numbers`, applied ones and those worth offering.

    `ask` is a model that knows the language, None where there is none; then frequency and likeness alone decide.
    """
    # A word of the house may be meant though the page has it nowhere else.
    words = words_of_page(lines) + Counter({word: SEEN_ENOUGH for word in lexicon.house})
    choices = [choice for number in numbers for choice in _choices(lines, number, lexicon, words)]
    if ask:
        choices = _with_opinions(lines, choices, ask, lexicon, words)
    return [change for choice in choices if (change := _change(choice, THRESHOLD[kind]))]


def words_of_page(lines: Sequence[RawLine]) -> Counter[str]:
    """Return how often each word stands on the page, in lower case."""
    return Counter(
        line.text[start:end].casefold()
        for line in lines
        for token in re.finditer(r"\S+", line.text)
        for start, end in pieces(token)
    )


def _choices(lines: Sequence[RawLine], number: int, lexicon: Lexicon, words: Counter[str]) -> Iterator[Choice]:
    """Yield a choice for each doubtful word of the line that may have been another, as the words alone tell it."""
    continued = number > 0 and ends_within_a_word(lines[number - 1].text)
    for doubt in doubtful_words(lines[number], lexicon, continued=continued):
        if found := suggest(doubt, lexicon, words):
            yield Choice(number, doubt, _ranked(doubt, found, [None] * len(found), words, lexicon))


def _with_opinions(
    lines: Sequence[RawLine], choices: Sequence[Choice], ask: Ask, lexicon: Lexicon, words: Counter[str]
) -> list[Choice]:
    """Return the choices, those that are open ranked again with the model's opinion; the others need none."""
    open_ones = [choice for choice in choices if HOPELESS < choice.ranked[0][1] < CERTAIN]
    questions = [
        Question(lines[one.line].text, one.doubt.start, one.doubt.end, tuple(word.text for word, _odds in one.ranked))
        for one in open_ones
    ]
    opinions = ask([one.line for one in open_ones], questions) if open_ones else []
    heard = {
        (one.line, one.doubt.start): replace(
            one, ranked=_ranked(one.doubt, [word for word, _odds in one.ranked], said, words, lexicon)
        )
        for one, said in zip(open_ones, opinions, strict=True)
    }
    return [heard.get((choice.line, choice.doubt.start), choice) for choice in choices]


def _ranked(
    doubt: Doubt, some: Sequence[Suggestion], opinions: Sequence[float | None], words: Counter[str], lexicon: Lexicon
) -> tuple[tuple[Suggestion, float], ...]:
    seen, zipf = words[doubt.text.casefold()], lexicon.zipf(doubt.text)
    odds = [log_odds(doubt, one, opinion, seen=seen, zipf=zipf) for one, opinion in zip(some, opinions, strict=True)]
    # The other engine's reading wins a tie.
    return tuple(sorted(zip(some, odds, strict=True), key=lambda pair: (pair[1], pair[0].read), reverse=True))


def _change(choice: Choice, threshold: float) -> Change | None:
    """Return the change to the best word; None when it is not even worth offering."""
    (best, odds), *rest = choice.ranked
    if odds < PROPOSED:
        return None
    doubt, applied = choice.doubt, odds >= threshold
    return Change(
        choice.line, doubt.start, doubt.end, doubt.text, best.text, round(odds, 2),
        "choice" if applied else "unsure-choice", applied, _alternatives(doubt, best, rest),
    )  # fmt: skip


def _alternatives(doubt: Doubt, best: Suggestion, rest: Sequence[tuple[Suggestion, float]]) -> tuple[Alternative, ...]:
    """Return what else could stand here: what other engines read, then the next best words."""
    words = [Alternative(one.text, "words") for one, _odds in rest[:SHOWN]]
    read = [other for other in doubt.others if other.text != best.text]
    return (*read, *(word for word in words if word.text not in {other.text for other in read}))
