"""An opinion looks at the word and at a little behind it, not at the rest of the line."""

from __future__ import annotations

import pytest

from documents.correction.base import Question
from documents.correction.llama import LlamaCorrector
from documents.correction.weighing import Span, _differing
from tests.correction.tiny_gguf import write_chat_model

LINE = "The house was qu1et at night and we could hear tbe rain on the roof"


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory):
    corrector = LlamaCorrector(write_chat_model(tmp_path_factory.mktemp("m") / "c.gguf"), threads=1, context_size=2048)
    yield corrector
    corrector.close()


def opinions(chat: LlamaCorrector, word: str, wordings: tuple[str, ...], after: int) -> tuple[list[float | None], int]:
    """Return the opinions on a word of LINE, and how many tokens were computed for them."""
    chat.style.after, start = after, LINE.index(word)
    chat.runtime.rows([0], 1)  # nothing of the run before may help
    before = chat.runtime.sequences.tokens_done
    (said,) = chat.weigh([Question(LINE, start, start + len(word), wordings)], language="en")
    return said, chat.runtime.sequences.tokens_done - before


def test_it_costs_less_than_the_whole_line(chat):
    short, fewer = opinions(chat, "qu1et", ("quiet", "quite", "quilt"), 6)
    whole, tokens = opinions(chat, "qu1et", ("quiet", "quite", "quilt"), 1000)
    assert all(isinstance(one, float) for one in short + whole)
    assert fewer < tokens - 3 * len(" at night and we")


def test_at_the_end_of_a_line_it_is_the_same(chat):
    short, _ = opinions(chat, "roof", ("root", "rook"), 6)
    whole, _ = opinions(chat, "roof", ("root", "rook"), 1000)
    assert short == pytest.approx(whole, abs=0.05)


def test_a_wording_that_is_what_was_read_is_not_preferred(chat):
    (said,), _ = opinions(chat, "tbe", ("tbe",), 6)
    assert said == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(
    ("one", "other", "span"),
    [
        ([1, 2, 9, 4, 5, 6, 7, 8], [1, 2, 3, 3, 4, 5, 6, 7, 8], Span(2, 3)),
        ([1, 2, 3], [1, 2, 3], Span(2, 0)),
        ([1, 1, 1, 5, 6, 7], [1, 1, 5, 6, 7], Span(2, 1)),
        ([4], [5], Span(0, 0)),
    ],
)
def test_it_knows_where_two_answers_differ(one, other, span):
    assert _differing(one, other, after=2) == span
