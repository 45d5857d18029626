"""Trying a model on a sample: what is shown afterwards, and that a trial that breaks off is not shown for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.utils.timezone import now

from documents import queues
from documents.correction.models import EMBEDDED
from documents.models import Heartbeat, LanguageModel
from documents.pipeline import engines, model_tests

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """Return the numbers of the models whose trials were sent to the workers."""
    numbers: list[int] = []
    monkeypatch.setattr(queues, "ring_test", numbers.append)
    return numbers


def test_it_runs_where_pages_are_corrected(rung):
    model = LanguageModel.objects.create(source="embedded")
    model_tests.begin(model)
    model_tests.begin(None)
    assert rung == [model.pk, 0]
    assert model_tests.outcome(model)["state"] == "waiting"


def test_without_a_queue_it_is_not_shown_as_waiting_for_ever(monkeypatch):
    def fail(number):
        raise redis.ConnectionError

    monkeypatch.setattr(queues, "ring_test", fail)
    with pytest.raises(redis.ConnectionError):
        model_tests.begin(None)
    assert model_tests.outcome(None)["state"] == "failed"


def test_it_shows_speed_place_and_what_became_of_the_sample(monkeypatch):
    monkeypatch.setattr(engines, "_correctors", {})
    model_tests.run(0)
    found = model_tests.outcome(None)
    assert (found["state"], found["model"], found["device"], found["gpu_layers"]) == ("done", EMBEDDED.stem, "", 0)
    assert found["characters_per_second"] > 0 and found["tokens_per_second"] > 0 and found["rss_mb"] > 0
    assert ["Dear Sir, we thank you for tbe letter of the third of May",
            "Dear Sir, we thank you for the letter of the third of May"] in found["changed"]  # fmt: skip
    engines.corrector(engines.choose_model()).close()


def test_it_shows_why_a_model_cannot_be_used():
    model = LanguageModel.objects.create(source="file", path="/nowhere/own.gguf")
    model_tests.run(model.pk)
    found = model_tests.outcome(model)
    assert found["state"] == "failed"
    assert "own.gguf cannot be read" in found["problem"]
    assert "own.gguf cannot be read" in model_tests.summary(model)


def test_what_breaks_off_is_shown_as_failed(monkeypatch):
    def interrupt(choice):
        raise TimeoutError

    monkeypatch.setattr(engines, "corrector", interrupt)
    with pytest.raises(TimeoutError):
        model_tests.run(0)
    assert model_tests.outcome(None)["problem"] == "The trial broke off."


def test_a_trial_that_is_not_heard_of_again_has_failed(rung):
    model_tests.begin(None)
    Heartbeat.objects.update(beat_at=now() - timedelta(hours=1))
    assert "not heard of again" in model_tests.outcome(None)["problem"]


def test_a_model_that_was_never_tried_has_no_outcome():
    assert model_tests.outcome(None) == {}


def test_a_model_that_was_deleted_meanwhile_is_not_tried(monkeypatch):
    monkeypatch.setattr(engines, "corrector", lambda choice: pytest.fail("nothing is to be tried"))
    model_tests.run(4711)
    assert not Heartbeat.objects.exists()
