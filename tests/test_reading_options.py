"""How a picture is prepared and what Aspose.OCR is asked for: wherever pages are sent to be read."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from documents.forms import OptionsForm, UploadForm
from documents.models.validators import validate_aspose_filters, validate_preparation
from documents.ocr.preparing_options import NAMES
from documents.pipeline.options import PREPARATIONS, ReadingOptions, options_of, options_of_document
from tests.samples import make
from tests.scenes import make_document, make_read_page

ASPOSE = {"aspose_area_mode": "table", "aspose_language_level": "by_paragraph"}


@pytest.fixture
def licensed(settings):
    settings.ASPOSE_OCR_LICENSE = "<License/>"


def form(**posted: list[str] | str) -> OptionsForm:
    lists = {name: value if isinstance(value, list) else [value] for name, value in posted.items()}
    return OptionsForm(MultiValueDict(lists))


def test_every_step_has_a_name_in_words():
    assert tuple(PREPARATIONS) == NAMES


@pytest.mark.parametrize(
    ("ticked", "wanted"),
    [([], ""), (["scale", "invert"], "invert,scale"), (["none"], "none"), (["none", "invert"], "none")],
)
def test_steps_are_ticked(ticked, wanted):
    asked = form(preparation=ticked)
    assert asked.is_valid()
    assert asked.options().preparation == wanted


@pytest.mark.parametrize(
    "wrong", [{"preparation": ["polish"]}, {"aspose_filters": ["rotate"]}, {"aspose_area_mode": "x"}]
)
def test_what_there_is_not_cannot_be_chosen(licensed, wrong):
    assert not form(**wrong).is_valid()


def test_aspose_is_asked_about_only_where_it_is_set_up():
    asked = form(**ASPOSE)
    assert (asked.aspose_fields(), asked.is_valid()) == ([], True)
    assert asked.options() == ReadingOptions()


def test_the_form_shows_the_options_that_were_chosen(licensed):
    chosen = ReadingOptions(preparation="invert,scale", aspose_filters="median,threshold:128", **ASPOSE)
    shown = OptionsForm.showing(chosen)
    again = OptionsForm(MultiValueDict({
        name: value if isinstance(value, list) else [value] for name, value in shown.initial.items() if value
    }))  # fmt: skip
    assert again.is_valid()
    assert again.options() == chosen
    assert str(shown["preparation"]).count("checked") == 2


def test_an_upload_may_ask_for_steps():
    upload = UploadForm(MultiValueDict({"preparation": ["denoise", "invert"]}))
    assert upload.is_valid()
    assert upload.wishes().preparation == "invert,denoise"


def test_a_document_and_a_page_are_read_again_with_other_steps(client, alice):
    client.force_login(alice)
    page = make_read_page(alice, "text")
    posted = {"engine": "", "mode": "", "language": "", "handwritten": "", "preparation": ["light"]}
    client.post(reverse("document-retry", args=[page.document_id]), {"what": "read", **posted})
    page.document.refresh_from_db()
    assert options_of_document(page.document) == ReadingOptions(preparation="light")
    client.post(reverse("page-again", args=[page.pk]), {"step": "read", **posted, "preparation": ["none"]})
    page.refresh_from_db()
    assert options_of(page) == ReadingOptions(preparation="none")


def test_the_admin_offers_aspose_only_where_it_is_set_up(admin_client, alice, settings):
    url = reverse("admin:documents_document_change", args=[make_document(alice).pk])
    assert "aspose_area_mode" not in admin_client.get(url).text
    settings.ASPOSE_OCR_LICENSE = "<License/>"
    assert "aspose_area_mode" in admin_client.get(url).text


@pytest.mark.parametrize("typed", ["polish", "invert,", "invert;scale"])
def test_a_wrong_step_typed_into_the_admin_is_named(typed):
    with pytest.raises(ValidationError, match="There is no preparation called"):
        validate_preparation(typed)


def test_filters_typed_into_the_admin_are_checked():
    validate_aspose_filters("median,threshold:90")
    with pytest.raises(ValidationError, match="no filter called 'rotate'"):
        validate_aspose_filters("median,rotate")


@pytest.mark.parametrize("option", ["--preparation", "--aspose-filters"])
def test_the_command_refuses_what_there_is_not(tmp_path, option):
    (tmp_path / "scan.png").write_bytes(make.png())
    with pytest.raises(CommandError, match="'polish'"):
        call_command("read", str(tmp_path / "scan.png"), f"{option}=polish")


def test_what_aspose_is_wished_is_only_what_was_chosen():
    assert ReadingOptions().aspose_wishes == {}
    wished = ReadingOptions(aspose_filters="median", aspose_area_mode="lean").aspose_wishes
    assert wished == {"area_mode": "lean", "filters": ["median"]}


def test_options_of_a_page_from_before_there_were_steps_are_as_before(db, alice):
    page = make_document(alice, preparation="light").pages.get()
    page.options = {name: value for name, value in asdict(ReadingOptions("tesseract")).items() if name == "engine"}
    assert options_of(page) == ReadingOptions("tesseract", preparation="light")
