from __future__ import annotations

import math

import pytest

from documents.correction.base import Other
from documents.correction.channel import Page, suggest
from documents.correction.doubts import Doubt
from documents.correction.evidence import is_accent_alone, log_odds, probability
from documents.correction.lexicon import lexicon_for

ENGLISH = lexicon_for("en")


NO_PAGE = Page({})


def odds(text: str, *, page: Page = NO_PAGE, opinion: float | None = None, kind: str = "prose", **more) -> float:
    """Return the log-odds of the best word that `text` may have been."""
    doubt = Doubt(0, len(text), text, more.pop("confidence", None), **more)
    some = suggest(doubt, ENGLISH, page)
    return max(log_odds(doubt, some, [opinion] * len(some), lexicon=ENGLISH, page=page, kind=kind))


def test_the_shares_of_all_words_and_of_the_reading_make_one():
    doubt = Doubt(0, 4, "hcar", None)
    some = suggest(doubt, ENGLISH, Page({}))
    shares = map(probability, log_odds(doubt, some, [None] * len(some), lexicon=ENGLISH, page=Page({}), kind="prose"))
    assert 0 < math.fsum(shares) < 1


def test_a_surer_reading_is_less_likely_another_word():
    assert odds("hcar", confidence=0.3) > odds("hcar", confidence=0.95)


def test_neighbours_that_want_the_word_make_it_likelier():
    assert odds("tbe", left="of", right="house") > odds("tbe", left="the", right="of")


def test_another_engine_and_the_model_can_speak_for_it():
    assert odds("hoar", others=(Other(0, 4, "hear", "tesseract", 0.2),)) > odds("hoar")
    assert odds("hoar", opinion=9.0) > odds("hoar", opinion=-9.0)


def test_the_more_probable_another_engine_holds_it_the_likelier_it_is():
    hardly, nearly = ((Other(0, 4, "hear", "tesseract", share),) for share in (0.01, 0.45))
    assert odds("hoar", others=nearly) > odds("hoar", others=hardly)


def test_what_was_misread_in_other_words_of_the_page_speaks_for_it():
    page = Page({}, misreadings={("o", "c"): {"oamp": 0.9, "whioh": 0.9}})
    assert odds("ohildren", page=page) > odds("ohildren")


def test_its_own_misreading_is_no_evidence():
    page = Page({}, misreadings={("o", "c"): {"ohildren": 0.9}})
    assert odds("ohildren", page=page) == odds("ohildren")


def test_figures_make_a_page_one_of_names_and_codes():
    assert odds("tlin", kind="receipt") < odds("tlin")


@pytest.mark.parametrize(
    ("read", "true", "alone"),
    [("fruh", "früh", True), ("früh", "fruh", True), ("fruh", "frug", False), ("a", "a", False)],
)
def test_it_tells_an_accent_from_a_letter(read, true, alone):
    assert is_accent_alone(read, true) is alone
