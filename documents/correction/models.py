"""Which model corrects: the small one that ships with the program, a file, one of Hugging Face's, or a server's."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from documents.correction.base import ModelUnavailable
from documents.correction.gguf_file import check_gguf

EMBEDDED = Path(__file__).parent / "embedded" / "ocr-corrector-4m-q8_0.gguf"
EMBEDDED_LANGUAGES = frozenset({"en"})
DEFAULT_REPOSITORY = "Qwen/Qwen2.5-3B-Instruct-GGUF"
DEFAULT_QUANTIZATION = "int8"
UNFINISHED = "unfinished"  # the folder, within a repository's, of what is still being fetched

# The usual names of number formats, as GGUF repositories spell them. Any other value is taken as it stands.
QUANTIZATIONS = {"int8": "q8_0", "int4": "q4_k_m", "fp16": "f16", "bf16": "bf16", "fp32": "f32"}
_SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")

Source = Literal["embedded", "repository", "file", "server"]


@dataclass(frozen=True)
class Server:
    """An OpenAI-compatible server: the address up to and with `/v1`, and the name it knows the model by."""

    url: str
    model: str = ""

    @property
    def name(self) -> str:
        """Return how a text says what made it: the model and the machine it was asked on."""
        return f"{self.model or 'model'} at {urlsplit(self.url).netloc}"

    @property
    def is_local(self) -> bool:
        """Tell whether text that is sent there stays on this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True)
class ModelOptions:
    """Which model is wanted; what belongs to another `source` is not looked at. `directory` is for downloads."""

    directory: Path
    source: Source = "repository"
    path: Path | None = None
    repository: str = DEFAULT_REPOSITORY
    quantization: str = DEFAULT_QUANTIZATION
    server: Server | None = None


@dataclass(frozen=True)
class ModelChoice:
    """The model to ask: a file to load (`path`) or a `server`.

    `languages` None means that it takes any; `is_small` decides how far it is trusted.
    """

    path: Path | None
    name: str
    languages: frozenset[str] | None = None
    is_small: bool = False
    server: Server | None = None


EMBEDDED_CHOICE = ModelChoice(EMBEDDED, EMBEDDED.stem, EMBEDDED_LANGUAGES, is_small=True)


def choose_model(options: ModelOptions) -> ModelChoice | None:
    """Return the model that is wanted, None when it is a repository's and not (all) on this machine.

    Raises ModelUnavailable when a file is missing or broken.
    """
    if options.source == "embedded":
        return EMBEDDED_CHOICE
    if options.source == "server":
        return _of_server(options.server)
    if options.source == "file":
        return _checked(options.path or Path())
    folder = folder_of(options)
    present = matching_files(_names_in(folder), options.quantization)
    return _checked(folder / present[0]) if present and _is_complete(present) else None


def _of_server(server: Server | None) -> ModelChoice:
    if server is None or urlsplit(server.url).scheme not in ("http", "https") or not urlsplit(server.url).hostname:
        raise ModelUnavailable(
            "The address of the correction server is no web address. Give it as http://machine:8080/v1."
        )
    return ModelChoice(None, server.name, server=server)


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


@lru_cache(maxsize=32)
def _check_once(path: Path, size: int, changed: int) -> None:
    """Check a file as it is now: the question comes after every job, and a big model's header takes long to read."""
    check_gguf(path)


def _names_in(folder: Path) -> list[str]:
    """Return the GGUF files below `folder`, but for those that are still being fetched."""
    names = (path.relative_to(folder) for path in folder.rglob("*.gguf")) if folder.is_dir() else ()
    return sorted(str(name) for name in names if name.parts[0] != UNFINISHED)


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
