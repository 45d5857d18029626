"""Fetching a model's files from Hugging Face: seen while it goes on, resumed, and checked before they are used."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
from tqdm.std import tqdm

from documents.correction.base import ModelUnavailable
from documents.correction.models import UNFINISHED, ModelOptions, folder_of, matching_files

PROGRESS_FILE = "download.json"


def download(options: ModelOptions) -> Path:
    """Fetch the repository's files and return the (first) one to load. Raises ModelUnavailable.

    An interrupted download goes on where it stopped, which huggingface_hub sees to. A file appears under its name only
    when its checksum is the one that the repository states. Progress is written down, see download_fraction().
    """
    folder = folder_of(options)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = _wanted_files(options)
        _check_room(folder, files)
        for number, file in enumerate(files):
            _fetch(options, file, _progress_bar(folder / PROGRESS_FILE, number, len(files)))
    except (HfHubHTTPError, LocalEntryNotFoundError, httpx.HTTPError, OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The model {options.repository} could not be downloaded: {str(error).splitlines()[0]} "
            "Check HUGGING_FACE_REPO_ID and the network; the program tries again by itself."
        ) from error
    finally:
        (folder / PROGRESS_FILE).unlink(missing_ok=True)
    return folder / files[0].name


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository: its size in bytes (0 when unknown) and its SHA-256 ("" where the repository has none)."""

    name: str
    size: int
    checksum: str


def _endpoint() -> str | None:
    """Return where the hub is; read at each call, so that a change of HF_ENDPOINT needs no fresh process."""
    return os.environ.get("HF_ENDPOINT") or None


def _wanted_files(options: ModelOptions) -> list[RemoteFile]:
    """Return the files to fetch, in order. Raises ModelUnavailable when the repository has none that fit."""
    info = HfApi(endpoint=_endpoint()).model_info(options.repository, files_metadata=True)
    files = {
        one.rfilename: RemoteFile(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else "")
        for one in info.siblings or []
        if ".." not in one.rfilename and not one.rfilename.startswith("/")  # it becomes a path of this machine
    }
    names = matching_files(list(files), options.quantization)
    if not names:
        raise ModelUnavailable(
            f"The repository {options.repository} has no GGUF file with the quantization {options.quantization}. "
            "Set HUGGING_FACE_QUANTIZATION to one that it has."
        )
    return [files[name] for name in names]


def _check_room(folder: Path, files: Sequence[RemoteFile]) -> None:
    """Raise ModelUnavailable when the disk is too small for what is still to come: it would break off at the end."""
    here = sum(path.stat().st_size for path in (folder / UNFINISHED).rglob("*") if path.is_file())
    needed, free = sum(file.size for file in files) - here, shutil.disk_usage(folder).free
    if needed > free:
        raise ModelUnavailable(
            f"The model needs {needed / 1e9:.1f} GB more, and only {free / 1e9:.1f} GB are free in {folder}. "
            "Make room there, or set DIRECTORY_MODEL_PATH to a folder on another disk."
        )


def _fetch(options: ModelOptions, file: RemoteFile, bar: type[tqdm]) -> None:
    """Put one file into the model's folder, after comparing it with its checksum. Raises ModelUnavailable."""
    folder = folder_of(options)
    fetched = Path(
        hf_hub_download(
            options.repository, file.name, local_dir=folder / UNFINISHED, endpoint=_endpoint(), tqdm_class=bar
        )
    )
    if file.checksum and _sha256(fetched) != file.checksum:
        fetched.unlink()
        raise ModelUnavailable(
            f"The file {file.name} of {options.repository} arrived damaged: its checksum is not the one that the "
            "repository states. It was deleted; the program fetches it again by itself."
        )
    (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
    fetched.replace(folder / file.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download_fraction(options: ModelOptions) -> float | None:
    """Return how much of a running download is there, 0.0 to 1.0; None when none is running."""
    try:
        return float(json.loads((folder_of(options) / PROGRESS_FILE).read_text())["fraction"])
    except (OSError, ValueError, KeyError):
        return None


def _progress_bar(file: Path, number: int, count: int) -> type[tqdm]:
    """Return a progress bar class that prints nothing and writes the fraction of file `number` of `count`."""

    class FileBar(tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:
            options.pop("name", None)
            options["disable"] = False  # a bar that is off does not count
            options["file"] = _Nowhere()
            super().__init__(*args, **options)
            _write_fraction(file, number / count)

        def update(self, n: float | None = 1) -> bool | None:
            shown = super().update(n)
            if self.total:
                _write_fraction(file, (number + min(self.n / self.total, 1.0)) / count)
            return shown

    return FileBar


class _Nowhere:
    """Where the bar is drawn."""

    def write(self, text: str) -> None:
        """Drop `text`."""

    def flush(self) -> None:
        """Do nothing."""


def _write_fraction(file: Path, fraction: float) -> None:
    """Put `fraction` into `file` in one step, so that no reader meets half of it."""
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps({"fraction": round(fraction, 4)}))
    draft.replace(file)
