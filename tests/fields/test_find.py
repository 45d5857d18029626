from __future__ import annotations

import pytest

from documents.fields.find import find_fields
from tests.fields.scenes import TODAY, found_on, line, values_on

ENGLISH = (
    "BLUE HARBOUR TRADING LTD", "12 Quay Street", "Tel: 020 5550 1234", "INVOICE NO: BH-20417",
    "Date: 27/03/2018 15:17", "Rope 10 m 1 12.00", "Lamp 2 30.00", "Subtotal 42.00", "VAT 20% 8.40",
    "Grand Total £50.40", "Cash £60.00", "Change £9.60",
)  # fmt: skip
GERMAN = (
    "Buchhandlung Seeblick GmbH", "Am Markt 3", "Rechnungs-Nr.: 2018-0417", "Rechnungsdatum: 27. März 2018",
    "Lieferdatum: 20.03.2018", "Atlas 39,90 €", "Zwischensumme netto 33,53", "MwSt 19 % 6,37",
    "Gesamtbetrag 39,90 €",
)  # fmt: skip
FRENCH = (
    "LIBRAIRIE DU PORT SARL", "Facture n° F2018-118", "Date de facture : 5 février 2018", "Échéance : 07/03/2018",
    "Total HT 1 025,00 €", "TVA 20 % 205,00 €", "Total TTC 1 230,00 €",
)  # fmt: skip
SPANISH = (
    "FERRETERIA DEL SUR S.L.", "Factura nº A-2018/77", "Fecha: 5 de marzo de 2018", "Base imponible 100,00",
    "IVA 21 % 21,00", "Total a pagar 121,00 €",
)  # fmt: skip
CZECH = (
    "Knihkupectví U Mostu s.r.o.", "Faktura číslo 2018042", "Datum vystavení: 5. března 2018",
    "Datum splatnosti: 19. 3. 2018",
    "Základ daně 1 000,00", "DPH 21 % 210,00", "Celkem k úhradě 1 210,00 Kč",
)  # fmt: skip
DANISH = (
    "Havnens Boghandel ApS", "Faktura nr. 20417", "Fakturadato: 5. oktober 2018", "Subtotal 800,00", "Moms 25 % 200,00",
    "I alt 1.000,00 kr",
)  # fmt: skip
PAPERS = {
    "en": (ENGLISH, "BH-20417", "2018-03-27", "BLUE HARBOUR TRADING LTD", "50.40", "8.40", "GBP"),
    "de": (GERMAN, "2018-0417", "2018-03-27", "Buchhandlung Seeblick GmbH", "39.90", "6.37", "EUR"),
    "fr": (FRENCH, "F2018-118", "2018-02-05", "LIBRAIRIE DU PORT SARL", "1230.00", "205.00", "EUR"),
    "es": (SPANISH, "A-2018/77", "2018-03-05", "FERRETERIA DEL SUR S.L", "121.00", "21.00", "EUR"),
    "cs": (CZECH, "2018042", "2018-03-05", "Knihkupectví U Mostu s.r.o", "1210.00", "210.00", "CZK"),
    "da": (DANISH, "20417", "2018-10-05", "Havnens Boghandel ApS", "1000.00", "200.00", "DKK"),
}


@pytest.mark.parametrize("language", PAPERS)
def test_it_finds_all_fields_in_six_languages(language):
    lines, number, day, seller, total, tax, currency = PAPERS[language]
    assert values_on(*lines, language=language) == {
        "number": number, "date": day, "seller": seller, "total": total, "tax": tax, "currency": currency,
    }  # fmt: skip


def test_it_tells_where_a_field_stands():
    total = found_on(*ENGLISH).fields["total"]
    assert total.text == "£50.40"
    assert total.box == (120, 270, 180, 290)


def test_it_finds_an_amount_far_to_the_right_of_its_label():
    lines = [
        line("TOTAL", top=0),
        line("18.40", top=3, left=600),
        line("Cash", top=40),
        line("20.00", top=42, left=600),
    ]
    assert find_fields(lines, today=TODAY).fields["total"].value == "18.40"


def test_it_finds_an_amount_below_its_label():
    assert values_on("Total", "18.40", "Thank you")["total"] == "18.40"


def test_it_takes_the_total_after_rounding():
    assert values_on("Total incl. GST 23.26", "Rounding -0.01", "TOTAL 23.25")["total"] == "23.25"


def test_it_does_not_take_the_total_of_a_table_of_taxes():
    lines = ("Total 8.00", "GST Summary Amount Tax", "SR 6% 7.55 0.45", "Total 97.55 0.45")
    assert values_on(*lines)["total"] == "8.00"


def test_it_reads_labels_through_a_wrong_letter():
    assert values_on("Lamp 30.00", "Neti Totai 31.80", "CASH 50.00")["total"] == "31.80"


def test_it_takes_neither_what_was_given_nor_what_came_back():
    assert values_on("Lamp 8.20", "CASH 20.00", "CHANGE 11.80")["total"] == "8.20"


def test_it_is_less_sure_of_a_word_that_was_read_badly():
    good, bad = ([line("Total 18.40", top=0, confidence=share)] for share in (0.99, 0.4))
    sure, unsure = (find_fields(lines, today=TODAY).fields["total"].confidence for lines in (good, bad))
    assert unsure < sure / 2


def test_it_finds_nothing_on_a_letter():
    assert values_on("Dear Sir,", "we thank you for the letter of last week", "and remain yours faithfully").keys() <= {
        "seller"
    }


def test_it_finds_nothing_on_an_empty_page():
    assert found_on().fields == {}
