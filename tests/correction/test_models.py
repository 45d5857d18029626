from __future__ import annotations

from pathlib import Path

import pytest

from documents.correction.base import ModelUnavailable
from documents.correction.gguf_file import check_gguf
from documents.correction.models import (
    EMBEDDED,
    EMBEDDED_CHOICE,
    UNFINISHED,
    ModelOptions,
    Server,
    choose_model,
    folder_of,
    matching_files,
)
from tests.correction.tiny_gguf import write_chat_model

NAMES = ["README.md", "m-f16.gguf", "m-q4_k_m.gguf", "m-q8_0.gguf", "m-q4_k_m_l.gguf"]
PARTS = ["m-q8_0-00002-of-00002.gguf", "m-q8_0-00001-of-00002.gguf"]


@pytest.fixture
def gguf(tmp_path: Path) -> bytes:
    return write_chat_model(tmp_path / "made.gguf").read_bytes()


def options(tmp_path: Path, **changes) -> ModelOptions:
    return ModelOptions(**{"directory": tmp_path / "models", "repository": "someone/tiny-GGUF", **changes})


def put(wanted: ModelOptions, name: str, content: bytes) -> Path:
    path = folder_of(wanted) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("quantization", "names", "found"),
    [
        ("int8", NAMES, ["m-q8_0.gguf"]),
        ("int4", NAMES, ["m-q4_k_m.gguf"]),
        ("fp16", NAMES, ["m-f16.gguf"]),
        ("Q4_K_M_L", NAMES, ["m-q4_k_m_l.gguf"]),
        ("int8", PARTS, sorted(PARTS)),
        ("int8", [*PARTS, *NAMES], ["m-q8_0.gguf"]),
        ("q5_k_m", NAMES, []),
        ("int8", ["M.Q8_0.gguf"], ["M.Q8_0.gguf"]),
    ],
)
def test_it_finds_the_files_of_a_quantization(quantization: str, names: list[str], found: list[str]):
    assert matching_files(names, quantization) == found


def test_the_embedded_model_is_there_and_whole(tmp_path: Path):
    assert choose_model(options(tmp_path, source="embedded")) is EMBEDDED_CHOICE
    check_gguf(EMBEDDED)


def test_it_takes_the_file_that_was_named(tmp_path: Path):
    path = write_chat_model(tmp_path / "own.gguf")
    choice = choose_model(options(tmp_path, source="file", path=path))
    assert (choice.path, choice.name, choice.languages) == (path, "own", None)


def test_it_takes_the_repositorys_file_when_it_is_there(tmp_path: Path, gguf: bytes):
    wanted = options(tmp_path)
    path = put(wanted, "m-q8_0.gguf", gguf)
    assert choose_model(wanted).path == path


def test_it_has_nothing_while_the_repositorys_file_is_not_there(tmp_path: Path):
    assert choose_model(options(tmp_path)) is None


def test_it_does_not_take_a_split_model_with_a_part_missing(tmp_path: Path, gguf: bytes):
    wanted = options(tmp_path)
    put(wanted, PARTS[1], gguf)
    assert choose_model(wanted) is None


def test_it_does_not_take_what_has_not_been_checked_yet(tmp_path: Path, gguf: bytes):
    wanted = options(tmp_path)
    put(wanted, f"{UNFINISHED}/m-q8_0.gguf", gguf)
    assert choose_model(wanted) is None


def test_it_says_that_a_file_is_missing(tmp_path: Path):
    with pytest.raises(ModelUnavailable, match="cannot be read: No such file"):
        choose_model(options(tmp_path, source="file", path=tmp_path / "gone.gguf"))


@pytest.mark.parametrize("size", [8, 100, 3000, 40_000])
def test_it_says_that_a_file_is_cut_off(tmp_path: Path, gguf: bytes, size: int):
    path = tmp_path / "cut.gguf"
    path.write_bytes(gguf[:size])
    with pytest.raises(ModelUnavailable, match="The model file cut.gguf is cut off"):
        check_gguf(path)


def test_it_says_that_a_file_is_no_model(tmp_path: Path):
    path = tmp_path / "page.gguf"
    path.write_bytes(b"<html>Sign in</html>")
    with pytest.raises(ModelUnavailable, match="is not a GGUF model"):
        check_gguf(path)


def test_a_servers_model_is_named_with_its_machine(tmp_path: Path):
    choice = choose_model(options(tmp_path, source="server", server=Server("http://gpu:8080/v1", "qwen")))
    assert (choice.path, choice.name, choice.languages) == (None, "qwen at gpu:8080", None)


@pytest.mark.parametrize("url", ["", "gpu:8080", "ftp://gpu/v1", "http:///v1"])
def test_it_says_that_an_address_is_none(tmp_path: Path, url: str):
    with pytest.raises(ModelUnavailable, match="no web address"):
        choose_model(options(tmp_path, source="server", server=Server(url)))


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://192.168.1.5:8080/v1", False),
        ("https://api.example.org/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_it_knows_whether_text_leaves_the_machine(url: str, stays: bool):
    assert Server(url).is_local is stays
