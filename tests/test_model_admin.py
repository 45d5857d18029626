"""Choosing the language model in the admin: for superusers alone, and from the next page on."""

from __future__ import annotations

import pytest
import redis
from django.contrib.auth.models import Permission
from django.urls import reverse

from documents import queues
from documents.models import LanguageModel
from documents.pipeline import model_choice, model_tests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("full_window")]
LIST = "admin:documents_languagemodel_changelist"


@pytest.fixture
def model():
    return LanguageModel.objects.create(source="server", url="http://127.0.0.1:1/v1", server_model="qwen")


def run(client, action: str, *models: LanguageModel) -> str:
    data = {"action": action, "_selected_action": [model.pk for model in models]}
    return client.post(reverse(LIST), data, follow=True).content.decode()


def test_it_takes_a_model_and_lists_it(as_admin):
    fields = {"source": "repository", "repository": "Qwen/Qwen2.5-3B-Instruct-GGUF", "quantization": "int4"}
    answer = as_admin.post(reverse("admin:documents_languagemodel_add"), fields, follow=True)
    shown = answer.content.decode()
    assert "Qwen/Qwen2.5-3B-Instruct-GGUF (int4)" in shown and "downloads are not allowed" in shown
    assert model_choice.chosen() is None


def test_it_says_what_a_source_needs(as_admin):
    answer = as_admin.post(reverse("admin:documents_languagemodel_add"), {"source": "server", "url": "gpu:8080"})
    assert "http://machine:8080/v1" in answer.content.decode()


def test_it_corrects_with_the_model_from_the_next_page_on(as_admin, model):
    assert "From the next page on, qwen" in run(as_admin, "use_it", model)
    assert model_choice.chosen() == model


def test_it_takes_one_model_at_a_time(as_admin, model):
    assert "Choose one model" in run(as_admin, "use_it", model, LanguageModel.objects.create(source="embedded"))
    assert model_choice.chosen() is None


def test_it_leaves_it_to_the_settings_again(as_admin, model):
    model_choice.use(model)
    assert "the small one" in run(as_admin, "leave_it_to_the_settings", model)
    assert model_choice.chosen() is None


def test_deleting_the_model_in_use_leaves_it_to_the_settings(as_admin, model):
    model_choice.use(model)
    as_admin.post(reverse("admin:documents_languagemodel_delete", args=[model.pk]), {"post": "yes"})
    assert model_choice.chosen() is None


def test_it_has_a_model_tried_and_shows_the_outcome(as_admin, monkeypatch):
    rung = []
    monkeypatch.setattr(queues, "ring_test", rung.append)
    model = LanguageModel.objects.create(source="file", path="/nowhere/own.gguf")
    assert "is being tried" in run(as_admin, "test_it", model)
    assert rung == [model.pk]
    model_tests.run(model.pk)
    assert "own.gguf cannot be read" in as_admin.get(reverse(LIST)).content.decode()


def test_it_says_that_nothing_can_be_tried_without_a_queue(as_admin, model, monkeypatch):
    def fail(number):
        raise redis.ConnectionError

    monkeypatch.setattr(queues, "ring_test", fail)
    assert "queue does not answer" in run(as_admin, "test_it", model)


def test_it_is_closed_to_staff_whatever_their_permissions(client, bob):
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.filter(content_type__model="languagemodel"))
    client.force_login(bob)
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse("admin:documents_languagemodel_add")).status_code == 403
