"""The running site as a browser and its database show it."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx

from tests.live import RunningSite

POLL_SECONDS = 0.02
LIMIT_SECONDS = 900


class Visitor:
    """Somebody signed in to a running site."""

    def __init__(self, site: RunningSite) -> None:
        """Sign in. Raises httpx.HTTPStatusError when the site does not take the password."""
        self._site = site
        self._http = httpx.Client(base_url=site.url, timeout=60)
        self._http.get("/accounts/login/").raise_for_status()
        answer = self._post("/accounts/login/", {"username": site.username, "password": site.password})
        assert answer.status_code == 302, "the site did not take the password"
        self._database = sqlite3.connect(f"file:{site.data_dir / 'db.sqlite3'}?mode=ro", uri=True, timeout=20)

    def _post(self, url: str, data: dict[str, str], **more: Any) -> httpx.Response:
        headers = {"X-CSRFToken": self._http.cookies["csrftoken"], "Accept": "application/json"}
        return self._http.post(url, data=data, headers=headers, **more)

    def upload(self, picture: Path) -> int:
        """Upload one file and return the id of its document. Raises httpx.HTTPStatusError when it is not taken."""
        with picture.open("rb") as stream:
            answer = self._post("/upload/", {}, files={"files": (picture.name, stream)})
        answer.raise_for_status()
        return int(re.search(r"/documents/(\d+)/", answer.json()["url"])[1])

    def read_again(self, document: int) -> None:
        """Have all pages of a document read (and corrected) once more."""
        answer = self._post(f"/documents/{document}/retry/", {"what": "all"})
        assert answer.status_code == 302, answer.text

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """Return what the site's database says now."""
        return self._database.execute(query, values).fetchall()

    def wait_for(self, condition: Callable[[], Any]) -> float:
        """Return the time (time.monotonic) at which `condition()` was true. Raises TimeoutError after 15 minutes."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("The site has not finished its pages in 15 minutes.")
            time.sleep(POLL_SECONDS)
        return time.monotonic()

    def has_layer(self, document: int, layer: str) -> bool:
        """Return whether a page of the document has a text of that layer: "ocr" or "llm"."""
        query = "SELECT 1 FROM documents_pagetext t JOIN documents_page p ON p.id = t.page_id "
        return bool(self.rows(query + "WHERE p.document_id = ? AND t.layer = ?", document, layer))

    def all_finished(self) -> bool:
        """Return whether no document has work left."""
        return not self.rows("SELECT 1 FROM documents_document WHERE status = 'processing'")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
        self._database.close()
