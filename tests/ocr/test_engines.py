from __future__ import annotations

import pytest

from documents.ocr.engines import engine_order, open_engine, suited_first


def test_it_opens_an_engine_by_name():
    assert open_engine("rapidocr", {"threads": 1}).name == "rapidocr"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'abbyy'\. Choose one of: aspose, .*rapidocr"):
        open_engine("abbyy", {})


@pytest.mark.parametrize(
    ("preferred", "license", "order"),
    [
        ("", "", ["rapidocr", "tesseract"]),
        ("auto", "", ["rapidocr", "tesseract"]),
        ("", "/etc/aspose.lic", ["aspose", "rapidocr", "tesseract"]),
        ("auto", "/etc/aspose.lic", ["aspose", "rapidocr", "tesseract"]),
        ("rapidocr", "", ["rapidocr", "tesseract"]),
        ("rapidocr", "/etc/aspose.lic", ["rapidocr", "aspose", "tesseract"]),
        ("tesseract", "", ["tesseract", "rapidocr"]),
        ("aspose", "", ["aspose", "rapidocr", "tesseract"]),
    ],
)
def test_the_preferred_engine_comes_first_then_those_that_can_run(preferred, license, order):
    assert engine_order(preferred, aspose_license=license) == order


def test_pages_leave_the_machine_only_where_the_cloud_is_asked_for_by_name():
    assert engine_order("aspose-cloud", aspose_license="")[0] == "aspose-cloud"
    assert "aspose-cloud" not in engine_order("auto", aspose_license="/etc/aspose.lic")


@pytest.mark.parametrize(("language", "first"), [("ru", "tesseract"), ("cs", "rapidocr"), ("", "rapidocr")])
def test_an_engine_without_the_languages_letters_comes_last(language, first):
    assert suited_first(["rapidocr", "tesseract"], language)[0] == first


def test_no_order_has_an_unknown_engine():
    with pytest.raises(ValueError, match="no OCR engine called 'abbyy'"):
        engine_order("abbyy", aspose_license="")
