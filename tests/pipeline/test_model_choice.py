"""Which model corrects: the admin's choice, else the settings', without a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from documents.correction.base import ModelUnavailable
from documents.correction.models import EMBEDDED, EMBEDDED_CHOICE, Server, folder_of
from documents.models import Heartbeat, LanguageModel
from documents.pipeline import engines, fetching, health, model_choice
from tests.correction.hub import REPOSITORY, Hub
from tests.correction.tiny_gguf import write_chat_model

pytestmark = pytest.mark.django_db
Source = LanguageModel.Source


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DIRECTORY_MODEL_PATH = tmp_path / "models"
    settings.ALLOW_AUTO_DOWNLOAD = False


def of_file(tmp_path: Path, name: str = "own") -> LanguageModel:
    path = write_chat_model(tmp_path / f"{name}.gguf")
    return LanguageModel.objects.create(source=Source.FILE, path=str(path))


def test_without_a_choice_the_embedded_one_corrects():
    assert engines.choose_model() is EMBEDDED_CHOICE


def test_the_settings_name_a_server_before_a_file(settings):
    settings.CORRECTION_MODEL = str(EMBEDDED)
    settings.CORRECTION_SERVER_URL, settings.CORRECTION_SERVER_MODEL = "http://gpu:8080/v1/", "qwen"
    assert engines.choose_model().server == Server("http://gpu:8080/v1", "qwen")
    settings.CORRECTION_SERVER_URL = ""
    assert engines.choose_model() is EMBEDDED_CHOICE


def test_what_a_superuser_chose_goes_before_the_settings(settings, tmp_path):
    settings.CORRECTION_SERVER_URL = "http://gpu:8080/v1"
    model_choice.use(of_file(tmp_path))
    assert engines.choose_model().name == "own"
    model_choice.use(None)
    assert engines.choose_model().name == "model at gpu:8080"


def test_only_one_is_in_use(tmp_path):
    first, second = of_file(tmp_path), of_file(tmp_path, "other")
    model_choice.use(first)
    model_choice.use(second)
    assert list(LanguageModel.objects.filter(is_active=True)) == [second]


def test_a_repository_that_may_not_be_fetched_is_said_to_be_missing():
    model = LanguageModel.objects.create(source=Source.REPOSITORY, repository=REPOSITORY)
    with pytest.raises(ModelUnavailable, match="not on this machine, and downloads are not allowed"):
        model_choice.choose(model)


def test_a_worker_ends_the_old_models_child_before_the_next_page(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "_correctors", {})
    embedded = engines.corrector(engines.choose_model())
    embedded.propose(["tbe end"], language="en")
    assert embedded.pid
    model_choice.use(of_file(tmp_path))
    other = engines.corrector(engines.choose_model())
    assert embedded.pid is None
    other.close()


def test_the_key_goes_to_the_settings_server_alone(settings, monkeypatch):
    settings.CORRECTION_SERVER_URL, settings.CORRECTION_SERVER_KEY = "http://gpu:8080/v1", "secret"
    keys = []
    monkeypatch.setattr(engines, "ServerCorrector", lambda server, key, **options: keys.append(key))
    engines._for_server(Server("http://gpu:8080/v1"))
    engines._for_server(Server("http://elsewhere/v1"))
    assert keys == ["secret", ""]


def test_every_model_of_the_list_is_fetched_where_that_is_allowed(settings, tmp_path, monkeypatch):
    hub = Hub({"m-q8_0.gguf": write_chat_model(tmp_path / "m.gguf").read_bytes()})
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    settings.ALLOW_AUTO_DOWNLOAD, settings.HUGGING_FACE_REPO_ID = True, "nobody/nothing"
    model = LanguageModel.objects.create(source=Source.REPOSITORY, repository=REPOSITORY)
    broken = []
    monkeypatch.setattr(health, "model_broke", broken.append)  # a thread must not write to the tests' database
    with pytest.raises(ModelUnavailable, match="being downloaded"):
        model_choice.choose(model)
    fetching.fetch_missing_models()
    fetching._thread.join(60)
    assert model_choice.choose(model).path == folder_of(model_choice.options_of(model)) / "m-q8_0.gguf"
    assert "nobody/nothing could not be downloaded" in broken[0]
    hub.shutdown()
    hub.server_close()


def test_nothing_is_fetched_where_that_is_not_allowed(monkeypatch):
    LanguageModel.objects.create(source=Source.REPOSITORY, repository=REPOSITORY)
    monkeypatch.setattr(fetching, "_thread", None)
    fetching.fetch_missing_models()
    assert fetching._thread is None


def test_another_choice_makes_the_old_models_fault_forgotten(tmp_path):
    health.model_broke("The model is gone.")
    model_choice.use(of_file(tmp_path))
    health.model_changed()
    assert health.model_problem() == ""


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"source": Source.REPOSITORY, "repository": "no-owner"}, "repository"),
        ({"source": Source.REPOSITORY, "repository": "a/b", "quantization": ""}, "quantization"),
        ({"source": Source.FILE, "path": "models/own.gguf"}, "path"),
        ({"source": Source.SERVER, "url": "gpu:8080"}, "url"),
        ({"source": Source.SERVER, "url": "http://me:secret@gpu/v1"}, "url"),
    ],
)
def test_a_model_without_what_its_source_needs_is_refused(fields, wrong):
    with pytest.raises(ValidationError) as caught:
        LanguageModel(**fields).full_clean()
    assert set(caught.value.message_dict) == {wrong}


def test_a_heartbeat_is_written_when_there_is_news_and_not_with_every_page():
    health.model_works(model="m", device="", gpu_layers=0, tokens_per_second=10)
    health.model_works(model="m", device="", gpu_layers=0, tokens_per_second=11)
    assert Heartbeat.objects.get(name=health.CORRECTOR).details["tokens_per_second"] == 10
    health.model_works(model="m", device="RTX", gpu_layers=3, tokens_per_second=90)
    assert Heartbeat.objects.get(name=health.CORRECTOR).details["tokens_per_second"] == 90
