from __future__ import annotations

import lzma
import random

import pytest

from training.danish import danish_paragraphs
from training.text import passage, text_of


@pytest.fixture
def folder(tmp_path):
    words = " ".join(f"word{number:04d}" for number in range(2000))
    (tmp_path / "en.txt.xz").write_bytes(lzma.compress(f"{words}\n".encode()))
    return tmp_path


def test_no_word_of_the_held_out_text_is_trained_on(folder):
    training, kept = (set(text_of("en", held_out=held, folder=folder).split()) for held in (False, True))
    assert kept
    assert not training & kept


def test_it_says_where_a_missing_text_comes_from(tmp_path):
    with pytest.raises(FileNotFoundError, match="README"):
        text_of("xx", held_out=False, folder=tmp_path)


def test_a_passage_is_about_as_long_as_asked_and_a_piece_of_the_text(folder):
    text, chance = text_of("en", held_out=False, folder=folder), random.Random(1)
    for _ in range(200):
        found = passage(text, 50, chance)
        assert 30 <= len(found) <= 51
        assert found.removesuffix("-") in text


def test_it_takes_only_the_danish_paragraphs_of_a_page(tmp_path):
    danish = "Du kan ikke gemme filen, før du har valgt en mappe, som du har lov til at skrive i."
    english = "You cannot save the file before you have chosen a folder that you may write to."
    (tmp_path / "page.html").write_text(f"<style>p {{}}</style><p>{danish}</p><p>{english}</p><p>Filer</p>")
    assert list(danish_paragraphs(tmp_path / "page.html")) == [danish]
