"""Search over raw and current text together. One index, written by `index_page` alone."""

from documents.search.finding import Found, all_documents, all_pages, find
from documents.search.index import index_page, pages_of, remove_orphans, remove_pages
from documents.search.query import Query, parse
from documents.search.rebuilding import rebuild, repair_when_due

__all__ = [
    "Found", "Query", "all_documents", "all_pages", "find", "index_page", "pages_of", "parse", "rebuild",
    "remove_orphans", "remove_pages", "repair_when_due",
]  # fmt: skip
