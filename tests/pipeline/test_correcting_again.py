"""Correcting again, with another model or another setting, adds a layer; what people wrote stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents import states
from documents.correction.models import EMBEDDED, ModelChoice
from documents.correction.prompts import PROMPT_VERSION
from documents.models import Layer, Page, PageStatus
from documents.pipeline import correcting, engines, reviewing
from documents.pipeline.reviewing import WrittenLine
from documents.pipeline.vocabulary import add_terms
from tests.scenes import FakeCorrector, make_read_page

pytestmark = pytest.mark.django_db
RAW = ("we hcd your letter of the third of May", "and we hcd the kind words of the qvx office")


@pytest.fixture
def page(alice):
    page = make_read_page(alice, *RAW, status=PageStatus.READ)
    Page.objects.filter(pk=page.pk).update(language="en")
    return Page.objects.get(pk=page.pk)


def correct(monkeypatch, page: Page, name: str, **table: str) -> None:
    """Correct the page with a model of that name, which words it as the table says."""
    corrector = FakeCorrector(**table)
    corrector.name = name
    monkeypatch.setattr(engines, "choose_model", lambda: ModelChoice(EMBEDDED, name))
    monkeypatch.setattr(engines, "corrector", lambda choice: corrector)
    states.again(Page.objects.filter(pk=page.pk), states.CORRECTING)
    assert correcting.correct_page(page.pk, Page.objects.get(pk=page.pk).revision)
    page.refresh_from_db()


def test_another_model_adds_a_layer(page, monkeypatch):
    correct(monkeypatch, page, "first")
    correct(monkeypatch, page, "second", hcd="had")
    layers = page.texts.filter(layer=Layer.LLM).order_by("version")
    assert [(text.made_by, text.lines[0]["text"][:6]) for text in layers] == [("first", "we hcd"), ("second", "we had")]
    assert page.current.made_by == "second"


def test_what_a_person_wrote_survives_and_the_rest_is_renewed(page, monkeypatch, alice):
    correct(monkeypatch, page, "first")
    lines = [WrittenLine(RAW[0], 0), WrittenLine("and we had the kind words of the YMCA office", 1)]
    reviewing.save_text(page, lines, based_on=page.current_id, author=alice)
    correct(monkeypatch, page, "second", hcd="had", qvx="new")
    assert [line["text"] for line in page.current.lines] == [
        "we had your letter of the third of May", "and we had the kind words of the YMCA office",
    ]  # fmt: skip


def test_a_new_word_of_the_house_counts_from_the_next_time_on(page, monkeypatch):
    correct(monkeypatch, page, "first", hcd="had")
    assert "had" in page.current.text
    add_terms(["hcd"], document=page.document)
    correct(monkeypatch, page, "first", hcd="had")
    assert page.current.text == "\n".join(RAW)


def test_it_is_recorded_what_made_a_text(page, monkeypatch):
    correct(monkeypatch, page, "first", hcd="had")
    details = page.current.details
    assert details["model"] == {"name": "first", "sha256": engines.model_checksum(ModelChoice(EMBEDDED, "first"))}
    assert len(details["model"]["sha256"]) == 64
    assert (details["prompt"], details["kind"], details["trust"]) == (PROMPT_VERSION, "prose", "large")
    assert {"context_size", "gpu_layers", "threads", "llama_cpp"} == set(details["settings"])
    assert details["lines"] == {"all": 2, "sent": 2, "clean": 0, "broken": []}


def test_a_model_without_a_file_has_no_checksum():
    assert engines.model_checksum(ModelChoice(None, "elsewhere")) == ""
    assert engines.model_checksum(ModelChoice(Path("/none"), "gone")) == ""


def test_the_page_says_how_much_was_sent(page, monkeypatch, client, alice):
    correct(monkeypatch, page, "first", hcd="had")
    client.force_login(alice)
    shown = " ".join(client.get(page.get_absolute_url()).content.decode().split())
    assert "Of 2 lines 0 held nothing doubtful, and the language model was asked about 2." in shown


def test_a_change_keeps_what_another_engine_read_there(page, monkeypatch):
    reading = page.texts.get()
    reading.lines[0]["words"][1]["alternatives"] = [
        {"text": "heard", "engine": "tesseract", "confidence": 0.3, "words": 1}
    ]
    reading.save(update_fields=["lines"])
    correct(monkeypatch, page, "first", hcd="had")
    edit = page.current.edits.get(line=0)
    assert (edit.before, edit.after) == ("hcd", "had")
    assert edit.alternatives == [{"text": "heard", "source": "tesseract"}]
