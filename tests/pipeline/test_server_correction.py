"""A page that a server corrects: the whole way, with a stand-in for the server."""

from __future__ import annotations

import pytest

from documents.models import Layer, Page, PageStatus
from documents.pipeline import correcting, engines, health
from tests.correction.chat_server import ChatServer
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db
RAW = "we thank you for tbe letter of the third of May"


@pytest.fixture
def chat(settings, monkeypatch):
    server = ChatServer(lambda text: text.replace("tbe", "the"))
    settings.CORRECTION_SERVER_URL, settings.CORRECTION_SERVER_MODEL = server.url, "qwen"
    settings.CORRECTION_SERVER_KEY = server.key = "secret"
    monkeypatch.setattr(engines, "_correctors", {})
    yield server
    server.stop()


@pytest.fixture
def page(alice):
    page = make_read_page(alice, RAW, status=PageStatus.READ)
    Page.objects.filter(pk=page.pk).update(language="en")
    return page


def test_its_text_says_which_model_on_which_machine_made_it(chat, page):
    assert correcting.correct_page(page.pk, 0) is True
    page.refresh_from_db()
    assert (page.current.layer, page.current.text) == (Layer.LLM, RAW.replace("tbe", "the"))
    assert page.current.made_by == f"qwen at 127.0.0.1:{chat.server_port}"
    assert health.model_state()["running"] == {}


def test_while_the_server_is_away_the_reading_is_served_and_no_attempt_is_counted(chat, page, monkeypatch):
    monkeypatch.setattr("documents.correction.server.FIRST_WAIT", 0.001)
    chat.troubles = [503] * 10
    assert correcting.correct_page(page.pk, 0) is False
    page.refresh_from_db()
    assert (page.status, page.attempts, page.current.text) == (PageStatus.CORRECTION_PENDING, 0, RAW)
    assert "is overrun or broken" in health.model_problem()
