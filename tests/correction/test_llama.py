from __future__ import annotations

from pathlib import Path

import pytest

from documents.correction.base import CorrectionError, ModelUnavailable
from documents.correction.correct import correct_lines
from documents.correction.llama import LlamaCorrector
from documents.correction.models import EMBEDDED, EMBEDDED_LANGUAGES
from documents.correction.runtime import Runtime


@pytest.fixture(scope="module")
def corrector():
    corrector = LlamaCorrector(EMBEDDED, threads=1, context_size=4096)
    yield corrector
    corrector.close()


def test_it_words_misread_lines_anew_and_says_how_sure_it_is(corrector):
    first, second = corrector.propose(["Inv0ice No: 12345", "Dear Sir, thank you for the letter."], language="en")
    assert first.text == "Invoice No: 12345"
    assert first.margin is not None and first.margin > 3
    assert (second.text, second.margin) == ("Dear Sir, thank you for the letter.", None)


def test_it_corrects_a_long_line_in_pieces_and_keeps_its_spaces(corrector):
    line = "  Payrnent is due  within thirty days of receipt and it may not be put off by tbe tenant of the house."
    (candidate,) = corrector.propose([line], language="en")
    assert candidate.text.startswith("  Payment is due")
    assert candidate.text.endswith("by the tenant of the house.")


def test_it_leaves_a_word_that_is_longer_than_the_window_alone(corrector):
    line = "tbe " + "tbe" * 40
    assert corrector.propose([line], language="en")[0].text == "the " + "tbe" * 40


def test_it_repairs_a_page_from_end_to_end_and_leaves_what_it_cannot_judge(corrector):
    lines = [
        "Payrnent is due within thirty days of receipt.",
        "The house was qu1et and we could hear tbe rain.",
        "GEDUNG MAJU SDN BHD",
        "",
    ]
    correction = correct_lines(corrector, lines, language="en", languages=EMBEDDED_LANGUAGES)
    assert correction.lines == (
        "Payment is due within thirty days of receipt.",
        "The house was quiet and we could hear the rain.",
        "GEDUNG MAJU SDN BHD",
        "",
    )
    assert correction.sent == 2
    assert all(lines[change.line][change.start : change.end] == change.before for change in correction.changes)


def test_it_gives_the_same_logits_after_rolling_back(corrector):
    prompt = corrector.style.prompt("tbe rain")
    before = corrector.runtime.rows(prompt, 1)
    corrector.runtime.rows([*prompt, *b"the snow"], 4)
    assert corrector.runtime.rows(prompt, 1) == pytest.approx(before, abs=0.05)


def test_it_refuses_a_prompt_that_is_longer_than_the_context(corrector):
    with pytest.raises(CorrectionError, match="CONTEXT_SIZE"):
        corrector.runtime.rows([0] * (corrector.runtime.context_size + 1), 1)


def test_it_says_why_a_file_cannot_be_loaded(tmp_path: Path):
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(EMBEDDED.read_bytes()[:-1000])
    with pytest.raises(ModelUnavailable, match=r"The model file cut.gguf cannot be loaded: .*(corrupted|incomplete)"):
        Runtime(cut, threads=1, context_size=256)
