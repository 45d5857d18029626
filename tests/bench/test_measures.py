from __future__ import annotations

import math

import pytest

from bench.measures import (
    LineChanges,
    Rate,
    WordHits,
    character_errors,
    errors_in_place,
    line_changes,
    percentile,
    plain,
    word_errors,
    word_hits,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("emigra-\ntion  office\n", "emigration office"),
        ("verda¬\n deros", "verdaderos"),
        ("1939-\n1945", "1939- 1945"),
        ("nuisance --\nand", "nuisance -- and"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_it_makes_one_line_and_joins_cut_words_only(text, expected):
    assert plain(text) == expected


def test_it_forgets_case_only_when_asked():
    assert (plain("TOTAL"), plain("TOTAL", ignore_case=True)) == ("TOTAL", "total")


def test_an_error_rate_is_edits_over_the_length_of_the_truth():
    assert character_errors("tbe cat", "the cats") == Rate(2, 8)
    assert word_errors("tbe cat sat", "the cat") == Rate(2, 2)


def test_rates_add_up_to_the_micro_average():
    assert (Rate(1, 10) + Rate(0, 90)).value == 0.01
    assert Rate().value == 0
    assert Rate(1, 0).value == math.inf


def test_word_f1_does_not_care_about_order_but_counts_repeats():
    assert word_hits("b a", "a b").f1 == 1
    assert word_hits("a a", "a b") == WordHits(both=1, found=2, truth=2)
    assert word_hits("", "").f1 == 1


@pytest.mark.parametrize(
    ("line", "errors"),
    [("harbour office", 0), ("harb0ur office", 1), ("harbouroffice", 1), ("harbour  office", 1), ("zzz", 3), ("", 0)],
)
def test_a_line_is_judged_at_its_best_place_in_the_truth(line, errors):
    assert errors_in_place(line, "about the harbour office.") == errors


def test_it_counts_what_correction_did_to_lines():
    raw = ["tbe cat", "paid 12", "as it was", "tbe dog"]
    corrected = ["the cat", "paid 13", "as it was", "tbc dog"]
    changes = line_changes(raw, corrected, "the cat paid 12 as it was the dog")
    assert changes == LineChanges(lines=4, improved=1, worsened=2, spoiled=1, digits=1)


def test_a_percentile_is_one_of_the_values():
    assert percentile([30, 10, 20, 40], 50) == 20
    assert percentile([30, 10, 20, 40], 95) == 40
    assert percentile([7], 5) == 7
