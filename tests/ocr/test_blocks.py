from __future__ import annotations

from dataclasses import replace

from documents.ocr.base import HEADING, TABLE, Line, Reading
from documents.ocr.blocks import grouped, with_blocks
from documents.ocr.layout import in_reading_order
from tests.ocr.test_tables import RECEIPT, row

WORDS = [(60 * n, "words") for n in range(8)]


def text(top: int, *, left: int = 0, height: int = 20) -> Line:
    return row(top, *((left + x, word) for x, word in WORDS), height=height)


def numbers(lines: list[Line]) -> list[int]:
    return [line.block for line in grouped(lines)]


def test_a_wider_gap_begins_a_block():
    assert numbers([text(top) for top in (0, 30, 60, 130, 160, 190)]) == [0, 0, 0, 1, 1, 1]


def test_evenly_spaced_lines_are_one_block_however_wide_the_spacing():
    assert numbers([text(top) for top in (0, 60, 121, 180, 241)]) == [0] * 5


def test_an_indent_begins_a_block():
    lefts = (0, 0, 0, 40, 0, 0, 0)
    assert numbers([text(30 * n, left=left) for n, left in enumerate(lefts)]) == [0, 0, 0, 1, 1, 1, 1]


def test_centred_lines_are_not_taken_for_indents():
    assert numbers([text(30 * n, left=left) for n, left in enumerate((50, 10, 70, 30, 90))]) == [0] * 5


def test_the_next_column_is_another_block():
    left = [row(30 * n, (0, "some"), (60, "words"), (120, "here"), (170, "stand")) for n in range(5)]
    right = [row(30 * n, (400, "other"), (460, "words"), (520, "stand"), (580, "there")) for n in range(5)]
    assert numbers(list(in_reading_order(left + right))) == [0] * 5 + [1] * 5


def test_large_letters_are_a_heading():
    title = row(0, (0, "Minutes"), height=40)
    found = grouped([title, *(text(top) for top in (60, 90, 120))])
    assert [(line.block, line.kind) for line in found] == [(0, HEADING), (1, ""), (1, ""), (1, "")]


def test_a_large_stamped_number_is_no_heading():
    assert grouped([row(0, (0, "004711"), height=40), *(text(top) for top in (60, 90, 120))])[0].kind == ""


def test_a_table_is_one_block():
    below = [replace(line, box=tuple(line.box)) for line in RECEIPT]
    found = grouped([*(text(top - 200) for top in (0, 30, 60)), *below])
    assert [line.block for line in found] == [0, 0, 0, 1, 1, 1, 1]
    assert found[-1].kind == TABLE


def test_blocks_that_the_engine_found_are_kept():
    lines = tuple(replace(text(30 * n), block=n // 2) for n in range(4))
    reading = Reading(lines, "fake", "1", 0.1)
    assert with_blocks(reading) == reading


def test_a_table_that_the_engine_found_gets_its_cells():
    lines = tuple(replace(line, block=1, kind=TABLE) for line in RECEIPT[:2])
    found = with_blocks(Reading((text(-60), *lines), "fake", "1", 0.1)).lines
    assert [(line.block, line.cells) for line in found[1:]] == [
        (1, ((0, 0), (1, 1), (2, 2))),
        (1, ((0, 0), (2, 1), (3, 2))),
    ]


def test_a_page_that_stands_on_its_head_is_left_as_it_is():
    reading = Reading(tuple(text(top) for top in (190, 160, 130, 60, 30, 0)), "fake", "1", 0.1)
    assert with_blocks(reading) is reading


def test_an_empty_page_has_no_blocks():
    assert with_blocks(Reading((), "fake", "1", 0.1)).lines == ()
