from __future__ import annotations

import csv

import pytest

from documents.models import FieldValue, Layer
from documents.pipeline.fields import InvalidField, csv_of, fields_of, normalised, save_fields
from documents.pipeline.items import Item
from documents.pipeline.texts import add_text
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db
RECEIPT = ("BLUE HARBOUR TRADING LTD", "Invoice No: 20417", "Date: 27/03/2018", "Grand Total £50.40")


@pytest.fixture
def page(alice):
    return make_read_page(alice, *RECEIPT)


def table(*items: Item) -> list[dict[str, str]]:
    return list(csv.DictReader("".join(csv_of(items)).lstrip("\ufeff").splitlines()))


def test_it_finds_the_fields_in_the_current_text(page):
    add_text(
        page, Layer.LLM, [{"text": "Grand Total £99.40", "box": [0, 90, 180, 110], "confidence": None}], made_by="m"
    )
    assert fields_of(page).values["total"] == "99.40"


def test_corrected_lines_keep_the_places_of_what_was_read(page):
    (total,) = (one for one in fields_of(page).fields if one.name == "total")
    assert total.found.box == (120, 90, 180, 110)


def test_what_a_person_saved_holds_whatever_is_found(page, alice):
    save_fields(page, {"total": "51,00", "date": "2018-03-27"}, author=alice)
    values = fields_of(page).values
    assert (values["total"], values["date"], values["number"]) == ("51.00", "2018-03-27", "")


def test_it_keeps_every_value_that_was_ever_saved(page, alice, bob):
    save_fields(page, {"total": "51.00"}, author=alice)
    assert save_fields(page, {"total": "52.00"}, author=bob) == 1
    assert [(v.value, v.author) for v in FieldValue.objects.filter(name="total")] == [("52.00", bob), ("51.00", alice)]


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [("date", "27.3.2018", "2018-03-27"), ("total", "1.230,5", ""), ("total", "1.230,50", "1230.50"), ("total", "12",
    "12.00"),
     ("currency", "€", "EUR"), ("currency", "eur", "EUR"), ("seller", " A\x00 Ltd ", "A Ltd"), ("tax", "", "")],
)  # fmt: skip
def test_it_keeps_typed_values_in_one_shape(name, typed, kept):
    if kept or not typed:
        assert normalised(name, typed) == kept
    else:
        with pytest.raises(InvalidField):
            normalised(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("date", "31.2.2018"), ("total", "much"), ("total", "NaN"), ("currency", "1")]
)
def test_it_refuses_what_a_field_cannot_hold(page, alice, name, typed):
    with pytest.raises(InvalidField) as refused:
        save_fields(page, {name: typed}, author=alice)
    assert refused.value.name == name
    assert not page.field_values.exists()


def test_the_table_has_a_row_per_paper_and_says_who_saved_it(page, alice):
    save_fields(page, {"total": "51.00", "seller": "Blue Harbour"}, author=alice)
    letter = make_read_page(alice, "Dear Sir,", "we thank you.")
    (row,) = table(Item(page.document_id), Item(letter.document_id))
    assert (row["total"], row["seller"], row["saved by"]) == ("51.00", "Blue Harbour", "alice")


def test_the_table_holds_the_chosen_pages_alone(page):
    assert table(Item(page.document_id, (2,))) == []


def test_no_cell_of_the_table_is_a_formula(page, alice):
    save_fields(page, {"seller": "=HYPERLINK(1)"}, author=alice)
    assert table(Item(page.document_id))[0]["seller"] == "'=HYPERLINK(1)"
