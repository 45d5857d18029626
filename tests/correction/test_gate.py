from __future__ import annotations

import pytest

from documents.correction.base import RawLine, RawWord
from documents.correction.gate import is_worth_wording, sort_lines
from documents.correction.kinds import kind_of_page
from documents.correction.lexicon import lexicon_for

LINES = [
    "we thank you for the letter",  # 0 clean
    "we thank you for tbe letter",  # 1 doubtful
    "qvx brtl onw grx mnt wqp",  # 2 too much of it is no word
    "Le loisir, le sommeil et la rêverie sont des biens précieux.",  # 3 another language
    "吾輩は猫である。",  # 4 no words between blanks
    "",
    "the end of the com-",  # 6 the word goes on
    "mittee met on Monday",
    "and | could see it",  # 8 an odd sign
]


def test_it_sorts_lines_into_what_is_to_be_done_with_them():
    gate = sort_lines([RawLine(line) for line in LINES], lexicon_for("en"), "prose")
    assert gate.clean == (0, 6, 7)
    assert gate.doubtful == (1, 8)
    assert gate.broken == (2,)
    assert gate.foreign == (3, 4)


def test_it_believes_calibrated_figures_more_than_words():
    lines = [RawLine("qvx brtl onw grx mnt wqp", 0.9), RawLine("we thank you for the letter", 0.2)]
    gate = sort_lines(lines, lexicon_for("en"), "prose")
    assert (gate.doubtful, gate.broken) == ((0,), (1,))


@pytest.mark.parametrize(
    ("text", "confidence", "settled", "worth"),
    [
        ("we thank Tebrau for it", 0.7, set(), True),
        ("we thank Tebrau for it", None, set(), True),
        ("we thank Tebrau for it", 0.95, set(), False),
        ("we thank Tebrau for it", 0.7, {9}, False),
        ("we | Tebrau for it", 0.95, set(), True),
    ],
)
def test_a_model_is_asked_to_word_what_is_doubtful_to_engines_and_lexicon(text, confidence, settled, worth):
    words = () if confidence is None else (RawWord(text.index("Tebrau"), text.index("Tebrau") + 6, confidence),)
    assert is_worth_wording(RawLine(text, None, words), lexicon_for("en"), settled) is worth


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["TOTAL 12.50", "GST 6% 0.75", "INVOICE 2041/17"], "receipt"),
        (["12 May 1941", "Dear Sir,", "we thank you for your letter of last week about the harbour"], "letter"),
        (["Sehr geehrter Herr Braun!", "wir danken Ihnen für den Brief"], "letter"),
        (["In 1941 the committee met every week in the town hall."], "prose"),
        ([], "prose"),
    ],
)
def test_it_tells_the_kind_of_a_page(lines, kind):
    assert kind_of_page(lines) == kind
