"""Where an archive lies: in a folder, or in a ZIP when its name ends so."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

CHUNK = 1024 * 1024


class Target(Protocol):
    """What an archive is written into."""

    def write(self, name: str, chunks: Iterable[bytes]) -> str:
        """Write a file and return its SHA-256."""
        ...


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, name: str, chunks: Iterable[bytes]) -> str:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            return _copy(chunks, stream)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def write(self, name: str, chunks: Iterable[bytes]) -> str:
        info = zipfile.ZipInfo(name)
        # Scans are packed already; rows shrink to a tenth.
        info.compress_type = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as stream:
            return _copy(chunks, stream)


def _copy(chunks: Iterable[bytes], stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        stream.write(chunk)
    return digest.hexdigest()


@contextmanager
def new_target(path: Path) -> Iterator[Target]:
    """Give the place to write to. It gets its name when all is written: half an archive never looks like one.

    Raises FileExistsError when something is there already.
    """
    if path.exists():
        raise FileExistsError(path)
    part = path.with_name(f"{path.name}.part")
    if path.suffix == ".zip":
        with zipfile.ZipFile(part, "w") as archive:
            yield _Zip(archive)
    else:
        part.mkdir(parents=True)
        yield _Folder(part)
    part.rename(path)


def opened(path: Path) -> Path | zipfile.Path:
    """Return the root of an archive to read from. Raises OSError or zipfile.BadZipFile when it is none."""
    return zipfile.Path(path) if path.is_file() else path


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a stream piece by piece."""
    return iter(lambda: stream.read(CHUNK), b"")


def hash_of(chunks: Iterable[bytes]) -> str:
    """Return the SHA-256 of the pieces together."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
