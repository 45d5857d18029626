from __future__ import annotations

import random

import pytest

from training.noise import fitted, load, mistakes, save

PAIRS = [("the rnoon", "the moon"), ("a rnild day", "a mild day"), ("more", "more"), ("some rnen", "some men")]


def test_it_learns_whole_mistakes_and_not_their_letters():
    assert list(mistakes("the moon", "the rnoon")) == [(4, "m", "rn")]


def test_it_spoils_lines_as_the_engines_do():
    noise, chance = fitted(PAIRS), random.Random(1)
    spoilt = [noise.spoilt("my mother and my mum", chance) for _ in range(200)]
    assert sum("rn" in line for line in spoilt) > 100


def test_the_same_chance_gives_the_same_mistakes():
    noise = fitted(PAIRS)
    assert noise.spoilt("many men", random.Random(3)) == noise.spoilt("many men", random.Random(3))


def test_it_learns_nothing_from_a_line_that_could_not_be_read():
    noise = fitted([*PAIRS, ("zzzzzzzz", "the moon")])
    assert not any("z" in read for changes in noise.changes.values() for _, read, _ in changes)


def test_it_refuses_pairs_without_a_mistake():
    with pytest.raises(ValueError, match="no pair with a mistake"):
        fitted([("more", "more")])


def test_it_survives_being_saved(tmp_path):
    save({"en": fitted(PAIRS)}, tmp_path / "noise.json")
    again = load(tmp_path / "noise.json")["en"]
    assert again.spoilt("many men", random.Random(3)) == fitted(PAIRS).spoilt("many men", random.Random(3))
