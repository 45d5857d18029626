"""The parts that fields are made of: amounts, dates, labels, rows."""

from __future__ import annotations

from datetime import date

import pytest

from documents.fields.amounts import amounts_in, currencies_in
from documents.fields.base import Piece
from documents.fields.dates import dates_in, puts_month_first
from documents.fields.labels import label_of
from documents.fields.rows import rows_of
from tests.fields.scenes import TODAY, line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,230.00", "1230.00"), ("1.230,00", "1230.00"), ("1 230,00 €", "1230.00"), ("RM86.00", "86.00"),
        ("$8.20", "8.20"), ("S0.50", "0.50"), ("4.00SR", "4.00"), ("75,00", "75.00"), ("7. 95", "7.95"), (" .02",
        "0.02"),
        ("1 250 Kč", "1250.00"), ("250,- Kč", "250.00"), ("-30.00", "-30.00"), ("8.2O", "8.20"), ("1'230.50 CHF",
        "1230.50"),
    ],
)  # fmt: skip
def test_it_reads_amounts_as_they_are_written(text, value):
    assert [f"{one.value:.2f}" for one in amounts_in(text)] == [value]


@pytest.mark.parametrize(
    "text", ["27.03.2018", "15:17", "6.00%", "1.25L", "03-89410243", "2018", "60000053668", "1.2.3"]
)
def test_it_takes_nothing_else_for_an_amount(text):
    assert list(amounts_in(text)) == []


def test_a_sign_belongs_to_the_figure_after_it():
    assert [str(one.value) for one in amounts_in("wheat germ 400 RM2.39")] == ["2.39"]


def test_it_names_the_currency_of_kroner_by_the_language():
    assert [currencies_in("1.000,00 kr", language) for language in ("da", "sv", "nb")] == [["DKK"], ["SEK"], ["NOK"]]


@pytest.mark.parametrize(
    "text",
    [
        "27/03/2018", "27-03-18", "27.3.2018", "27. 3. 2018", "2018-03-27", "27 MAR 2018", "27/Mar/2018",
        "27. März 2018",
        "27 mars 2018", "27 de marzo de 2018", "27. března 2018", "27. marts 2018", "March 27, 2018",
        "27/03/201815:41:52",
        "2703/2018", "#19-27/03/2018", "27/O3/2018",
    ],
)  # fmt: skip
def test_it_reads_dates_as_they_are_written(text):
    assert [found.value for found in dates_in(text, today=TODAY)] == [date(2018, 3, 27)]


@pytest.mark.parametrize("text", ["03-89410243", "15:17", "32/01/2018", "1.230,00", "20180327", "14/11, KAWASAN"])
def test_it_takes_nothing_else_for_a_date(text):
    assert list(dates_in(text, today=TODAY)) == []


def test_it_reads_a_date_without_bars_where_a_label_says_that_it_is_one():
    assert [found.value for found in dates_in("20180327", today=TODAY, compact=True)] == [date(2018, 3, 27)]


def test_it_puts_the_month_first_where_the_page_does():
    assert puts_month_first(["03/25/2018"], TODAY)
    (found,) = dates_in("03/04/2018", today=TODAY, month_first=True)
    assert found.value == date(2018, 3, 4)


def test_two_digits_are_the_nearest_year_that_is_not_to_come():
    years = [next(dates_in(f"01/02/{year}", today=TODAY)).value.year for year in ("26", "52")]
    assert years == [2026, 1952]


def test_it_mends_label_words_and_leaves_others_alone():
    assert label_of("Neti Totai of the tales") == "nett total of the tales"


def test_lines_at_one_height_are_one_row_and_columns_are_kept_apart():
    rows = rows_of([line("12.00", top=103, left=500), line("Total due", top=100), line("Thanks", top=140)])
    assert [row.text for row in rows] == ["Total due\t12.00", "Thanks"]


def test_lines_that_people_put_in_stay_behind_the_line_before():
    rows = rows_of([line("one", top=0), [Piece("between")], line("two", top=30)])
    assert [row.text for row in rows] == ["one", "between", "two"]
