"""Rows are facts; a status is changed by `documents.states` alone."""

from .choices import OPEN, UNCORRECTED, UNREAD, DocumentStatus, EditState, Lane, Layer, PageStatus, ReadingMode
from .documents import Document, Page, Tag
from .texts import Edit, PageText, next_version
from .work import Attempt, Heartbeat

__all__ = [
    "OPEN", "UNCORRECTED", "UNREAD", "Attempt", "Document", "DocumentStatus", "Edit", "EditState", "Heartbeat", "Lane",
    "Layer", "Page", "PageStatus", "PageText", "ReadingMode", "Tag", "next_version",
]  # fmt: skip
