"""The engines screen: what each engine lacks is said, and a try tells what it read or why it could not."""

from __future__ import annotations

import pytest
import redis
from django.urls import reverse

from documents import queues
from documents.models import LanguageModel
from documents.ocr.base import EngineUnavailable
from documents.pipeline import engine_tests, health, model_choice, model_tests

pytestmark = pytest.mark.django_db


def test_an_engine_without_a_licence_says_so_and_the_default_is_in_use(as_admin, settings):
    settings.ASPOSE_OCR_LICENSE = ""
    shown = as_admin.get(reverse("engines")).content.decode()
    assert "no licence" in shown
    assert "In use" in shown


def test_what_sends_pages_elsewhere_says_so_where_engines_are_shown_and_chosen(as_admin):
    assert "Pages leave this machine" in as_admin.get(reverse("engines")).content.decode()
    assert "Aspose.OCR Cloud (pages leave this machine)" in as_admin.get(reverse("upload")).content.decode()


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


def test_it_says_where_the_model_runs_and_how_fast(as_admin):
    name = health.model_state()["name"]
    health.model_works(
        model=name, device="RTX A4000", gpu_layers=27, layers=37, rss_mb=812.4, gpu_mb=2809.0, tokens_per_second=94.6
    )
    shown = as_admin.get(reverse("engines")).content.decode()
    assert all(words in shown for words in ("RTX A4000", "27 of 37", "812 MiB", "2809 MiB", "95"))


def test_it_warns_when_text_leaves_the_machine(as_admin, settings):
    settings.CORRECTION_SERVER_URL = "https://api.example.org/v1"
    assert "is sent to api.example.org" in as_admin.get(reverse("engines")).content.decode()
    settings.CORRECTION_SERVER_URL = "http://127.0.0.1:8080/v1"
    assert "is sent to" not in as_admin.get(reverse("engines")).content.decode()


def test_it_shows_the_choice_beside_what_the_settings_name(as_admin):
    model_choice.use(LanguageModel.objects.create(source="server", url="http://127.0.0.1:1/v1", server_model="qwen"))
    shown = as_admin.get(reverse("engines")).content.decode()
    assert "Chosen in the admin: qwen · 127.0.0.1:1" in shown
    assert "The settings name: the small one" in shown


def test_a_superuser_has_the_model_tried_and_the_screen_follows(as_admin, monkeypatch):
    monkeypatch.setattr(queues, "ring_test", lambda number: None)
    shown = as_admin.post(reverse("engines-model"), follow=True).content.decode()
    assert "Waiting for its turn" in shown and "every 2s" in shown
    model_tests.run(0)
    shown = as_admin.get(reverse("engines-model")).content.decode()
    assert "<ins>Dear Sir, we thank you for the letter" in shown and "every 2s" not in shown


def test_it_says_that_nothing_can_be_tried_without_a_queue(as_admin, monkeypatch):
    def fail(number):
        raise redis.ConnectionError

    monkeypatch.setattr(queues, "ring_test", fail)
    assert "queue does not answer" in as_admin.post(reverse("engines-model"), follow=True).content.decode()


def test_staff_who_are_no_superusers_see_the_model_and_cannot_have_it_tried(client, alice):
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    assert client.get(reverse("engines-model")).status_code == 200
    assert client.post(reverse("engines-model")).status_code == 403
