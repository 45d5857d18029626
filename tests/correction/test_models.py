from __future__ import annotations

from pathlib import Path

import pytest

from documents.correction import models
from documents.correction.base import ModelUnavailable
from documents.correction.gguf_file import check_gguf
from documents.correction.models import (
    EMBEDDED,
    EMBEDDED_CHOICE,
    ModelOptions,
    choose_model,
    download,
    download_fraction,
    folder_of,
    matching_files,
)
from tests.correction.hub import REPOSITORY, Hub
from tests.correction.tiny_gguf import write_chat_model

NAMES = ["README.md", "m-f16.gguf", "m-q4_k_m.gguf", "m-q8_0.gguf", "m-q4_k_m_l.gguf"]
PARTS = ["m-q8_0-00002-of-00002.gguf", "m-q8_0-00001-of-00002.gguf"]


@pytest.fixture
def gguf(tmp_path: Path) -> bytes:
    return write_chat_model(tmp_path / "made.gguf").read_bytes()


@pytest.fixture
def hub(gguf: bytes, monkeypatch: pytest.MonkeyPatch):
    server = Hub({"README.md": b"#", "m-q8_0.gguf": gguf, "m-q4_k_m.gguf": b"other"})
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    yield server
    server.shutdown()
    server.server_close()


def options(tmp_path: Path, **changes) -> ModelOptions:
    return ModelOptions(**{"directory": tmp_path / "models", "repository": REPOSITORY, **changes})


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


def test_it_takes_the_embedded_model_when_nothing_else_is_there(tmp_path: Path):
    assert choose_model(options(tmp_path)) is EMBEDDED_CHOICE
    check_gguf(EMBEDDED)


def test_it_takes_the_file_that_was_named_before_any_other(tmp_path: Path):
    path = write_chat_model(tmp_path / "own.gguf")
    choice = choose_model(options(tmp_path, path=path, may_download=True))
    assert (choice.path, choice.name, choice.languages) == (path, "own", None)


def test_it_takes_the_repositorys_file_when_it_is_there(tmp_path: Path, gguf: bytes):
    wanted = options(tmp_path)
    folder_of(wanted).mkdir(parents=True)
    (folder_of(wanted) / "m-q8_0.gguf").write_bytes(gguf)
    assert choose_model(wanted).path == folder_of(wanted) / "m-q8_0.gguf"


def test_it_does_not_take_a_split_model_with_a_part_missing(tmp_path: Path, gguf: bytes):
    wanted = options(tmp_path)
    folder_of(wanted).mkdir(parents=True)
    (folder_of(wanted) / PARTS[1]).write_bytes(gguf)
    assert choose_model(wanted) is EMBEDDED_CHOICE


def test_it_says_that_a_file_is_missing(tmp_path: Path):
    with pytest.raises(ModelUnavailable, match="cannot be read: No such file"):
        choose_model(options(tmp_path, path=tmp_path / "gone.gguf"))


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


def test_it_downloads_the_file_and_uses_it_from_then_on(tmp_path: Path, hub: Hub, gguf: bytes):
    wanted = options(tmp_path, may_download=True)
    assert choose_model(wanted).path.read_bytes() == gguf
    hub.files.clear()
    assert choose_model(wanted).name == "m-q8_0"
    assert download_fraction(wanted) is None


def test_it_writes_down_how_far_the_download_is(tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch):
    seen: list[float] = []
    monkeypatch.setattr(models, "_write_fraction", lambda file, fraction: seen.append(fraction))
    download(options(tmp_path))
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


def test_a_page_can_read_how_far_the_download_is(tmp_path: Path):
    wanted = options(tmp_path)
    folder_of(wanted).mkdir(parents=True)
    models._write_fraction(folder_of(wanted) / models.PROGRESS_FILE, 0.34)
    assert download_fraction(wanted) == 0.34


def test_it_goes_on_where_a_connection_broke(tmp_path: Path, hub: Hub, gguf: bytes, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # huggingface_hub waits before it tries again
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1000)  # what is kept of a broken connection
    hub.cut_after = 20_000
    assert download(options(tmp_path)).read_bytes() == gguf
    assert "bytes=20000-" in hub.ranges


def test_it_says_which_quantization_a_repository_lacks(tmp_path: Path, hub: Hub):
    with pytest.raises(ModelUnavailable, match="no GGUF file with the quantization q2_k"):
        download(options(tmp_path, quantization="q2_k"))


def test_it_says_that_a_repository_cannot_be_reached(tmp_path: Path, hub: Hub):
    with pytest.raises(ModelUnavailable, match="nobody/nothing could not be downloaded"):
        download(options(tmp_path, repository="nobody/nothing"))
