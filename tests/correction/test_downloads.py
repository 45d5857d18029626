from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from documents.correction import downloads
from documents.correction.base import ModelUnavailable
from documents.correction.downloads import download, download_fraction
from documents.correction.models import ModelOptions, choose_model, folder_of
from tests.correction.hub import REPOSITORY, Hub
from tests.correction.tiny_gguf import write_chat_model


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


def test_it_downloads_the_file_which_is_used_from_then_on(tmp_path: Path, hub: Hub, gguf: bytes):
    wanted = options(tmp_path)
    assert download(wanted).read_bytes() == gguf
    assert choose_model(wanted).name == "m-q8_0"
    assert download_fraction(wanted) is None


def test_it_writes_down_how_far_the_download_is(tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch):
    seen: list[float] = []
    monkeypatch.setattr(downloads, "_write_fraction", lambda file, fraction: seen.append(fraction))
    download(options(tmp_path))
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


def test_a_page_can_read_how_far_the_download_is(tmp_path: Path):
    wanted = options(tmp_path)
    folder_of(wanted).mkdir(parents=True)
    downloads._write_fraction(folder_of(wanted) / downloads.PROGRESS_FILE, 0.34)
    assert download_fraction(wanted) == 0.34


def test_it_goes_on_where_a_connection_broke(tmp_path: Path, hub: Hub, gguf: bytes, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # huggingface_hub waits before it tries again
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1000)  # what is kept of a broken connection
    hub.cut_after = 20_000
    assert download(options(tmp_path)).read_bytes() == gguf
    assert "bytes=20000-" in hub.ranges


def test_it_deletes_a_file_whose_checksum_is_wrong_and_fetches_it_again(tmp_path: Path, hub: Hub, gguf: bytes):
    wanted = options(tmp_path)
    hub.sums["m-q8_0.gguf"] = "0" * 64
    with pytest.raises(ModelUnavailable, match="m-q8_0.gguf of someone/tiny-GGUF arrived damaged"):
        download(wanted)
    assert list(folder_of(wanted).rglob("*.gguf")) == []
    hub.sums.clear()
    assert download(wanted).read_bytes() == gguf


def test_it_says_beforehand_that_the_disk_is_too_small(tmp_path: Path, hub: Hub, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(ModelUnavailable, match=r"GB are free in .*models"):
        download(options(tmp_path))
    assert hub.ranges == []


def test_it_takes_no_file_whose_name_leads_out_of_the_folder(tmp_path: Path, hub: Hub):
    hub.files = {"../m-q8_0.gguf": b"bad", "/m-q8_0.gguf": b"bad"}
    with pytest.raises(ModelUnavailable, match="no GGUF file"):
        download(options(tmp_path))


def test_it_says_which_quantization_a_repository_lacks(tmp_path: Path, hub: Hub):
    with pytest.raises(ModelUnavailable, match="no GGUF file with the quantization q2_k"):
        download(options(tmp_path, quantization="q2_k"))


def test_it_says_that_a_repository_cannot_be_reached(tmp_path: Path, hub: Hub):
    with pytest.raises(ModelUnavailable, match="nobody/nothing could not be downloaded"):
        download(options(tmp_path, repository="nobody/nothing"))
