"""What the API takes and gives: these become the OpenAPI description."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from documents.export.formats import ALL, FORMATS


class Message(Schema):
    """What is wrong, as a sentence for people."""

    message: str


class UploadFields(Schema):
    """What is said about an uploaded file; the same as on the upload page."""

    title: str = Field("", description="Empty: the file's name.")
    tags: str = Field("", description="Names between commas.")
    private: bool = Field(False, description="Only its owner sees it.")
    language: str = Field("", description="ISO 639-1 code; empty: automatic.")
    engine: str = Field("", description="Empty: the best there is.")
    mode: str = Field("", description="fast, balanced or best; empty: as set for the site.")
    handwritten: bool = False
    read_picture: bool = Field(False, description="Even where a PDF brings its own text.")


class Uploaded(Schema):
    """The answer to one file. `status` is stored, duplicate or rejected; `id` and `url` name its document."""

    status: str
    name: str
    message: str
    id: int | None = None
    url: str | None = None
    title: str = ""
    pages: int | None = None


class Progress(Schema):
    """How many pages are how far; `percent` is of the whole work, `eta` a sentence or empty."""

    pages: int
    read: int
    settled: int
    approved: int
    failed: int
    pending_correction: int
    percent: int
    eta: str


class DocumentOut(Schema):
    """A document."""

    id: int
    title: str
    original_name: str
    kind: str
    sha256: str
    size: int
    page_count: int
    status: str
    owner: str
    private: bool
    tags: list[str]
    language: str
    created_at: datetime
    url: str

    @staticmethod
    def resolve_owner(found: Any) -> str:
        return found.owner.get_username()

    @staticmethod
    def resolve_private(found: Any) -> bool:
        return bool(found.scope)

    @staticmethod
    def resolve_tags(found: Any) -> list[str]:
        return [tag.name for tag in found.tags.all()]

    @staticmethod
    def resolve_url(found: Any) -> str:
        return found.get_absolute_url()


class DocumentStatusOut(DocumentOut):
    """A document and how far it is."""

    progress: Progress


class Documents(Schema):
    """A part of the list of documents, newest first, and how many there are in all."""

    total: int
    documents: list[DocumentOut]


class PageOut(Schema):
    """A page. Sizes are pixels of its picture."""

    id: int
    number: int
    status: str
    problem: str
    language: str
    width: int
    height: int
    approved: bool
    url: str

    @staticmethod
    def resolve_approved(found: Any) -> bool:
        return found.approved_at is not None

    @staticmethod
    def resolve_url(found: Any) -> str:
        return found.get_absolute_url()


class PageTextOut(PageOut):
    """A page with its current text. `lines` have boxes in pixels of the picture, words and confidences."""

    layer: str
    made_by: str
    text: str
    lines: list[dict[str, Any]]


class TextOfPage(Schema):
    """The current text of one page; empty while there is none."""

    number: int
    status: str
    text: str


class Hit(Schema):
    """A page that was found. `layer` says which text holds the words; `is_near`: only words like them."""

    page: int
    number: int
    document: int
    title: str
    snippet: str = Field(description="HTML: escaped text with the words in <mark>.")
    layer: str
    is_near: bool
    url: str


class Hits(Schema):
    """A part of the pages found, and how many there are: at most 1,000 (`is_capped` when there are more)."""

    total: int
    is_capped: bool
    is_complete: bool = Field(description="Whether all pages were looked at.")
    sorted_by: str
    hints: list[str]
    hits: list[Hit]


class ExportWish(Schema):
    """What to export: whole documents, single pages, or what a search finds; several formats come as one ZIP."""

    formats: list[str] = Field(
        description=f"Of: {', '.join(FORMATS)}; or {ALL}.", min_length=1, max_length=len(FORMATS) + 1
    )
    documents: list[int] = Field([], max_length=1000)
    pages: list[int] = Field([], max_length=1000)
    q: str | None = Field(None, description="A search; all documents that it finds.", max_length=400)
    only_pages: bool = Field(False, description="Of the search: the pages found, not the whole documents.")


class ExportOut(Schema):
    """An export. `state` is waiting, running, done or failed; the file is there when it is done."""

    id: int
    title: str
    formats: list[str]
    state: str
    pages_total: int
    pages_done: int
    file_name: str
    size: int
    notes: list[str]
    problem: str
    created_at: datetime
    expires_at: datetime | None
