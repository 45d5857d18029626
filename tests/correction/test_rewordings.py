"""What a doubtful word may have been, for people to choose from."""

from __future__ import annotations

import pytest

from documents.correction.lexicon import lexicon_for
from documents.correction.rewordings import SHOWN, Doubtful, rewordings


def offered(text: str, language: str = "en", own: dict[str, int] | None = None, **more) -> list[str]:
    return rewordings(Doubtful(text, **more), lexicon_for(language), own or {})


@pytest.mark.parametrize(
    ("read", "language", "true"),
    [
        ("ohanged", "en", "changed"),
        ("Ohanged,", "en", "Changed,"),
        ("zusehen", "de", "zu sehen"),
        ("und-die", "de", "und die"),
        ("tilhører,henholdsvis", "da", "tilhører, henholdsvis"),
        ("71.00(S)", "en", "71.00 (S)"),
        ("forl00%", "en", "for100%"),
        ("l5.000,", "de", "15.000,"),
        ("lfamour", "fr", "l'amour"),
        ("katù", "cs", "katů"),
        ("Mar~gate", "en", "Margate"),
    ],
)
def test_it_offers_what_people_make_of_a_misreading(read, language, true):
    assert true in offered(read, language)


def test_a_word_that_the_document_has_comes_first():
    assert offered("Raika", own={"Rajka": 2})[0] == "Rajka"


def test_a_word_that_is_cut_at_the_end_of_its_line_may_have_lost_its_hyphen():
    assert "Stras-" in offered("Stras", "de", is_cut=True)
    assert "Stras-" not in offered("Stras", "de")


def test_what_the_engines_heard_is_not_offered_again():
    assert "changed" not in offered("ohanged", heard=("changed",))


@pytest.mark.parametrize("text", ["...", "1952", "x" * 99, "<くく", "a", "—"])
def test_any_text_may_be_asked_about(text):
    found = offered(text)
    assert text not in found
    assert len(found) <= SHOWN
