"""The calls to Aspose.OCR Cloud: a token, a picture to be read, the result when it is ready.

The package `aspose-ocr-cloud` makes the calls; the token and the waiting it leaves to its user.
"""

from __future__ import annotations

import base64
import json
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .base import EngineUnavailable, OcrError

if TYPE_CHECKING:
    from aspose_ocr_cloud.exceptions import ApiException
    from aspose_ocr_cloud.models import OCRResponse

PACKAGE = "aspose-ocr-cloud"

BASE_URL = "https://api.aspose.cloud"
"""The vendor's documented address, for the token as well; the package itself has none."""

TRY_AGAIN = (429, 500, 502, 503, 504)
"""HTTP statuses that may pass: too many calls, and trouble at the service."""

LONGEST_PAUSE = 10.0
"""Seconds; a service that asks for a longer one (Retry-After) is not waited for, as a page has its own deadline."""

TOKEN_MARGIN = 60.0
"""A token is given up so many seconds before it ends."""


NOT_ACCEPTED = "Aspose.OCR Cloud did not accept the client id and secret. Check both in the settings."


def cloud_problem(client_id: str, client_secret: str, base_url: str) -> str:
    """Return why the service cannot be asked, as a sentence for staff; "" when it can. Sends nothing."""
    if not client_id or not client_secret:
        return "Aspose.OCR Cloud has no client id or no client secret. Set both in the settings, or use another engine."
    address = urlsplit(base_url or BASE_URL)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        return f"The address of Aspose.OCR Cloud must begin with https://, unlike {base_url}. Change the setting."
    try:
        version(PACKAGE)
    except PackageNotFoundError:
        return f"Aspose.OCR Cloud is not installed. Install the package {PACKAGE}."
    return ""


class CloudClient:
    """One application's access to the service; the token is kept while it lasts."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        base_url: str,
        *,
        timeout: float,
        seconds: float,
        tries: int,
        pause: float,
    ) -> None:
        """Prepare the calls; arguments as in `AsposeCloudEngine`. `cloud_problem` is asked before."""
        import aspose_ocr_cloud  # takes half a second, and most sites never need it
        import urllib3

        again = urllib3.Retry(
            total=tries - 1, backoff_factor=pause, backoff_max=LONGEST_PAUSE, retry_after_max=LONGEST_PAUSE,
            status_forcelist=TRY_AGAIN, allowed_methods=None, raise_on_status=False, redirect=0,
        )  # fmt: skip
        self._base_url = (base_url or BASE_URL).rstrip("/")
        self._secrets = {"client_id": client_id, "client_secret": client_secret}
        self._timeout, self._seconds, self._pause = float(timeout), seconds, pause
        self._configuration = aspose_ocr_cloud.Configuration(host=self._base_url, retries=again)
        self._api = aspose_ocr_cloud.RecognizeImageApi(aspose_ocr_cloud.ApiClient(self._configuration))
        self._pool = urllib3.PoolManager(retries=again, timeout=self._timeout)
        self._token_ends = 0.0

    def recognize(self, picture: bytes, language: str) -> tuple[list[str], list[str]]:
        """Return the results as texts, hOCR or plain, and the service's remarks on them.

        Raises EngineUnavailable when the service refuses or does not answer, OcrError when it cannot read the page.
        """
        from aspose_ocr_cloud.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            self._ensure_token()
            answer = self._wait_for(self._send(picture, language))
            texts = [base64.b64decode(found.data).decode() for found in answer.results or () if found.data]
        except ApiException as error:
            raise self._refused(error) from error
        except HTTPError as error:
            raise EngineUnavailable(
                "Aspose.OCR Cloud did not answer in time, or cannot be reached from this machine. The page may have "
                f"been sent. ({type(error).__name__})"
            ) from error
        except ValueError as error:  # JSON, base64, UTF-8, and the package's own checks
            raise OcrError("Aspose.OCR Cloud gave an answer that cannot be understood. Try again later.") from error
        return texts, messages(answer)

    def _ensure_token(self) -> None:
        if time.monotonic() < self._token_ends:
            return
        fields = {"grant_type": "client_credentials", **self._secrets}
        answer = self._pool.request("POST", f"{self._base_url}/connect/token", fields=fields, encode_multipart=False)
        if answer.status in (400, 401, 403):
            raise EngineUnavailable(NOT_ACCEPTED)
        if answer.status != 200:
            raise EngineUnavailable(f"Aspose.OCR Cloud gives no access at the moment (HTTP {answer.status}).")
        token = json.loads(answer.data)
        if not isinstance(token, dict) or "access_token" not in token:
            raise ValueError("no access_token in the answer")
        self._configuration.access_token = token["access_token"]
        self._token_ends = time.monotonic() + float(token.get("expires_in", 0)) - TOKEN_MARGIN

    def _send(self, picture: bytes, language: str) -> str:
        """Return the id of the task that reads `picture`."""
        from aspose_ocr_cloud import models

        settings = models.OCRSettingsRecognizeImage(
            language=models.Language(language),
            resultType=models.ResultType.TEXTANDHOCR,
            makeSkewCorrect=False,  # or its boxes are those of a turned picture
        )
        body = models.OCRRecognizeImageBody(image=base64.b64encode(picture).decode(), settings=settings)
        return self._api.post_recognize_image(body, _request_timeout=self._timeout)

    def _wait_for(self, task: str) -> OCRResponse:
        """Return the task's answer once it is completed."""
        from aspose_ocr_cloud.models import OCRTaskStatus

        deadline = time.monotonic() + self._seconds
        while True:
            answer = self._api.get_recognize_image(task, _request_timeout=self._timeout)
            if answer.task_status == OCRTaskStatus.COMPLETED:
                return answer
            if answer.task_status in (OCRTaskStatus.ERROR, OCRTaskStatus.NOTEXIST):
                raise OcrError(" ".join(["Aspose.OCR Cloud could not read this page.", *messages(answer)]))
            if time.monotonic() + self._pause > deadline:
                raise EngineUnavailable(f"Aspose.OCR Cloud did not finish this page within {self._seconds:g} seconds.")
            time.sleep(self._pause)

    def _refused(self, error: ApiException) -> OcrError:
        """Return the sentence for a call that was answered with an error."""
        said = str(error.body or "")[:200].strip()
        if error.status == 401:
            self._token_ends = 0.0  # perhaps it was only withdrawn
            return EngineUnavailable(NOT_ACCEPTED)
        if error.status in (402, 403) or "quota" in said.lower():
            return EngineUnavailable(
                "Aspose.OCR Cloud reads no more pages for this account: its quota is used up or it may not use this "
                "service. Check the plan in the vendor's dashboard."
            )
        if error.status == 413:
            return OcrError("Aspose.OCR Cloud refused this picture because it is too large.")
        if error.status in TRY_AGAIN:
            return EngineUnavailable(f"Aspose.OCR Cloud is overloaded or out of order (HTTP {error.status}).")
        return OcrError(f"Aspose.OCR Cloud did not take this page (HTTP {error.status}). {said}".strip())


def messages(answer: OCRResponse) -> list[str]:
    """Return what the service says about a task, errors first."""
    return [*(answer.error.messages or ()), *(answer.error.warnings or ())] if answer.error else []
