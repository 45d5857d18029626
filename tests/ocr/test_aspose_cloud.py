from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from documents.ocr.aspose_cloud import LANGUAGES, SENT, AsposeCloudEngine, language_name
from documents.ocr.base import EngineUnavailable, OcrError, Reading
from documents.ocr.hosted import HostedEngine

from .aspose_cloud_server import CLIENT_ID, CLIENT_SECRET, TASK, CloudServer, cloud_server

pytest.importorskip("aspose_ocr_cloud", reason="the package aspose-ocr-cloud is not installed")


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with cloud_server() as server:
        yield server


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    Image.new("RGB", (900, 300), "white").save(path)
    return path


def open_engine(server: CloudServer, **options) -> AsposeCloudEngine:
    defaults = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "base_url": server.url}
    return AsposeCloudEngine(**(defaults | {"pause": 0.01, "timeout": 20.0} | options))


def read(engine, picture: Path, language: str = "de", handwritten: bool = False) -> Reading:
    return engine.read(picture, language=language, handwritten=handwritten)


def refusal(engine, picture: Path) -> OcrError:
    with pytest.raises(OcrError) as caught:
        read(engine, picture)
    return caught.value


def asked(server: CloudServer) -> list[str]:
    return [call for call, _, _ in server.calls]


def test_it_gives_the_lines_with_their_places_and_says_that_the_page_was_sent(server, picture):
    reading = read(open_engine(server), picture)
    assert reading.text == "Invoice number 4711\nMiller & Sons"
    assert [line.box for line in reading.lines] == [(32, 35, 538, 61), (29, 105, 900, 131)]
    assert [round(line.confidence, 2) for line in reading.lines] == [0.92, 0.81]
    assert [word.text for word in reading.lines[1].words] == ["Miller", "&", "Sons"]
    assert reading.warnings == (SENT,)
    assert (reading.engine, reading.version) == ("aspose-cloud", "24.11.0")


def test_it_sends_the_picture_and_the_language_and_asks_until_it_is_read(server, picture):
    server.pending = 2
    read(open_engine(server), picture)
    assert asked(server) == ["token", "send", "result", "result", "result"]
    _, kind, body = server.calls[1]
    assert kind == "application/json"
    assert base64.b64decode(body["image"]) == picture.read_bytes()
    wanted = {"language": "German", "resultType": "TextAndHocr", "makeSkewCorrect": False}
    assert wanted.items() <= body["settings"].items()
    assert server.calls[2][2] == {"id": [TASK]}


def test_it_asks_for_one_token_for_many_pages(server, picture):
    engine = open_engine(server)
    read(engine, picture)
    read(engine, picture)
    assert asked(server).count("token") == 1


def test_handwriting_is_english_to_the_service_and_other_handwriting_is_warned_about(server, picture):
    engine = open_engine(server)
    assert len(read(engine, picture, "en", handwritten=True).warnings) == 1
    assert "handwriting in English only" in read(engine, picture, "fr", handwritten=True).warnings[1]
    languages = [body["settings"]["language"] for call, _, body in server.calls if call == "send"]
    assert languages == ["HWT_ENG", "French"]


def test_a_language_that_it_has_not_is_refused_before_anything_is_sent(server, picture):
    with pytest.raises(EngineUnavailable, match=r"does not read this page's language \(eo\)"):
        read(open_engine(server), picture, "eo")
    assert server.calls == []


def test_all_its_languages_are_known_to_the_package():
    from aspose_ocr_cloud.models import Language

    assert {Language(name).value for name in LANGUAGES.values()} == set(LANGUAGES.values())
    assert [language_name(code, False) for code in ("", "sr-Latn", "zh_CN")] == ["English", "Serbo_Croatian", "Chinese"]


def test_plain_text_is_spread_over_the_picture_and_said_to_be(server, picture):
    server.results = [("Text", "above\nbelow")]
    reading = read(open_engine(server), picture)
    assert [line.box for line in reading.lines] == [(0, 0, 900, 150), (0, 150, 900, 300)]
    assert "marks do not lie on the words" in reading.warnings[1]
    assert "how sure it is" in reading.warnings[2]
    assert {line.confidence for line in reading.lines} == {0.5}


def test_a_page_without_text_is_an_empty_reading(server, picture):
    server.results = []
    assert read(open_engine(server), picture).lines == ()


def test_too_many_calls_and_trouble_at_the_service_are_tried_again(server, picture):
    server.troubles = {
        "token": [(503, {}, "")],
        "send": [(429, {"Retry-After": "0"}, "slow down"), (500, {}, "")],
        "result": [(502, {}, "")],
    }
    assert read(open_engine(server), picture).text.startswith("Invoice")
    assert asked(server).count("send") == 3


@pytest.mark.parametrize(
    ("call", "status", "kind", "message"),
    [
        ("token", 500, EngineUnavailable, "gives no access at the moment (HTTP 500)"),
        ("send", 503, EngineUnavailable, "overloaded or out of order (HTTP 503)"),
        ("send", 429, EngineUnavailable, "overloaded or out of order (HTTP 429)"),
        ("send", 402, EngineUnavailable, "its quota is used up"),
        ("send", 401, EngineUnavailable, "did not accept the client id and secret"),
        ("send", 413, OcrError, "too large"),
        ("result", 400, OcrError, "did not take this page (HTTP 400)"),
    ],
)
def test_what_the_service_refuses_is_told_in_a_sentence(server, picture, call, status, kind, message):
    server.troubles = {call: [(status, {}, "")] * 9}
    error = refusal(open_engine(server, tries=2), picture)
    assert type(error) is kind
    assert message in str(error)


def test_a_quota_that_is_used_up_is_named_whatever_its_status(server, picture):
    server.troubles = {"send": [(429, {}, "API calls quota exceeded")] * 9}
    assert "its quota is used up" in str(refusal(open_engine(server, tries=1), picture))


def test_a_wrong_secret_is_named_and_never_repeated(server, picture):
    error = refusal(open_engine(server, client_secret="wrong-secret"), picture)
    assert "did not accept the client id and secret" in str(error)
    assert "wrong-secret" not in str(error)
    assert asked(server) == ["token"]


def test_a_token_that_was_withdrawn_is_replaced_for_the_next_page(server, picture):
    engine = open_engine(server)
    server.troubles = {"send": [(401, {}, "")]}
    refusal(engine, picture)
    assert read(engine, picture).lines
    assert asked(server).count("token") == 2


def test_a_service_that_hangs_is_given_up(server, picture):
    server.hang.clear()
    assert "did not answer in time" in str(refusal(open_engine(server, timeout=0.2, tries=1), picture))


def test_a_page_that_is_never_finished_is_given_up(server, picture):
    server.pending = 10_000
    assert "did not finish this page within 0.05 seconds" in str(refusal(open_engine(server, seconds=0.05), picture))


def test_a_page_that_it_cannot_read_is_told_with_its_reason(server, picture):
    server.outcome = ("Error", "Error", {"messages": ["The image is corrupted."]})
    assert str(refusal(open_engine(server), picture)).endswith("The image is corrupted.")


@pytest.mark.parametrize("call", ["token", "result"])
def test_garbage_is_no_reading(server, picture, call):
    server.troubles = {call: [(200, {}, "<html>maintenance</html>")]}
    assert "cannot be understood" in str(refusal(open_engine(server), picture))


def test_a_picture_that_is_too_large_is_not_sent(server, picture, monkeypatch):
    monkeypatch.setattr("documents.ocr.aspose_cloud.MAX_BYTES", 10)
    assert "too much to send" in str(refusal(open_engine(server), picture))
    assert server.calls == []


def test_other_pictures_are_sent_as_png(server, tmp_path):
    Image.new("L", (40, 30)).save(tmp_path / "page.bmp")
    read(open_engine(server), tmp_path / "page.bmp")
    assert base64.b64decode(server.calls[1][2]["image"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"client_id": ""}, "has no client id or no client secret"),
        ({"base_url": "http://example.org"}, "must begin with https://"),
    ],
)
def test_it_does_not_open_without_what_it_needs(server, options, message):
    with pytest.raises(EngineUnavailable, match=message):
        open_engine(server, **options)


def test_it_reads_in_a_process_of_its_own(server, picture):
    options = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "base_url": server.url, "pause": 0.01}
    engine = HostedEngine("aspose-cloud", options)
    try:
        assert read(engine, picture).warnings == (SENT,)
    finally:
        engine.close()
