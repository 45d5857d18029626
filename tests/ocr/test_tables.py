from __future__ import annotations

import pytest

from documents.ocr.base import TABLE, Line, Word
from documents.ocr.layout import surrounding_box
from documents.ocr.tables import moved_cells, with_tables


def row(top: int, *words: tuple[int, str], height: int = 20) -> Line:
    """A line of words, each beginning at its x; a character is 10 pixels wide."""
    placed = tuple(Word(text, (left, top, left + 10 * len(text), top + height), 0.9) for left, text in words)
    return Line(" ".join(text for _left, text in words), surrounding_box([w.box for w in placed]), 0.9, placed)


RECEIPT = [
    row(0, (0, "Item"), (300, "Qty"), (400, "Price")),
    row(30, (0, "Green"), (60, "tea"), (320, "2"), (400, "3.20")),
    row(60, (0, "Oil"), (320, "1"), (390, "12.00")),
    row(90, (0, "Total"), (390, "15.20")),
]


def texts_of_cells(line: Line) -> dict[int, str]:
    words = line.text.split()
    ends = [*(start for start, _column in line.cells[1:]), len(words)]
    return {column: " ".join(words[start:end]) for (start, column), end in zip(line.cells, ends, strict=True)}


def test_it_finds_the_cells_of_a_receipt():
    found = with_tables(RECEIPT)
    assert [texts_of_cells(line) for line in found] == [
        {0: "Item", 1: "Qty", 2: "Price"}, {0: "Green tea", 1: "2", 2: "3.20"}, {0: "Oil", 1: "1", 2: "12.00"},
        {0: "Total", 2: "15.20"},
    ]  # fmt: skip
    assert {line.kind for line in found} == {TABLE}


def test_it_leaves_order_and_text_alone():
    assert [line.text for line in with_tables(RECEIPT)] == [line.text for line in RECEIPT]


def test_a_name_that_has_a_line_to_itself_is_a_row_of_one_cell():
    name = row(60, (0, "with"), (50, "lemon"))
    below = [row(90, (0, "Oil"), (320, "1"), (390, "12.00")), row(120, (0, "Total"), (390, "15.20"))]
    found = with_tables([*RECEIPT[:2], name, *below])
    assert (found[2].kind, found[2].cells) == (TABLE, ((0, 0),))


def test_running_text_is_no_table():
    prose = [row(30 * n, *((60 * m, "words") for m in range(12))) for n in range(8)]
    assert with_tables(prose) == prose


def test_two_rows_are_no_table():
    assert with_tables(RECEIPT[:2]) == RECEIPT[:2]


def test_two_columns_of_running_text_are_no_table():
    words = [(100 * m, "ninechars") for m in range(5)] + [(600 + 100 * m, "ninechars") for m in range(5)]
    prose = [row(30 * n, *words) for n in range(6)]
    assert with_tables(prose) == prose


def test_rows_far_below_are_not_of_the_same_table():
    far = [row(500 + 30 * n, (0, "Paid"), (390, "1.00")) for n in range(2)]
    assert [line.kind for line in with_tables([*RECEIPT, *far])] == [TABLE] * 4 + ["", ""]


def test_it_takes_lines_without_words_as_they_are():
    bare = [Line("no words", (0, 30 * n, 100, 30 * n + 20), 0.9) for n in range(4)]
    assert with_tables(bare) == bare


@pytest.mark.parametrize(
    ("after", "cells"),
    [
        ("Green tea 2 3.20", [[0, 0], [2, 1], [3, 2]]),
        ("Fine green tea 2 3.20", [[0, 0], [3, 1], [4, 2]]),
        ("Greentea 2 3.20", [[0, 0], [1, 1], [2, 2]]),
        ("Green tea 3.20", [[0, 0], [2, 2]]),
        ("", []),
    ],
)
def test_cells_go_with_their_words_when_a_row_is_worded_anew(after, cells):
    assert moved_cells([[0, 0], [2, 1], [3, 2]], "Green tea 2 3.20", after) == cells
