"""The words of a page that are replaced by the word they most probably were, without a model or with its opinion."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from documents.correction.base import Alternative, Change, Question, RawLine
from documents.correction.blanks import missing_blanks
from documents.correction.channel import SEEN_ENOUGH, WISH, Page, Suggestion, fit, suggest
from documents.correction.confusions import misreadings
from documents.correction.contexts import tokens
from documents.correction.doubts import (
    Doubt,
    all_words,
    doubtful_words,
    ends_within_a_word,
    parts_of_cut_words,
    pieces,
    whole_tokens,
)
from documents.correction.evidence import is_accent_alone, log_odds, probability
from documents.correction.gate import BROKEN
from documents.correction.kinds import Kind
from documents.correction.lexicon import Lexicon

Ask = Callable[[Sequence[int], Sequence[Question]], list[list[float | None]]]
"""Takes the numbers of the lines and the questions about them; returns a model's opinions, see Weigher."""

THRESHOLD = 0.5  # log-odds from which a choice is made
HEARD = -0.25  # added where the model gave its opinion
OTHER_WORD = 0.25  # added where the word that was read exists
# Added where an engine read the best word, too, and no model was heard: what stands against it is often that both words
# are wrong, and then the change does no harm. With -1.0 twice as many lines outside English became worse.
READ = -0.5
# Added where an accent alone would change: old spelling and typewriters had fewer of them, and half of such choices
# between 0.5 and 1.5 were wrong; of those that would change a known word (`konnen`), half up to 3.5.
ACCENT_ALONE, ACCENT_OF_KNOWN = 1.0, 3.0
BLIND = 0.5  # added where there is neither a model's opinion nor an engine's confidence
# Added where the list ends at the frequent words (Danish): inflected forms are unknown there, and as many choices
# between 0.5 and 1.5 were wrong as right.
SHORT_LIST = 1.0
PARTED = 0.75  # added where a word of a scan would be parted: typists run words together, engines seldom
PROPOSED = -0.5  # from here on a choice is offered
# Between these a model is asked: beyond them its opinion would change nothing (measured: no worse).
HOPELESS, CERTAIN = -3.5, 2.5
DRAWN = 20  # words by which a short page is drawn to the usual share of unknown ones
SHOWN = 2  # other words that a reviewer is offered beside the one chosen
# Nats by which the best other word may be behind a known one, to be worth weighing at all.
BEHIND = 1.5


@dataclass(frozen=True)
class Choice:
    """A word of line `line` that may be misread, and what it may have been, best first, each with its log-odds.

    `is_known` tells that the word itself exists, `is_heard` that a model gave its opinion, `is_of_short_list` that the
    language's list has frequent words only.
    """

    line: int
    doubt: Doubt
    ranked: tuple[tuple[Suggestion, float], ...]
    is_known: bool
    is_heard: bool
    is_of_short_list: bool

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return what the word may have been, best first."""
        return tuple(word.text for word, _odds in self.ranked)

    @property
    def threshold(self) -> float:
        """Return the log-odds from which the best word is put in the place of the one that was read."""
        best, is_scan = self.ranked[0][0], self.doubt.confidence is not None
        more = HEARD if self.is_heard else READ * bool(best.read)
        more += OTHER_WORD * self.is_known + SHORT_LIST * (self.is_of_short_list and not best.read)
        more += BLIND * (not is_scan and not self.is_heard) + PARTED * (is_scan and " " in best.text)
        if is_accent_alone(self.doubt.text, best.text):
            more += ACCENT_OF_KNOWN if self.is_known else ACCENT_ALONE
        return THRESHOLD + more


def choose_words(
    lines: Sequence[RawLine], numbers: Sequence[int], *, lexicon: Lexicon, kind: Kind, ask: Ask | None = None
) -> list[Change]:
    """Return the changes of single words, applied ones and those worth offering.

    `numbers` are the lines with doubtful words; on lines without any only the known words are looked at, as one word
    may be misread as another. `ask` is a model that knows the language, None where there is none.
    """
    chooser = Chooser(lines, lexicon, kind)
    numbers = sorted({*numbers, *chooser.lines_without_doubt()})
    choices = [choice for number in numbers for choice in chooser.choices(number)]
    choices = chooser.weighed_again(choices)
    if ask:
        choices = chooser.with_opinions(choices, ask)
    chosen = [change for choice in choices if (change := _change(choice))]
    return chosen if kind == "receipt" else [*chosen, *missing_blanks(lines, numbers, lexicon)]


class Chooser:
    """Weighs the words of one page against what they may have been."""

    def __init__(self, lines: Sequence[RawLine], lexicon: Lexicon, kind: Kind) -> None:
        """`lines` are all of the page's: its words and letters are evidence."""
        self._lines, self._lexicon, self._kind = lines, lexicon, kind
        self._cut_words: dict[int, list[Doubt]] = defaultdict(list)
        for number, part in parts_of_cut_words(lines, lexicon):
            self._cut_words[number].append(part)
        self._tokens = [tokens(line.text) for line in lines]
        # A word of the house may be meant though the page has it nowhere else.
        words = words_of_page(lines) + Counter({word: SEEN_ENOUGH for word in lexicon.house})
        self.page = Page(words, Counter("".join(words)), unknown_share(words, lexicon))

    def lines_without_doubt(self) -> Iterator[int]:
        """Yield the numbers of the lines of which every word is known; broken ones are none."""
        continued = False
        for number, line in enumerate(self._lines):
            is_broken = line.confidence is not None and line.confidence < BROKEN
            if line.text.strip() and not is_broken and not doubtful_words(line, self._lexicon, continued=continued):
                yield number
            continued = ends_within_a_word(line.text)

    def choices(self, number: int) -> Iterator[Choice]:
        """Yield a choice for each word of the line that may have been another, as the words alone tell it."""
        continued = number > 0 and ends_within_a_word(self._lines[number - 1].text)
        words = all_words(self._lines[number], self._lexicon, continued=continued)
        for word in chain(words, self._cut_words[number]):
            is_closed = self._kind == "receipt" and self._lexicon.knows(word.word)
            if is_closed or self._lexicon.protects(word.word):
                continue
            doubt = self._in_its_place(word, number)
            if found := self._suggestions(doubt):
                yield self._ranked(number, doubt, found)

    def weighed_again(self, choices: Sequence[Choice]) -> list[Choice]:
        """Return the choices weighed anew: what is misread in one word of a page is misread in others too."""
        found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for choice in choices:
            (best, odds), *_rest = choice.ranked
            word = choice.doubt.word
            for change in misreadings(choice.doubt.text, best.text):
                found[change][word] = max(probability(odds), found[change].get(word, 0.0))
        self.page = replace(self.page, misreadings=found)
        return [self._ranked(one.line, one.doubt, [word for word, _odds in one.ranked]) for one in choices]

    def with_opinions(self, choices: Sequence[Choice], ask: Ask) -> list[Choice]:
        """Return the choices, those that are open ranked again with the model's opinion; the others need none."""
        open_ones = [choice for choice in choices if HOPELESS < choice.ranked[0][1] < CERTAIN]
        questions = [
            Question(self._lines[one.line].text, one.doubt.start, one.doubt.end, one.wordings) for one in open_ones
        ]
        opinions = ask([one.line for one in open_ones], questions) if open_ones else []
        heard = {
            (one.line, one.doubt.start): self._ranked(one.line, one.doubt, [word for word, _odds in one.ranked], said)
            for one, said in zip(open_ones, opinions, strict=True)
        }
        return [heard.get((choice.line, choice.doubt.start), choice) for choice in choices]

    def _suggestions(self, doubt: Doubt) -> list[Suggestion]:
        found = suggest(doubt, self._lexicon, self.page)
        if found and self._lexicon.knows(doubt.word) and not any(one.read for one in found):
            prior, left, right = fit(doubt.word, doubt, self._lexicon)
            if found[0].worth < prior + WISH * (left + right) - BEHIND:
                return []
        return found

    def _ranked(
        self, number: int, doubt: Doubt, some: Sequence[Suggestion], said: Sequence[float | None] = ()
    ) -> Choice:
        is_heard = any(opinion is not None for opinion in said)
        odds = log_odds(doubt, some, said or [None] * len(some), lexicon=self._lexicon, page=self.page, kind=self._kind)
        # The other engine's reading wins a tie.
        ranked = sorted(zip(some, odds, strict=True), key=lambda pair: (pair[1], pair[0].read), reverse=True)
        is_known = self._lexicon.knows(doubt.word)
        return Choice(number, doubt, tuple(ranked), is_known, is_heard, self._lexicon.is_short)

    def _in_its_place(self, doubt: Doubt, number: int) -> Doubt:
        """Return the doubt with its neighbours, those across a line's end too."""
        text = self._lines[number].text
        left, right = tokens(text[: doubt.start]), tokens(text[doubt.end :])
        before = self._tokens[number - 1] if number else []
        after = self._tokens[number + 1] if number + 1 < len(self._lines) else []
        first = not left and not any(self._tokens[:number]) and doubt.text[0].islower()
        last = not right and not any(self._tokens[number + 1 :])
        return replace(
            doubt,
            left="" if doubt.head else (left or before or [""])[-1],
            right="" if doubt.tail else (right or after or [""])[0],
            is_cut=first or last,
        )


def words_of_page(lines: Sequence[RawLine]) -> Counter[str]:
    """Return how often each word stands on the page, in lower case."""
    return Counter(
        line.text[start:end].casefold()
        for line in lines
        for token in whole_tokens(line.text, False)
        for start, end in pieces(token)
    )


def unknown_share(words: Mapping[str, int], lexicon: Lexicon) -> float:
    """Return which part of the words no lexicon has, drawn to the language's usual part where there are few words."""
    known = [(count, lexicon.knows(word)) for word, count in words.items() if len(word) > 1 and word.isalpha()]
    whole = sum(count for count, _ in known)
    unknown = sum(count for count, is_known in known if not is_known)
    return (unknown + DRAWN * lexicon.usual_unknown) / (whole + DRAWN)


def _change(choice: Choice) -> Change | None:
    """Return the change to the best word; None when it is not even worth offering. Known words are never offered."""
    (best, odds), *rest = choice.ranked
    doubt, applied = choice.doubt, odds >= choice.threshold
    if not applied and (choice.is_known or odds < PROPOSED):
        return None
    rule = "other-word" if choice.is_known else "choice" if applied else "unsure-choice"
    return Change(
        choice.line, doubt.start, doubt.end, doubt.text, best.text, round(odds, 2), rule, applied,
        _alternatives(doubt, best, rest),
    )  # fmt: skip


def _alternatives(doubt: Doubt, best: Suggestion, rest: Sequence[tuple[Suggestion, float]]) -> tuple[Alternative, ...]:
    """Return what else could stand here: what other engines read, then the next best words."""
    words = [Alternative(one.text, "words") for one, _odds in rest[:SHOWN]]
    read = [Alternative(other.text, other.engine) for other in doubt.others if other.text != best.text]
    return (*read, *(word for word in words if word.text not in {other.text for other in read}))
