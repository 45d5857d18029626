"""The engines screen: what each engine lacks is said, and a try tells what it read or why it could not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.ocr.base import EngineUnavailable
from documents.pipeline import engine_tests

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def test_an_engine_without_a_licence_says_so_and_the_default_is_in_use(as_admin, settings):
    settings.ASPOSE_OCR_LICENSE = ""
    shown = as_admin.get(reverse("engines")).content.decode()
    assert "no licence" in shown
    assert "In use" in shown


def test_a_try_shows_what_was_read(as_admin, monkeypatch):
    monkeypatch.setattr(engine_tests, "try_engine", lambda name: f"{name} says hello")
    answer = as_admin.post(reverse("engines"), {"engine": "rapidocr"}, follow=True)
    assert "rapidocr says hello" in answer.content.decode()


def test_a_try_that_fails_shows_the_reason(as_admin, monkeypatch):
    def fail(name):
        raise EngineUnavailable("There is no licence.")

    monkeypatch.setattr(engine_tests, "try_engine", fail)
    answer = as_admin.post(reverse("engines"), {"engine": "aspose"}, follow=True)
    assert "There is no licence." in answer.content.decode()


def test_an_engine_that_there_is_not_is_refused(as_admin):
    assert "no such engine" in as_admin.post(reverse("engines"), {"engine": "magic"}, follow=True).content.decode()


def test_the_default_engine_reads_the_sample_page():
    assert "reads this page" in engine_tests.try_engine("rapidocr")
