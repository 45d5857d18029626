"""Search over raw and current text together. One index, written by `index_page` alone."""

from documents.search.query import Query, parse
from documents.search.sqlite import Hit, Hits, find, index_page, rebuild, remove_orphans

__all__ = ["Hit", "Hits", "Query", "find", "index_page", "parse", "rebuild", "remove_orphans"]
