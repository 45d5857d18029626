"""System checks: what `manage.py check` and every start say about this machine."""

from __future__ import annotations

import shutil
import sqlite3
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from documents.pipeline.engine_tests import engine_states

FIXED_SQLITE = (3, 51, 3)
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb", "smb3", "fuse.sshfs"}


@register()
def poppler(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """PDF pages cannot be rendered without poppler's programs."""
    missing = [name for name in ("pdfinfo", "pdftoppm") if shutil.which(name) is None]
    if not missing:
        return []
    hint = "Install them: apt-get install poppler-utils"
    return [Warning(f"{' and '.join(missing)} not found, so no PDF can be read.", hint=hint, id="documents.W001")]


@register()
def ocr_engines(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An engine that pages go to must be able to read; at least one always has to."""
    states = [state for state in engine_states() if state.is_used and state.problem]
    hint = "The engines screen in the product (for admins) shows all engines and tries them."
    return [Warning(state.problem, hint=hint, id="documents.W003", obj=state.name) for state in states]


@register()
def sqlite_version(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SQLite before 3.51.3 has a rare bug that can damage a database in WAL mode (sqlite.org/wal.html#walresetbug)."""
    if sqlite3.sqlite_version_info >= FIXED_SQLITE or settings.DEBUG is False:
        return []  # a notice for developers; operations.md tells admins, who should not see it at every start
    hint = "Rare; keep backups (see docs/operations.md) or install a newer libsqlite3."
    return [Warning(f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug.", hint=hint, id="documents.W002")]


@register(deploy=False)
def database_is_local(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SQLite's locks do not work over a network, so its file must lie on a local disk."""
    kind = _file_system(str(settings.DATA_DIR))
    if kind not in NETWORK_FILE_SYSTEMS:
        return []
    hint = "Set DATA_DIR to a folder on a local disk."
    return [Error(f"DATA_DIR lies on a network file system ({kind}).", hint=hint, id="documents.E001")]


@register()
def watched_folder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A folder that is emptied must not be one of ours, and its documents need an owner."""
    watched, ours = settings.WATCH_DIR, settings.DATA_DIR
    if watched is None:
        return []
    if watched.is_relative_to(ours) or ours.is_relative_to(watched):
        hint = "Name a folder of its own, outside DATA_DIR."
        return [Error("WATCH_DIR and DATA_DIR lie within each other.", hint=hint, id="documents.E002")]
    if not settings.WATCH_OWNER:
        hint = "Set it to the name of the user whose the documents are."
        return [Error("WATCH_DIR is set, but WATCH_OWNER is not.", hint=hint, id="documents.E003")]
    return []


def _file_system(path: str) -> str:
    """Return the type of the file system that holds `path`, "" where /proc/mounts cannot tell."""
    best, kind = "", ""
    try:
        with open("/proc/mounts") as mounts:
            for line in mounts:
                _device, point, fs_type, *_rest = line.split()
                inside = path == point or path.startswith(point.rstrip("/") + "/")
                if inside and len(point) >= len(best):
                    best, kind = point, fs_type
    except OSError:
        return ""
    return kind
