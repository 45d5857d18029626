from __future__ import annotations

import random

from documents.ocr.base import Line, Word
from documents.ocr.layout import find_gutter, in_reading_order

LEFT = [f"the left column has line {n}" for n in range(6)]
RIGHT = [f"the right column has line {n}" for n in range(6)]


def piece(text: str, left: int, top: int, *, width: int | None = None, height: int = 20) -> Line:
    box = (left, top, left + (width or 10 * len(text)), top + height)
    return Line(text, box, 0.9, (Word(text, box, 0.9),))


def column(texts: list[str], left: int, top: int = 100) -> list[Line]:
    return [piece(text, left, top + 30 * n, width=300) for n, text in enumerate(texts)]


def texts(pieces: list[Line]) -> list[str]:
    mixed = random.Random(7).sample(pieces, len(pieces))
    return [line.text for line in in_reading_order(mixed)]


def test_it_reads_from_top_to_bottom():
    assert texts([piece("third", 0, 80), piece("first", 40, 0), piece("second", 0, 40)]) == ["first", "second", "third"]


def test_it_joins_an_item_and_its_price_into_one_line():
    prices = [piece("8.20", 400, 4), piece("9.00", 400, 33)]
    found = in_reading_order([*prices, piece("TOTAL", 0, 0), piece("CASH", 0, 30)])
    assert [line.text for line in found] == ["TOTAL 8.20", "CASH 9.00"]
    assert found[0].box == (0, 0, 440, 24)
    assert [word.text for word in found[0].words] == ["TOTAL", "8.20"]


def test_a_joined_line_is_as_sure_as_its_characters_on_average():
    found = in_reading_order([Line("abc", (0, 0, 30, 20), 1.0), Line("d", (40, 0, 50, 20), 0.6)])
    assert round(found[0].confidence, 3) == 0.9


def test_it_follows_a_row_that_climbs_over_the_page():
    climbing = [piece(f"word{n}", 100 * n, 100 - 6 * n) for n in range(6)]
    below = [piece(f"next{n}", 100 * n, 130 - 6 * n) for n in range(6)]
    assert texts(climbing + below) == ["word0 word1 word2 word3 word4 word5", "next0 next1 next2 next3 next4 next5"]


def test_it_keeps_lines_apart_whose_edges_touch():
    assert texts([piece("upper", 0, 0), piece("lower", 60, 14)]) == ["upper", "lower"]


def test_it_never_joins_a_stamp_up_the_margin_with_a_row():
    stamp = piece("RECEIVED", 0, 0, width=20, height=300)
    assert "RECEIVED" in texts([stamp, piece("Dear Sir", 50, 140), piece("Yours", 50, 200)])


def test_it_reads_one_column_after_the_other():
    pieces = column(LEFT, 0) + column(RIGHT, 340)
    assert find_gutter(pieces) == 300
    assert texts(pieces) == LEFT + RIGHT


def test_it_reads_three_columns():
    third = [f"and a third column, line {n}" for n in range(6)]
    assert texts(column(LEFT, 0) + column(RIGHT, 340) + column(third, 680)) == LEFT + RIGHT + third


def test_headings_across_columns_stay_where_they_stand():
    title = piece("A title over both columns", 0, 40, width=640)
    second = piece("A second title in the middle", 0, 300, width=640)
    left = [f"below on the left, line {n}" for n in range(4)]
    right = [f"below on the right, line {n}" for n in range(4)]
    pieces = column(LEFT, 0) + column(RIGHT, 340) + column(left, 0, 340) + column(right, 340, 340)
    assert texts([title, second, *pieces]) == [title.text, *LEFT, *RIGHT, second.text, *left, *right]


def test_a_column_of_prices_is_not_read_by_itself():
    items = [f"a long name of some item {n}" for n in range(6)]
    pieces = column(items, 0) + [piece(f"{n}.00", 400, 100 + 30 * n) for n in range(6)]
    assert find_gutter(pieces) is None
    assert texts(pieces) == [f"{item} {n}.00" for n, item in enumerate(items)]


def test_text_on_one_side_below_the_other_is_no_second_column():
    assert find_gutter(column(LEFT, 0) + column(RIGHT, 340, top=400)) is None


def test_an_empty_page_has_no_lines():
    assert in_reading_order([]) == ()
