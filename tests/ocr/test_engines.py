from __future__ import annotations

import pytest

from documents.ocr.engines import engine_order, open_engine


def test_it_opens_an_engine_by_name():
    assert open_engine("rapidocr", {"threads": 1}).name == "rapidocr"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'abbyy'\. Choose one of: aspose, .*rapidocr"):
        open_engine("abbyy", {})


@pytest.mark.parametrize(
    ("preferred", "license", "order"),
    [
        ("", "", ["rapidocr"]),
        ("auto", "", ["rapidocr"]),
        ("", "/etc/aspose.lic", ["aspose", "rapidocr"]),
        ("auto", "/etc/aspose.lic", ["aspose", "rapidocr"]),
        ("rapidocr", "", ["rapidocr"]),
        ("rapidocr", "/etc/aspose.lic", ["rapidocr", "aspose"]),
        ("aspose", "", ["aspose", "rapidocr"]),
    ],
)
def test_the_preferred_engine_comes_first_then_those_that_can_run(preferred, license, order):
    assert engine_order(preferred, aspose_license=license) == order


def test_pages_leave_the_machine_only_where_the_cloud_is_asked_for_by_name():
    assert engine_order("aspose-cloud", aspose_license="")[0] == "aspose-cloud"
    assert "aspose-cloud" not in engine_order("auto", aspose_license="/etc/aspose.lic")


def test_no_order_has_an_unknown_engine():
    with pytest.raises(ValueError, match="no OCR engine called 'abbyy'"):
        engine_order("abbyy", aspose_license="")
