"""Joining two texts that grew out of one."""

from __future__ import annotations

import random

import pytest

from documents.pipeline.merging import conflicts_of, merge, result_of


def page(*texts: str, top: int = 0, boxed: bool = True) -> list[dict]:
    """Return stored lines, one below the other."""
    return [
        {"text": text, "box": [0, top + 30 * n, 300, top + 30 * n + 20] if boxed else None, "confidence": 0.9}
        for n, text in enumerate(texts)
    ]


def outcome(base: list[dict], mine: list[dict], theirs: list[dict]) -> tuple[list[str], int]:
    rows = merge(base, mine, theirs)
    return [line["text"] for line in result_of(rows)], len(conflicts_of(rows))


BASE = page("tbe first line", "tbe second line", "tbe third line")


def test_what_one_side_changed_is_taken_from_it():
    mine, theirs = (
        page("the first line", *("tbe second line", "tbe third line")),
        page("tbe first line", "tbe second line", "the third line"),
    )
    assert outcome(BASE, mine, theirs) == (["the first line", "tbe second line", "the third line"], 0)


def test_different_words_of_one_line_go_together():
    base, mine, theirs = page("tbe qnick fox"), page("the qnick fox"), page("tbe quick fox")
    assert outcome(base, mine, theirs) == (["the quick fox"], 0)


def test_the_same_change_on_both_sides_is_none():
    assert outcome(page("tbe fox"), page("the fox"), page("the fox")) == (["the fox"], 0)


def test_the_same_word_changed_twice_is_a_conflict_and_mine_stays():
    rows = merge(page("tbe fox"), page("the fox"), page("tho fox"))
    assert [line["text"] for line in result_of(rows)] == ["the fox"]
    assert conflicts_of(rows) == [{"base": "tbe fox", "mine": "the fox", "theirs": "tho fox"}]


def test_a_word_that_a_person_vouched_for_is_not_changed():
    mine = page("tbe fox")
    mine[0]["words"] = [{"text": "tbe", "settled": True}, {"text": "fox"}]
    assert outcome(page("tbe fox"), mine, page("the fox")) == (["tbe fox"], 1)


def test_a_line_that_was_put_in_stays_where_it_was_put():
    mine = [*page("one"), {"text": "put in", "box": None, "confidence": None}, *page("two", top=30)]
    assert outcome(page("one", "two"), mine, page("one", "too")) == (["one", "put in", "too"], 0)


def test_a_line_that_a_person_took_out_stays_out():
    assert outcome(page("one", "smudge"), page("one"), page("one", "smudge")) == (["one"], 0)


def test_a_line_taken_out_and_read_anew_is_a_conflict():
    assert outcome(page("one", "smudge"), page("one"), page("one", "smadge"))[1] == 1


def test_lines_without_a_place_are_known_by_their_wording():
    base, theirs = page("one", "two", boxed=False), page("zero", "one", "two", boxed=False)
    assert outcome(base, base, theirs) == (["zero", "one", "two"], 0)


def test_a_reading_that_cuts_the_page_into_other_lines_is_taken_where_nobody_wrote():
    base = [{"text": "left right", "box": [0, 0, 300, 20]}]
    theirs = [{"text": "left", "box": [0, 0, 140, 20]}, {"text": "right", "box": [150, 0, 300, 20]}]
    assert outcome(base, base, theirs) == (["left", "right"], 0)
    mine = [base[0] | {"text": "links rechts"}]
    assert outcome(base, mine, theirs) == (["links rechts"], 1)
    assert outcome(theirs, [theirs[0] | {"text": "links"}, theirs[1]], base) == (["links", "right"], 1)


@pytest.mark.parametrize("seed", range(40))
def test_no_word_that_a_person_wrote_is_ever_lost(seed):
    chance = random.Random(seed)
    words = [f"w{n}" for n in range(30)]
    base = page(*(" ".join(chance.sample(words, 5)) for _ in range(8)))
    mine = [dict(line) for line in base]
    for number in chance.sample(range(8), 4):
        parts = mine[number]["text"].split()
        parts[chance.randrange(5)] = f"human{number}"
        mine[number]["text"] = " ".join(parts)
    theirs = page(*(" ".join(chance.sample(words, 5)) for _ in range(chance.randrange(1, 9))), top=chance.randrange(12))
    text = " ".join(outcome(base, mine, theirs)[0])
    assert all(word in text for line in mine for word in line["text"].split() if word.startswith("human"))
