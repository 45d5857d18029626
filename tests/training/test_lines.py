from __future__ import annotations

import lzma
import random

import pytest

pytest.importorskip("faker", reason="drawing lines needs requirements-training.txt")

from wordfreq import zipf_frequency

from training import lines, text
from training.names import Names
from training.office import Office, phrases_of
from training.places import LANGUAGES
from training.words import Words


@pytest.fixture
def texts(tmp_path, monkeypatch):
    for language in LANGUAGES:
        (tmp_path / f"{language}.txt.xz").write_bytes(lzma.compress(b"one two three four five six seven " * 100))
    text.text_of.cache_clear()
    monkeypatch.setattr(lines, "text_of", lambda language, held_out: text.text_of(language, held_out=held_out,
                                                                                folder=tmp_path))  # fmt: skip


def test_the_same_seed_gives_the_same_lines(texts):
    one, other = lines.LineMaker(4), lines.LineMaker(4)
    assert [one.line() for _ in range(60)] == [other.line() for _ in range(60)]


def test_it_makes_lines_of_every_kind_in_every_language(texts):
    maker = lines.LineMaker(1)
    found = [maker.line() for _ in range(1500)]
    assert {line.language for line in found} == set(LANGUAGES)
    assert {line.kind for line in found} == set(lines.WEIGHTS)
    assert all(line.text and line.text == " ".join(line.text.split()) for line in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_lists_of_phrases(language):
    assert set(phrases_of(language)) == set(phrases_of("en"))
    assert len(phrases_of(language)["months"]) == 12


def test_amounts_are_written_as_the_language_does():
    chance = random.Random(2)
    amounts = {language: Office(language, chance, Names(language, chance), Words(language, chance)).amount()
               for language in ("en", "de")}  # fmt: skip
    assert "." in amounts["en"][-3:]
    assert "," in amounts["de"]


def test_an_invented_word_is_none_that_exists():
    invented = Words("en", random.Random(1)).invented(100).lower().split()
    assert not [word for word in invented if zipf_frequency(word, "en") > 4]
