"""`python -m bench weights`: fits the weights of evidence.py on the words of scans and text pairs with known text.

Prints what the weights do on pages that they were not fitted on, then the two tables of weights. The columns with the
model's opinion are fitted on the words that it was asked about: run it anew for another model.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import report, samples
from bench.correction import Passage, all_there_are, model_of, parser_of, passages_of, whole_of
from bench.reachable import true_words
from documents.correction.base import Question, RawLine
from documents.correction.briefing import brief_of
from documents.correction.choosing import Choice, Chooser
from documents.correction.correct import FALLBACK_LANGUAGE, Interview
from documents.correction.evidence import OF_A_CANDIDATE, OF_THE_READING, of_a_candidate, of_the_reading
from documents.correction.gate import sort_lines
from documents.correction.kinds import Kind, kind_of_page
from documents.correction.lexicon import lexicon_for
from documents.correction.models import ModelChoice
from documents.pipeline import engines
from documents.pipeline.raw_lines import NOTHING, raw_line

COUNTS = {"receipts": 0.5, "pairs-en-newspapers": 0.5, "pairs-fr-receipts": 0.25}
"""What a word of a set counts for, 1 in the others: the newspapers are many and alike, the French receipts no scans."""

SPREAD = 0.5
"""Standard deviation of the normal prior of each weight, about 0 without an opinion, about these with one. With 1.0
as much is gained on pages not fitted on, with a few more words made worse."""

FOLDS = 4
THRESHOLDS = (-0.5, -0.25, 0.0, 0.5)  # log-odds
OPINION = OF_A_CANDIDATE.index("opinion")
BY_HAND = OF_A_CANDIDATE.index("signs undone")  # too few to fit
ASKED = (-4.5, 3.5)  # log-odds between which the model is asked here: somewhat more than at work


@dataclass(frozen=True)
class Word:
    """A word that may have been another: the figures of the reading (14) and of each candidate (rows of 14), and which
    was right: 0 the reading, or none of them, else the candidate before. `worth` tells what it counts for."""

    source: str
    passage: int
    reading: np.ndarray
    candidates: np.ndarray
    right: int
    is_wrong: bool
    is_known: bool
    is_heard: bool
    worth: float


def main(options: list[str]) -> None:
    """Print a table of what the weights do, and the weights."""
    asked = parser_of("python -m bench weights").parse_args(options)
    with tempfile.TemporaryDirectory() as drawn:
        sources = asked.sources or all_there_are(Path(drawn))
        model = model_of(asked.model)
        words = [word for source in sources for word in words_of_source(source, asked, model)]
    if not words:
        report.say(f"There are no texts with known truth in {samples.FOLDER} (set DATA_SAMPLES).")
        return
    for is_known in (False, True):
        some = [word for word in words if word.is_known == is_known]
        report.say(f"{'Known' if is_known else 'Unknown'} words, on pages not fitted on, by the log-odds asked for:")
        _print_held_out(some)
        _print_weights(some)


def words_of_source(source: Path, asked: argparse.Namespace, model: ModelChoice) -> Iterator[Word]:
    """Yield the words of a folder of scans or a file of text pairs that may have been others."""
    for number, passage in enumerate(passages_of(source, asked)):
        yield from words_of(passage, model, source.stem, number)


def words_of(passage: Passage, model: ModelChoice, source: str, number: int) -> Iterator[Word]:
    """Yield the words of a passage that may have been others, each language's by themselves as at work."""
    kind = kind_of_page([line["text"] for line in passage.lines])
    spoken = [line.get("language") or FALLBACK_LANGUAGE for line in passage.lines]
    for language in dict.fromkeys(spoken):
        raw = [raw_line(line) if own == language else NOTHING for line, own in zip(passage.lines, spoken, strict=True)]
        if lexicon_for(language):
            yield from _words(raw, language, kind, model, whole_of(passage.truth), source, number)


def _words(
    raw: Sequence[RawLine], language: str, kind: Kind, model: ModelChoice, truth: str, source: str, number: int
) -> Iterator[Word]:
    lexicon = lexicon_for(language)
    assert lexicon is not None
    gate, chooser = sort_lines(raw, lexicon, kind), Chooser(raw, lexicon, kind)
    lines = sorted({*gate.doubtful, *chooser.lines_without_doubt()})
    choices = chooser.weighed_again([choice for line in lines for choice in chooser.choices(line)])
    knows = model.languages is None or language in model.languages
    brief = brief_of(raw, gate.doubtful, lexicon, kind)
    opinions = _opinions(Interview(engines.corrector(model), raw, language, brief), raw, choices) if knows else {}
    true = dict(_true_words(raw, choices, truth))
    for at, choice in enumerate(choices):
        if at not in true:
            continue
        suggested = [word for word, _odds in choice.ranked]
        first = max(suggested, key=lambda one: one.worth)
        said = opinions.get(at) or [None] * len(suggested)
        rows = [
            of_a_candidate(one, choice.doubt, lexicon, chooser.page, is_first=one is first, opinion=opinion)
            for one, opinion in zip(suggested, said, strict=True)
        ]
        wordings = ["", *choice.wordings]
        yield Word(
            source, number, np.array(of_the_reading(choice.doubt, lexicon, chooser.page, kind)), np.array(rows),
            wordings.index(true[at]) if true[at] in wordings[1:] else 0, true[at] != choice.doubt.text,
            choice.is_known, any(one is not None for one in said), COUNTS.get(source, 1.0),
        )  # fmt: skip


def _opinions(interview: Interview, raw: Sequence[RawLine], choices: Sequence[Choice]) -> dict[int, list[float | None]]:
    """Return the model's opinions by the choice's number, on those that are open."""
    if interview.weigh is None:
        return {}
    numbers = [at for at, choice in enumerate(choices) if ASKED[0] < choice.ranked[0][1] < ASKED[1]]
    some = [choices[at] for at in numbers]
    questions = [Question(raw[one.line].text, one.doubt.start, one.doubt.end, one.wordings) for one in some]
    said = interview.weigh([one.line for one in some], questions) if some else []
    return dict(zip(numbers, said, strict=True))


def _true_words(raw: Sequence[RawLine], choices: Sequence[Choice], truth: str) -> Iterator[tuple[int, str]]:
    """Yield the number of each choice whose line is in the truth, and what stands there in the word's place."""
    for line in sorted({choice.line for choice in choices}):
        own = [(at, choice.doubt) for at, choice in enumerate(choices) if choice.line == line]
        found = true_words(raw[line].text, truth, [(doubt.start, doubt.end) for _at, doubt in own])
        if found is not None:
            yield from zip([at for at, _doubt in own], found, strict=True)


def fitted(words: Sequence[Word], *, with_opinion: bool, about: np.ndarray | None = None) -> np.ndarray:
    """Return the most probable weights, candidates' (14) and then the reading's (14), by Newton's method.

    `about` is the prior's mean, 0 unless given. Raises ValueError when there are no words.
    """
    if not words:
        raise ValueError("There are no words to fit the weights on.")
    size = len(OF_A_CANDIDATE) + len(OF_THE_READING)
    mean = np.zeros(size) if about is None else about
    weights = mean.copy()
    tables = [_table(word, with_opinion) for word in words]
    for _round in range(30):
        slope, bend = (mean - weights) / SPREAD**2, np.eye(size) / SPREAD**2
        for word, table in zip(words, tables, strict=True):
            shares = _shares(table @ weights)
            middle = shares @ table
            slope += word.worth * (table[word.right] - middle)
            bend += word.worth * ((table * shares[:, None]).T @ table - np.outer(middle, middle))
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def _table(word: Word, with_opinion: bool) -> np.ndarray:
    """Return a row of figures for the reading and for each candidate."""
    rows = word.candidates.copy()
    rows[:, BY_HAND] = 0
    if not with_opinion:
        rows[:, OPINION] = 0
    left = np.concatenate([np.zeros(rows.shape[1]), word.reading])
    return np.vstack([left, np.hstack([rows, np.zeros((len(rows), len(word.reading)))])])


def _shares(scores: np.ndarray) -> np.ndarray:
    found = np.exp(scores - scores.max())
    return found / found.sum()


def both(words: Sequence[Word]) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights without an opinion, fitted on all words, and those with one, on the words that have it."""
    without = fitted(words, with_opinion=False)
    heard = [word for word in words if word.is_heard]
    return without, fitted(heard, with_opinion=True, about=without) if heard else without


def _print_held_out(words: Sequence[Word]) -> None:
    """Print how many words are put right and made worse on the pages that are not fitted on."""
    found: dict[tuple[str, str], list[int]] = {}
    for fold in range(FOLDS):
        weights = both([word for word in words if word.passage % FOLDS != fold])
        for word in words:
            if word.passage % FOLDS == fold:
                for name, heard in (("without", False), ("with", True)):
                    _add(found.setdefault((word.source, name), [0] * (1 + 2 * len(THRESHOLDS))), word, weights, heard)
    head = ["set", "opinion", "misread", *(f"{kind} {at}" for at in THRESHOLDS for kind in ("right", "worse"))]
    report.table(head, [[*key, *row] for key, row in sorted(found.items())])


def _add(row: list[int], word: Word, weights: tuple[np.ndarray, np.ndarray], heard: bool) -> None:
    heard = heard and word.is_heard
    shares = _shares(_table(word, heard) @ weights[heard])
    best = int(shares[1:].argmax()) + 1
    odds = np.log(max(shares[best], 1e-9)) - np.log(max(1 - shares[best], 1e-9))
    row[0] += word.is_wrong
    for number, threshold in enumerate(THRESHOLDS):
        if odds >= threshold:
            row[1 + 2 * number] += best == word.right
            row[2 + 2 * number] += best != word.right and not (word.is_wrong and word.right)


def _print_weights(words: Sequence[Word]) -> None:
    heard = sum(word.is_heard for word in words)
    report.say(f"{len(words)} words, {heard} of them with an opinion. Weights without and with it:")
    rows = zip((*OF_A_CANDIDATE, *OF_THE_READING), *both(words), strict=True)
    report.table(["figure", "without", "with"], [[name, round(one, 2), round(other, 2)] for name, one, other in rows])
