"""Which model corrects: a file of one's own, one from Hugging Face, or the small one that ships with the program."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx2 as httpx
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
from tqdm.std import tqdm

from documents.correction.base import ModelUnavailable
from documents.correction.gguf_file import check_gguf

EMBEDDED = Path(__file__).parent / "embedded" / "ocr-corrector-4m-q8_0.gguf"
EMBEDDED_LANGUAGES = frozenset({"en"})
DEFAULT_REPOSITORY = "Qwen/Qwen2.5-3B-Instruct-GGUF"
DEFAULT_QUANTIZATION = "int8"
PROGRESS_FILE = "download.json"

# The usual names of number formats, as GGUF repositories spell them. Any other value is taken as it stands.
QUANTIZATIONS = {"int8": "q8_0", "int4": "q4_k_m", "fp16": "f16", "bf16": "bf16", "fp32": "f32"}
_SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")


@dataclass(frozen=True)
class ModelOptions:
    """What the settings say about the model, see the README's table of variables."""

    directory: Path
    path: Path | None = None
    repository: str = DEFAULT_REPOSITORY
    quantization: str = DEFAULT_QUANTIZATION
    may_download: bool = False


@dataclass(frozen=True)
class ModelChoice:
    """The model to load. `languages` None means that it takes any; `is_small` decides how far it is trusted."""

    path: Path
    name: str
    languages: frozenset[str] | None = None
    is_small: bool = False


EMBEDDED_CHOICE = ModelChoice(EMBEDDED, EMBEDDED.stem, EMBEDDED_LANGUAGES, is_small=True)


def choose_model(options: ModelOptions) -> ModelChoice:
    """Return the model to use: the file named, else the repository's (there or downloaded), else the embedded one.

    Raises ModelUnavailable when the file named is missing or broken, or when a download was wanted and failed.
    """
    if options.path is not None:
        return _checked(options.path)
    folder = folder_of(options)
    present = matching_files(_names_in(folder), options.quantization)
    if present and _is_complete(present):
        return _checked(folder / present[0])
    if not options.may_download:
        return EMBEDDED_CHOICE
    return _checked(download(options))


def folder_of(options: ModelOptions) -> Path:
    """Return the folder of one repository's files, so that two repositories' files do not mix."""
    return options.directory / options.repository.replace("/", "--")


def _checked(path: Path) -> ModelChoice:
    try:
        facts = path.stat()
    except OSError as error:
        raise ModelUnavailable(f"The model file {path} cannot be read: {error.strerror}.") from error
    _check_once(path, facts.st_size, facts.st_mtime_ns)
    return EMBEDDED_CHOICE if path.resolve() == EMBEDDED.resolve() else ModelChoice(path, path.stem)


@lru_cache(maxsize=4)
def _check_once(path: Path, size: int, changed: int) -> None:
    """Check a file as it is now: the question comes after every job, and a big model's header takes long to read."""
    check_gguf(path)


def _names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.gguf")) if folder.is_dir() else []


def matching_files(names: Sequence[str], quantization: str) -> list[str]:
    """Return the GGUF files among `names` that hold the quantization: one, or the parts of a split one in order.

    The format's name has to stand as a word of its own: q4_k_m is not in a file called ...-q4_k_m_l.gguf.
    """
    wanted = re.escape(QUANTIZATIONS.get(quantization.lower(), quantization.lower()))
    word = re.compile(rf"(?<![a-z0-9_]){wanted}(?![a-z0-9_])")
    found = sorted(name for name in names if name.endswith(".gguf") and word.search(Path(name).name.lower()))
    whole = [name for name in found if not _SPLIT.search(name)]
    return whole[:1] or found


def _is_complete(names: Sequence[str]) -> bool:
    """Tell whether all parts of a split model are there. A file of one part is complete."""
    split = _SPLIT.search(names[0])
    return split is None or len(names) == int(split.group(2))


def download(options: ModelOptions) -> Path:
    """Fetch the repository's files and return the (first) one to load. Raises ModelUnavailable.

    An interrupted download goes on where it stopped and appears under its name only when its size is right, which
    huggingface_hub sees to. Its progress is written into the folder, see download_fraction().
    """
    folder = folder_of(options)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # HF_ENDPOINT is read here, not at import, so that a change of it needs no fresh process.
        endpoint = os.environ.get("HF_ENDPOINT") or None
        siblings = HfApi(endpoint=endpoint).model_info(options.repository).siblings or []
        names = matching_files([sibling.rfilename for sibling in siblings], options.quantization)
        if not names:
            raise ModelUnavailable(
                f"The repository {options.repository} has no GGUF file with the quantization {options.quantization}. "
                "Set HUGGING_FACE_QUANTIZATION to one that it has."
            )
        for number, name in enumerate(names):
            bar = _progress_bar(folder / PROGRESS_FILE, number, len(names))
            hf_hub_download(options.repository, name, local_dir=folder, endpoint=endpoint, tqdm_class=bar)
    except (HfHubHTTPError, LocalEntryNotFoundError, httpx.HTTPError, OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The model {options.repository} could not be downloaded: {str(error).splitlines()[0]} "
            "Check HUGGING_FACE_REPO_ID and the network; the program tries again by itself."
        ) from error
    finally:
        (folder / PROGRESS_FILE).unlink(missing_ok=True)
    return folder / names[0]


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
