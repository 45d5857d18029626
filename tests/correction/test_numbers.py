from __future__ import annotations

import pytest

from documents.correction.numbers import number_repairs, repairs_by_sum


def repaired(text: str, profile: str) -> list[tuple[str, str, str]]:
    return [(one.before, one.after, one.rule) for one in number_repairs(text, profile)]


@pytest.mark.parametrize("profile", ["prose", "frozen"])
@pytest.mark.parametrize(
    ("text", "before", "after", "rule"),
    [
        ("Total Amt: $1,23O.00", "1,23O.00", "1,230.00", "amount"),
        ("Date: 2O23/07/15", "2O23/07/15", "2023/07/15", "date"),
        ("am l5.07.2023 gezahlt", "l5.07.2023", "15.07.2023", "date"),
        ("IBAN DE8937O400440532013000", "DE8937O400440532013000", "DE89370400440532013000", "checksum"),
        ("IBAN DE89 37O4 0044 0532 013O 00", "DE89 37O4 0044 0532 013O 00", "DE89 3704 0044 0532 0130 00", "checksum"),
        ("TVA:FR367927OO304", "FR367927OO304", "FR36792700304", "checksum"),
    ],
)
def test_it_repairs_a_number_that_is_refuted_and_proved(text, before, after, rule, profile):
    found = repaired(text.replace("TVA:", "TVA "), profile)
    assert found == [(before, after, rule)]


@pytest.mark.parametrize("profile", ["prose", "frozen"])
@pytest.mark.parametrize(
    "text",
    [
        "No 12345 of 2023/07/15, $1,200.00",
        "the 1st, 2nd and 30th of 1943",
        "code AB12O4, lot 5/B, SS21/39",
        "31/O2/2023",  # no such day
        "I9I3",  # the typist had no 1
        "O,725 kg",
        "DE8937O400440532013001",  # no reading of the letter makes the check digits right
        "DE89370400440532013000",
        "5l. 10s. 6d.",
    ],
)
def test_it_leaves_every_other_number_alone(text, profile):
    assert repaired(text, profile) == []


def test_it_takes_an_l_for_a_1_in_prose_alone():
    assert repaired("v roce l943", "prose") == [("l943", "1943", "year")]
    assert repaired("11.8l", "prose") == [("11.8l", "11.81", "amount")]
    assert repaired("l943 11.8l", "frozen") == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Milk 1.2S", "Bread 2.10", "TOTAL 3.35"], [(0, "1.2S", "1.25")]),
        (["Milk 1.25", "Bread 2.10", "TOTAL 3.3S"], [(2, "3.3S", "3.35")]),
        (["Milk 1.B5", "Bread 2.10", "Subtotal 9.99", "TOTAL 3.95"], [(0, "1.B5", "1.85")]),
        (["Milk 1.2S", "Bread 2.10", "TOTAL 3.36"], []),  # the sum refutes both
        (["Milk 1.2S", "Bread 2.1O", "TOTAL 3.35"], []),  # two unknowns
        (["Milk 1.25", "Bread 2.10", "TOTAL 8.35"], []),  # digits stay: a line may be missing
        (["Milk 1.2S", "Bread 2.10"], []),
    ],
)
def test_a_sum_settles_one_torn_amount(lines, expected):
    assert [(n, one.before, one.after) for n, one in repairs_by_sum(lines)] == expected
