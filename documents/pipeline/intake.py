"""From an upload to a document with pages. Nothing is answered for before it is safe on disk and in the database.

Order: stream to a part file while hashing, look into it in a child process, write a side-car, fsync, rename,
commit the rows, answer, ring. A crash at any point leaves either nothing or a side-car that the sweeper adopts.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from documents.models import OPEN, Batch, Document, Lane, Page, Tag
from documents.pipeline import dispatching, files
from documents.pipeline.options import NAMES
from documents.pipeline.pictures import Limits, ToolMissing, Unreadable, sniff
from documents.pipeline.probe import probe
from documents.pipeline.vocabulary import add_terms

BATCH = 500  # page rows per INSERT, so that the write lock is never held for long
ADOPT_AFTER_SECONDS = 3600
INTERACTIVE_BACKLOG = 40
"""Pages one person may have waiting in the interactive lane; what he uploads beyond goes the bulk way."""


class Refused(Exception):
    """The file cannot be taken. The message is one sentence for the person who sent it; `status` is for HTTP."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Wishes:
    """What the person said about the files; from `engine` on as in ReadingOptions, `words` for the vocabulary.
    Files with the same `batch` belong together; those without one belong to the day."""

    title: str = ""
    private: bool = False
    tags: list[str] = field(default_factory=list)
    engine: str = ""
    mode: str = ""
    language: str = ""
    handwritten: bool = False
    read_picture: bool = False
    preparation: str = ""
    aspose_area_mode: str = ""
    aspose_language_level: str = ""
    aspose_filters: str = ""
    words: list[str] = field(default_factory=list)
    batch: str = ""


@dataclass(frozen=True)
class Arrival:
    """A document, and whether it had been there before."""

    document: Document
    is_new: bool


def limits() -> Limits:
    """Return the limits set for uploaded files."""
    return Limits(max_bytes=settings.MAX_UPLOAD_BYTES, max_pages=settings.MAX_PAGES, max_pixels=settings.MAX_PIXELS)


def take(
    chunks: Iterable[bytes], name: str, owner: Any, wishes: Wishes, *, expected_size: int | None = None
) -> Arrival:
    """Take one uploaded file. Return its document, new or already there.

    Raises Refused with the sentence to show; nothing is kept then.
    """
    _check_room(expected_size or 0)
    with _part_file() as part:
        sha256, size = _receive(chunks, part)
        if known := _already_here(sha256, owner, wishes):
            return Arrival(known, is_new=False)
        kind, pages = _look_into(part)
        facts = {
            "name": display_name(name), "owner": owner.pk, "sha256": sha256, "size": size, "kind": kind,
            "pages": pages, "wishes": asdict(wishes),
        }  # fmt: skip
        return _keep(part, facts)


def _check_room(size: int) -> None:
    if size > settings.MAX_UPLOAD_BYTES:
        raise Refused(too_large(), 413)
    if files.free_bytes() < max(settings.MIN_FREE_BYTES, 3 * size):
        raise Refused(_("There is not enough free space on the server. Ask your administrator to make room."), 507)


def _not_stored() -> Refused:
    return Refused(_("The server could not store the file. Ask your administrator to look at the disk."), 507)


def too_large() -> str:
    """Return the sentence for a file above the limit."""
    megabytes = settings.MAX_UPLOAD_BYTES // 1024 // 1024
    return _("This file is larger than %(max)d MB. Split it and upload the parts.") % {"max": megabytes}


@contextmanager
def _part_file() -> Iterator[Path]:
    part = settings.INCOMING_DIR / f"{uuid.uuid4().hex}.part"
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _receive(chunks: Iterable[bytes], part: Path) -> tuple[str, int]:
    """Write the chunks to `part` and to the disk itself. Return the SHA-256 and the size in bytes."""
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("xb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.MAX_UPLOAD_BYTES:
                    raise Refused(too_large(), 413)
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as exc:
        raise _not_stored() from exc
    return digest.hexdigest(), size


def _look_into(part: Path) -> tuple[str, int]:
    """Return the file's kind and how many pages it has."""
    with part.open("rb") as stream:
        head = stream.read(1024)
    if not head:
        raise Refused(_("This file is empty. Scan or copy it again."))
    kind = sniff(head)
    if kind is None:
        raise Refused(_("This is not a PDF, TIFF, JPEG, PNG or WebP file. Only these can be read."), 415)
    try:
        return kind, probe(part, kind, limits()).pages
    except Unreadable as exc:
        raise Refused(_(str(exc))) from exc  # a leaf speaks English: translated here
    except ToolMissing as exc:
        raise Refused(str(exc), 503) from exc


def _scope(owner_id: int, private: bool) -> str:
    return str(owner_id) if private else ""


def _already_here(sha256: str, owner: Any, wishes: Wishes) -> Document | None:
    """Return the document with the same content that everybody sees, or for a private upload also the person's own."""
    scopes = {"", _scope(owner.pk, wishes.private)}
    return Document.objects.filter(sha256=sha256, scope__in=scopes).order_by("-scope").first()


def _keep(part: Path, facts: dict[str, Any]) -> Arrival:
    """Put file and rows in place, with a side-car that tells the sweeper what was meant if we die between."""
    sidecar = part.with_suffix(".json")
    with sidecar.open("w") as stream:
        json.dump(facts, stream)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        files.keep_original(part, facts["sha256"])
    except OSError as exc:
        sidecar.unlink()
        raise _not_stored() from exc
    arrival = _record(facts)
    sidecar.unlink(missing_ok=True)
    return arrival


def _record(facts: dict[str, Any]) -> Arrival:
    """Write the document and its pages, and ring once they are committed."""
    wishes = Wishes(**facts["wishes"])
    scope = _scope(facts["owner"], wishes.private)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                owner_id=facts["owner"],
                title=display_name(wishes.title) if wishes.title else Path(facts["name"]).stem or facts["name"],
                original_name=facts["name"],
                original=files.original_name(facts["sha256"]),
                kind=facts["kind"],
                sha256=facts["sha256"],
                size=facts["size"],
                scope=scope,
                **{name: getattr(wishes, name) for name in NAMES},
                lane=_lane(facts["owner"], facts["pages"]),
                batch=_batch(facts["owner"], wishes.batch),
                page_count=facts["pages"],
            )
            document.tags.set(find_tags(wishes.tags))
            add_terms(wishes.words, document=document)
            Page.objects.bulk_create(
                (Page(document=document, number=number) for number in range(1, facts["pages"] + 1)), batch_size=BATCH
            )
            transaction.on_commit(partial(dispatching.call_for_look, document.pk), robust=True)
            transaction.on_commit(dispatching.dispatch, robust=True)
    except IntegrityError:  # the same file came twice at the same moment: the first one counts
        return Arrival(Document.objects.get(sha256=facts["sha256"], scope=scope), is_new=False)
    return Arrival(document, is_new=True)


def _batch(owner_id: int, key: str) -> Batch:
    return Batch.objects.get_or_create(owner_id=owner_id, key=key or localdate().isoformat())[0]


def _lane(owner_id: int, pages: int) -> str:
    """Return the lane for a new document: bulk for long ones, and for whoever has much waiting already."""
    waiting = Page.objects.filter(document__owner_id=owner_id, document__lane=Lane.INTERACTIVE, status__in=OPEN).count()
    fits = pages <= settings.INTERACTIVE_PAGES and waiting < INTERACTIVE_BACKLOG
    return Lane.INTERACTIVE if fits else Lane.BULK


def find_tags(names: Iterable[str]) -> list[Tag]:
    """Return the tags with these names, making the missing ones; a name differing only in case is the same tag."""
    tags = []
    for name in dict.fromkeys(display_name(name)[:60] for name in names if name.strip()):
        tags.append(Tag.objects.filter(name__iexact=name).first() or Tag.objects.get_or_create(name=name)[0])
    return tags


def display_name(name: str) -> str:
    """Return a file name fit for display: NFC, no control or direction characters, no folders, at most 200 long."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(kept.split())[:200] or "file"


def adopt_orphans() -> int:
    """Make documents of files that were stored before a crash and never got their rows. Return how many.

    Old part files without a side-car were never answered for; they are removed.
    """
    adopted, old = 0, time.time() - ADOPT_AFTER_SECONDS
    for part in settings.INCOMING_DIR.glob("*.part"):
        if part.stat().st_mtime < old:
            part.unlink(missing_ok=True)
    for sidecar in settings.INCOMING_DIR.glob("*.json"):
        if sidecar.stat().st_mtime > old:
            continue
        adopted += _adopt(sidecar)
        sidecar.unlink(missing_ok=True)
    return adopted


def _adopt(sidecar: Path) -> bool:
    try:
        facts = json.loads(sidecar.read_text())
    except ValueError:
        return False  # died while writing it: the file had not been renamed yet
    stored = files.default_storage.exists(files.original_name(facts["sha256"]))
    owner = get_user_model().objects.filter(pk=facts["owner"]).exists()
    return bool(stored and owner and _record(facts).is_new)
