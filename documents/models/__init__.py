"""Rows are facts; a status is changed by `documents.states` alone."""

from .api import ApiToken
from .archive import Collection, CollectionRole, DocumentType, Role
from .batches import Batch
from .choices import OPEN, UNCORRECTED, UNREAD, DocumentStatus, EditState, Lane, Layer, PageStatus, ReadingMode
from .documents import Document, Page, Tag
from .exports import ExportJob
from .fields import FieldName, FieldValue
from .language_model import LanguageModel
from .page_order import PageOrigin, RemovedPage
from .quality import CheckedLine, QualityCheck
from .queue import Comment, QueuedPage, ReviewState
from .review import Draft, Replacement, ReviewPreference
from .search import BulkChange, IndexState, IndexWord, SavedSearch
from .texts import Edit, PageText, latest_reading, next_version
from .vocabulary import VocabularyTerm
from .work import Attempt, Heartbeat

__all__ = [
    "OPEN", "UNCORRECTED", "UNREAD", "ApiToken", "Attempt", "Batch", "BulkChange", "CheckedLine", "Collection",
    "CollectionRole", "Comment", "Document", "DocumentStatus", "DocumentType", "Draft", "Edit", "EditState",
    "ExportJob", "FieldName", "FieldValue", "Heartbeat", "IndexState", "IndexWord", "Lane", "LanguageModel",
    "Layer", "Page", "PageOrigin", "PageStatus", "PageText", "QualityCheck", "QueuedPage", "ReadingMode",
    "RemovedPage", "Replacement", "ReviewPreference", "ReviewState", "Role", "SavedSearch", "Tag", "VocabularyTerm",
    "latest_reading", "next_version",
]  # fmt: skip
