"""Correcting: the model's changes are kept as edits, and without a model the OCR text is served."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.timezone import now

from documents import states
from documents.correction.base import CorrectorCrashed, ModelUnavailable
from documents.correction.models import ModelChoice
from documents.models import EditState, Heartbeat, Layer, Page, PageStatus
from documents.pipeline import correcting, engines, health, reviewing
from tests.scenes import FakeCorrector, make_read_page

pytestmark = pytest.mark.django_db
RAW = "we thank you for tbe letter of the third of May"


@pytest.fixture
def page(alice):
    page = make_read_page(alice, RAW, "and for the kind words", status=PageStatus.READ)
    Page.objects.filter(pk=page.pk).update(language="en")
    return Page.objects.get(pk=page.pk)


def use(monkeypatch, corrector) -> None:
    monkeypatch.setattr(engines, "choose_model", lambda: ModelChoice(Path("/none"), corrector.name))
    monkeypatch.setattr(engines, "corrector", lambda choice: corrector)


class Failing(FakeCorrector):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def propose(self, lines, *, language, **brief):
        raise self.error


def test_a_repair_becomes_a_layer_and_an_edit_and_the_reading_stays(page, monkeypatch):
    use(monkeypatch, FakeCorrector(tbe="the"))
    assert correcting.correct_page(page.pk, 0) is True
    page.refresh_from_db()
    assert (page.status, page.current.layer) == (PageStatus.DONE, Layer.LLM)
    assert page.current.lines[0]["text"] == RAW.replace("tbe", "the")
    assert page.texts.get(layer=Layer.OCR).lines[0]["text"] == RAW
    edit = page.current.edits.get()
    assert (edit.line, edit.before, edit.after, edit.state) == (0, "tbe", "the", EditState.APPLIED)
    assert RAW[edit.start : edit.end] == "tbe"


def test_a_corrected_line_stays_in_its_block(page, monkeypatch):
    reading = page.texts.get()
    reading.lines[0] |= {"block": 2, "kind": "table", "cells": [[0, 0], [4, 1]]}
    reading.save(update_fields=["lines"])
    use(monkeypatch, FakeCorrector(tbe="the"))
    correcting.correct_page(page.pk, 0)
    line = page.texts.get(layer=Layer.LLM).lines[0]
    assert (line["block"], line["kind"], line["cells"]) == (2, "table", [[0, 0], [4, 1]])


def test_a_changed_number_is_not_taken_over(alice, monkeypatch):
    page = make_read_page(alice, "we owe you 1,230 pounds for tbe goods", status=PageStatus.READ)
    Page.objects.filter(pk=page.pk).update(language="en")
    use(monkeypatch, FakeCorrector(**{"1,230": "7,230", "tbe": "the"}))
    correcting.correct_page(page.pk, 0)
    page.refresh_from_db()
    assert page.current.text == "we owe you 1,230 pounds for the goods"


def test_a_crash_leaves_the_reading_served_and_says_why(page, monkeypatch):
    use(monkeypatch, Failing(CorrectorCrashed("killed by SIGABRT")))
    for _attempt in range(3):
        Page.objects.filter(pk=page.pk).update(next_try_at=None)
        assert correcting.correct_page(page.pk, 0) is False
    page.refresh_from_db()
    assert (page.status, page.current.layer) == (PageStatus.CORRECTION_PENDING, Layer.OCR)
    assert "broke off" in page.problem
    assert page.crash_reason == "killed by SIGABRT"


def test_without_a_model_no_attempt_is_counted_and_it_is_left_alone_for_a_while(page, monkeypatch):
    use(monkeypatch, Failing(ModelUnavailable("The model file is cut off.")))
    correcting.correct_page(page.pk, 0)
    page.refresh_from_db()
    assert (page.status, page.attempts, page.problem) == (
        PageStatus.CORRECTION_PENDING, 0, "The model file is cut off.",
    )  # fmt: skip
    assert health.model_problem() == "The model file is cut off."
    Heartbeat.objects.update(retry_at=now())
    assert health.model_problem() == ""


def test_the_broken_file_named_in_the_settings_is_the_reason_shown(settings, tmp_path):
    (tmp_path / "broken.gguf").write_bytes(b"GGUF")
    settings.CORRECTION_MODEL = str(tmp_path / "broken.gguf")
    assert "broken.gguf" in health.model_problem()


def test_while_the_model_is_being_downloaded_the_reason_says_how_far_it_is(settings, tmp_path):
    settings.ALLOW_AUTO_DOWNLOAD, settings.DIRECTORY_MODEL_PATH = True, tmp_path
    assert "being downloaded" in health.model_problem()


def test_correcting_again_never_replaces_what_a_person_wrote(page, alice, monkeypatch):
    use(monkeypatch, FakeCorrector(tbe="the"))
    correcting.correct_page(page.pk, 0)
    page.refresh_from_db()
    written = [reviewing.WrittenLine("my own words", 0)]
    reviewing.save_text(page, written, based_on=page.current_id, author=alice)
    assert states.again(Page.objects.filter(pk=page.pk), states.CORRECTING) == 1
    assert correcting.correct_page(page.pk, 1) is True
    page.refresh_from_db()
    assert page.current.text == "my own words"


def test_a_late_correction_writes_nothing(page, monkeypatch):
    class Slow(FakeCorrector):
        def propose(self, lines, *, language, **brief):
            states.again(Page.objects.filter(pk=page.pk), states.CORRECTING)
            return super().propose(lines, language=language)

    use(monkeypatch, Slow(tbe="the"))
    assert correcting.correct_page(page.pk, 0) is False
    assert page.texts.filter(layer=Layer.LLM).count() == 0


def test_every_line_is_corrected_in_its_own_language(monkeypatch):
    use(monkeypatch, FakeCorrector(tbe="the", Briel="Brief"))
    english, german = RAW, "wir danken Ihnen herzlich für den Briel vom dritten Mai"
    lines = [
        {"text": english, "confidence": 0.9},
        {"text": german, "confidence": 0.9, "language": "de"},
        {"text": english, "confidence": 0.9},
    ]
    correction = correcting.correct_text(lines, language="en")
    fixed = english.replace("tbe", "the")
    assert correction.lines == (fixed, german.replace("Briel", "Brief"), fixed)
    assert [change.line for change in correction.changes] == [0, 1, 2]
