"""A folder that scanners write into: what lies there still is taken in, and moved out of the way.

A file is taken first and moved afterwards, so that a crash between the two loses nothing; taken again, it is known by
its content. What cannot be taken is moved to `failed` with a sentence beside it; what may be taken later stays.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.utils.translation import gettext as _

from documents.pipeline import health, intake
from documents.pipeline.intake import Refused, Wishes

log = logging.getLogger(__name__)

DONE, FAILED = "done", "failed"
STILL_SECONDS = 5.0
"""A file is whole when it has not changed for so long; scanners write in bursts of a second or two."""
CHUNK = 1024 * 1024
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", "~")
"""How programs name what they are still writing."""
LATER = (503, 507)
"""Answers of the intake that are not the file's fault: no room, a program missing."""


class CannotWatch(Exception):
    """The folder cannot be watched. The message is a sentence for whoever runs the site."""


@dataclass(frozen=True)
class Stamp:
    """What changes when a file is written to."""

    size: int
    changed: int


class Watcher:
    """Looks into the folder again and again; it remembers since when each file has been as it is."""

    def __init__(self, folder: Path, owner: Any, wishes: Wishes) -> None:
        """Remember where to look, whose the documents shall be, and what is wished for them."""
        self._folder, self._owner, self._wishes = folder, owner, wishes
        self._since: dict[Path, tuple[Stamp, float]] = {}
        self._stuck: dict[Path, Stamp] = {}

    def look(self) -> int:
        """Take the files that have stopped growing. Return how many were taken or refused. Raises OSError."""
        there = dict(self._files())
        now = time.monotonic()
        self._since = {
            path: self._since[path] if self._since.get(path, (None,))[0] == stamp else (stamp, now)
            for path, stamp in there.items()
        }
        still = [path for path, (_stamp, since) in self._since.items() if now - since >= STILL_SECONDS]
        return sum(self._take(path, there[path]) for path in still if self._stuck.get(path) != there[path])

    def _files(self) -> Iterator[tuple[Path, Stamp]]:
        """Yield the files in the folder and below it; links and hidden files are none of ours."""
        for folder, folders, names in os.walk(self._folder):
            top = Path(folder) == self._folder
            folders[:] = [name for name in folders if name[0] != "." and not (top and name in (DONE, FAILED))]
            for name in names:
                is_ours = not name.startswith(".") and not name.lower().endswith(UNFINISHED)
                if is_ours and (found := _stamp(Path(folder, name))):
                    yield Path(folder, name), found

    def _take(self, path: Path, stamp: Stamp) -> bool:
        """Take one file and move it. Return False when it is to be tried again."""
        try:
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
                chunks = iter(lambda: stream.read(CHUNK), b"")
                arrival = intake.take(chunks, path.name, self._owner, self._wishes, expected_size=stamp.size)
        except Refused as refused:
            if refused.status in LATER:
                log.warning("a watched file waits: %s", refused)
                return False
            return self._move(path, stamp, FAILED, str(refused))
        except (OSError, DatabaseError) as exc:  # it was taken away, or the disk or database is out of order
            log.warning("a watched file could not be taken (%s); it is tried again", type(exc).__name__)
            return False
        known = _("Already here: %(title)s.") % {"title": arrival.document.title}
        return self._move(path, stamp, DONE, "" if arrival.is_new else known)

    def _move(self, path: Path, stamp: Stamp, to: str, sentence: str) -> bool:
        """Move a file that has been dealt with. One that was written to meanwhile stays and is taken anew."""
        if _stamp(path) != stamp:
            return False
        try:
            target = _free_name(self._folder / to, path.name)
            os.rename(path, target)
            if sentence:
                target.with_name(f"{target.name}.txt").write_text(sentence + "\n", encoding="utf-8")
        except OSError as exc:
            # Not taken again and again: the same file would be known each time, and the log fill up.
            self._stuck[path] = stamp
            problem = _("The watched folder does not let finished files be moved (%(why)s). Give the site the right.")
            health.beat(health.WATCHER, problem=problem % {"why": exc.strerror})
            log.error("a watched file could not be moved: %s", exc.strerror)
        return True


def _stamp(path: Path) -> Stamp | None:
    """Return the stamp of a plain file, None for anything else."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _free_name(folder: Path, name: str) -> Path:
    """Return a path in `folder` that is free, with a number before the ending where it must be."""
    folder.mkdir(exist_ok=True)
    target, number = folder / name, 1
    while target.exists() or target.is_symlink():
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return target


def make_watcher() -> Watcher:
    """Return the watcher that the settings ask for. Raises CannotWatch."""
    if settings.WATCH_DIR is None:
        raise CannotWatch("No folder is watched: set WATCH_DIR, and WATCH_OWNER to the user whose the documents are.")
    if not settings.WATCH_DIR.is_dir():
        raise CannotWatch(f"WATCH_DIR={settings.WATCH_DIR} is no folder; make it, or name another one.")
    owner = get_user_model().objects.filter(username=settings.WATCH_OWNER, is_active=True).first()
    if owner is None:
        raise CannotWatch(f"WATCH_OWNER={settings.WATCH_OWNER} is no active user; name whose the documents shall be.")
    return Watcher(settings.WATCH_DIR, owner, Wishes(private=settings.WATCH_PRIVATE, tags=settings.WATCH_TAGS))


def run_for_ever() -> None:
    """Look every WATCH_SECONDS until the process is stopped. Raises CannotWatch when it cannot begin."""
    watcher = make_watcher()
    health.beat(health.WATCHER)
    while True:
        try:
            watcher.look()
        except OSError as exc:  # a network folder that is away for a while
            log.warning("the watched folder cannot be read: %s", exc.strerror)
        time.sleep(settings.WATCH_SECONDS)
