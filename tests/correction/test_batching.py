"""Several texts at once give what one after the other gives, for less work."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from documents.correction.base import Brief, Held, Question
from documents.correction.batching import Ask, together
from documents.correction.llama import LlamaCorrector
from tests.correction.tiny_gguf import write_chat_model

# More than one passage each: a passage is at most twelve lines.
LINES = [f"The house was qu1et at {hour} and we could hear tbe rain on the roof" for hour in range(10)]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("models")
    corrector = LlamaCorrector(write_chat_model(folder / "chat.gguf"), threads=1, context_size=8192)
    corrector.style.bias = 20.0  # of a model without knowledge: it departs here and there
    yield corrector
    corrector.close()


def work_of(chat: LlamaCorrector, at_once: int, ask):
    """Return what `ask` gives with so many texts at once, and how many tokens were computed for it."""
    chat.style.at_once, before = at_once, chat.runtime.sequences.tokens_done
    chat.runtime.rows([0], 1)  # nothing of the run before may help
    return ask(), chat.runtime.sequences.tokens_done - before


def counting(steps: int):
    """A talk that asks so many times and returns the sum of what it was told."""
    total = 0
    for step in range(steps):
        rows = yield Ask([step], [0])
        total += int(rows[0][0])
    return total


@pytest.mark.parametrize("at_once", [1, 3, 8])
def test_each_talk_gets_its_own_answers_and_not_too_many_are_under_way(at_once):
    widths = []

    def compute(asks):
        widths.append(len(asks))
        return {slot: np.array([[ask.sequence[0]]]) for slot, ask in asks.items()}

    assert together([counting(steps) for steps in (4, 0, 1, 3, 2)], compute, at_once) == [6, 0, 0, 3, 1]
    assert max(widths) == min(at_once, 4)


def test_it_words_a_page_as_one_by_one_and_computes_no_more_for_it(chat):
    one, tokens = work_of(chat, 1, lambda: chat.propose(LINES, language="en"))
    several, fewer = work_of(chat, 8, lambda: chat.propose(LINES, language="en"))
    assert [candidate.text for candidate in several] == [candidate.text for candidate in one]
    assert any(candidate.text != line for candidate, line in zip(one, LINES, strict=True))
    assert fewer <= tokens


def test_it_weighs_words_as_one_by_one(chat):
    questions = [Question(line, 14, 19, ("quiet", "quite")) for line in LINES[:9]]
    one, _ = work_of(chat, 1, lambda: chat.weigh(questions, language="en"))
    several, _ = work_of(chat, 8, lambda: chat.weigh(questions, language="en"))
    assert np.array(several) == pytest.approx(np.array(one), rel=0.05, abs=2)


def test_what_all_texts_begin_with_is_computed_once(chat):
    runtime, start = chat.runtime, list(range(100))
    runtime.rows([0], 1)
    before = runtime.sequences.tokens_done
    asks = {slot: Ask([*start, 100 + slot], [100]) for slot in range(4)}
    together_ = runtime.rows_of(asks)
    assert runtime.sequences.tokens_done - before == len(start) - 1 + 4
    for slot, ask in asks.items():
        assert together_[slot] == pytest.approx(runtime.rows(ask.sequence, 1), abs=0.05)


def test_nothing_is_computed_for_a_line_that_is_held_from_end_to_end(chat):
    line = "all of this is known"
    brief = Brief(held=((Held(0, len(line), math.inf),),))
    before = chat.runtime.sequences.tokens_done
    assert [one.text for one in chat.propose([line], language="en", brief=brief)] == [line]
    assert chat.runtime.sequences.tokens_done == before
