"""Where files lie: originals by their hash, page pictures by page. Everything goes through Django's storage."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage


def original_name(sha256: str) -> str:
    """Return the storage name of the original with this hash: its own name never becomes a path."""
    return f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep_original(part: Path, sha256: str) -> str:
    """Move the finished upload `part` to its place and return its storage name.

    The file is already on disk (fsync) when this is called; the rename is made durable by syncing the folder.
    Raises OSError when the disk does not take it.
    """
    name = original_name(sha256)
    if default_storage.exists(name):
        return name
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # a remote storage: it answers when it has the file
        with part.open("rb") as stream:
            return default_storage.save(name, File(stream))
    target.parent.mkdir(parents=True, exist_ok=True)
    part.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    os.rename(part, target)
    sync_folder(target.parent)
    return name


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """Give a local path of the stored file: the file itself when the storage is local, else a copy for the while.

    Raises FileNotFoundError when the storage has no such file.
    """
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        with work_folder() as folder, default_storage.open(name) as source:
            path = folder / "copy"
            with path.open("wb") as target:
                shutil.copyfileobj(source, target)
            yield path
        return
    if not path.exists():
        raise FileNotFoundError(name)
    yield path


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give an empty folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder)


def save_picture(name: str, path: Path) -> str:
    """Store the picture file, replacing one of the same name. Return the storage name."""
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:
        default_storage.delete(name)
        with path.open("rb") as stream:
            return default_storage.save(name, File(stream))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Work folder and storage may lie on different file systems, so copy beside the target and rename.
    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    shutil.copyfile(path, aside)
    aside.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    os.replace(aside, target)
    return name


def remove(names: Iterable[str]) -> None:
    """Delete the stored files of these names; "" and names that are not there are passed over."""
    for name in filter(None, names):
        default_storage.delete(name)


def picture_names(document_id: int, number: int, revision: int) -> tuple[str, str]:
    """Return the storage names of a page's picture and thumbnail. The revision keeps browsers from old copies."""
    base = f"pages/{document_id // 1000:04d}/{document_id}/{number:05d}-{revision}"
    return f"{base}.jpg", f"{base}-small.jpg"


def free_bytes() -> int:
    """Return the free space in bytes where uploads arrive."""
    return shutil.disk_usage(settings.INCOMING_DIR).free
