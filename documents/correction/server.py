"""A corrector that asks an OpenAI-compatible server: llama-server, vLLM or a vendor's. Plain HTTP, no native code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx

from documents.correction.base import NO_BRIEF, Brief, Candidate, CorrectionError, ModelUnavailable
from documents.correction.models import Server
from documents.correction.prompts import NO_WISH, SEGMENT_CHARACTERS, SEGMENT_LINES, wish_of
from documents.correction.server_margin import margin_of

CONNECT_SECONDS = 10.0
TRIES = 4  # with the waits below this bridges 3.5 s, which a server that is overrun usually needs
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds; doubled from try to try, unless the server says how long
OVERRUN = frozenset({408, 429, 500, 502, 503, 504, 529})
REFUSED = frozenset({400, 422, 500})
ALTERNATIVES = 5  # tokens beside the chosen one whose log-odds are asked for

# Some servers read a template's control words out of the document as well. Such a line is not sent at all.
_CONTROL = re.compile(
    r"<[|｜][^<>]*>|<[^<>]*[|｜]>|</?(?:s|bos|eos|think|start_of_turn|end_of_turn)>"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|IMG)\]",
    re.IGNORECASE,
)
# What the templates of Gemma and older Mistral models say to a system message.
_NO_SYSTEM = re.compile(r"system (?:role|message)|roles must alternate", re.IGNORECASE)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class ServerCorrector:
    """A Corrector (see base.py) that sends up to `parallel` passages at a time. For one thread; it starts its own."""

    running = None  # where the model runs is the server's business

    def __init__(
        self,
        server: Server,
        *,
        key: str = "",
        parallel: int = 8,
        seconds: float = 300.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Remember whom to ask; `seconds` is the time for one `propose`, retries counted in."""
        self.name = server.name
        self._server = server
        self._seconds = seconds
        self._parallel = parallel
        self._sleep = sleep
        self._gives_odds = self._takes_system = True  # until it says that it does not
        self._wish = NO_WISH
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            limits=httpx.Limits(max_connections=parallel, max_keepalive_connections=parallel),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def propose(self, lines: Sequence[str], *, language: str, brief: Brief = NO_BRIEF) -> list[Candidate]:
        """Return one candidate per line, in order; an answer that cannot be used leaves the line as it came.

        Raises ModelUnavailable when the server cannot be used now, CorrectionError when it has no answer to this page.
        """
        self._wish = wish_of(language, brief)
        deadline = time.monotonic() + self._seconds
        found: dict[int, Candidate] = {}
        with ThreadPoolExecutor(self._parallel) as pool:
            try:
                for part in pool.map(lambda run: self._segment(run, lines, deadline), segments(lines)):
                    found.update(part)
            except BaseException:  # a job's time limit or Ctrl-C too: what has not been asked yet must not be asked now
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [found.get(number, Candidate(line)) for number, line in enumerate(lines)]

    def _segment(self, run: Sequence[int], lines: Sequence[str], deadline: float) -> dict[int, Candidate]:
        """Return the candidates of a run of lines; when the answer has another line count, ask line by line."""
        text = "\n".join(lines[number] for number in run)
        answer, margin = self._ask(text, deadline)
        worded = answer.strip("\n").split("\n")
        if len(worded) == len(run):
            return {n: _with_own_ends(lines[n], line, margin) for n, line in zip(run, worded, strict=True)}
        if len(run) == 1:
            return {}
        return {n: one for number in run for n, one in self._segment([number], lines, deadline).items()}

    def _ask(self, text: str, deadline: float) -> tuple[str, float | None]:
        """Return the model's wording of `text` and its margin; `text` itself where the answer was cut off."""
        choice = _choice(self._post(text, deadline))
        if choice.get("finish_reason") == "length":
            return text, None
        answer = choice["message"].get("content") or ""
        return _THOUGHTS.sub("", answer), margin_of(choice.get("logprobs"), text)

    def _request(self, text: str) -> dict[str, Any]:
        system, user = self._wish.instruction, self._wish.hint + text
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        alone = [{"role": "user", "content": f"{system}\n\n{user}"}]
        return {
            "messages": messages if self._takes_system else alone,
            "temperature": 0,
            "max_tokens": len(text.encode()) + 16,  # no token stands for less than a byte
            **({"logprobs": True, "top_logprobs": ALTERNATIVES} if self._gives_odds else {}),
            **({"model": self._server.model} if self._server.model else {}),
        }

    def _post(self, text: str, deadline: float) -> dict[str, Any]:
        """Return the server's answer, after as many tries as `TRIES` and the deadline allow."""
        wait = FIRST_WAIT
        for left in reversed(range(TRIES)):
            try:
                response = self._send(text, deadline)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                problem = self._fault(error)
            else:
                if response.status_code not in OVERRUN:
                    return self._content(response)
                problem = ModelUnavailable(self._say(f"is overrun or broken (status {response.status_code})"))
                wait = _asked_wait(response) or wait
            if not left or time.monotonic() + wait > deadline:
                raise problem
            self._sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        raise AssertionError("the last try answers or raises")

    def _fault(self, error: Exception) -> CorrectionError:
        """Return what a failed connection means: a slow answer is this page's fault, anything else the server's."""
        if isinstance(error, httpx.ReadTimeout):
            return CorrectionError(self._say("did not answer in time"))
        return ModelUnavailable(self._say(f"cannot be reached ({error})"))

    def _send(self, text: str, deadline: float) -> httpx.Response:
        """Send one request; where the server refuses a part of it that we can do without, once more without that."""
        request = self._request(text)
        left = max(deadline - time.monotonic(), 1.0)
        timeout = httpx.Timeout(left, connect=min(left, CONNECT_SECONDS))
        response = self._client.post(f"{self._server.url}/chat/completions", json=request, timeout=timeout)
        if response.status_code not in REFUSED:
            return response
        if "logprobs" in request and "logprob" in response.text:
            self._gives_odds = False
            return self._send(text, deadline)
        if len(request["messages"]) > 1 and _NO_SYSTEM.search(response.text):
            self._takes_system = False
            return self._send(text, deadline)
        return response

    def _content(self, response: httpx.Response) -> dict[str, Any]:
        """Return the body of an answer that is not worth another try. Raises what its status means."""
        status = response.status_code
        if status in (401, 403):
            raise ModelUnavailable(self._say("refused the key. Check CORRECTION_SERVER_KEY"))
        if status == 404:
            raise ModelUnavailable(
                self._say(f"knows no model {self._server.model!r} or nothing at this address. "
                          "Check CORRECTION_SERVER_URL, which ends in /v1 as a rule, and CORRECTION_SERVER_MODEL")
            )  # fmt: skip
        if status != 200:
            raise CorrectionError(self._say(f"refused this page (status {status}: {response.text[:200].strip()})"))
        try:
            return response.json()
        except ValueError as error:
            raise ModelUnavailable(
                self._say("answered something that is not JSON. Check CORRECTION_SERVER_URL")
            ) from error

    def _say(self, what: str) -> str:
        return f"The correction server {self._server.url} {what}."


def segments(lines: Sequence[str]) -> list[list[int]]:
    """Return the numbers of the lines in runs of at most SEGMENT_LINES and SEGMENT_CHARACTERS (or one long line).

    Empty lines, and lines that hold what could be a template's control words, are left out.
    """
    runs: list[list[int]] = []
    size = 0
    for number, line in enumerate(lines):
        if not line.strip() or _CONTROL.search(line):
            continue
        size += len(line) + 1
        if not runs or len(runs[-1]) == SEGMENT_LINES or size > SEGMENT_CHARACTERS:
            runs.append([])
            size = len(line) + 1
        runs[-1].append(number)
    return runs


def _choice(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the first choice of an answer. Raises CorrectionError when it has another shape."""
    try:
        choice = answer["choices"][0]
        choice["message"].get("content")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise CorrectionError("The correction server's answer is not of OpenAI's form. Is it a chat server?") from error
    return choice


def _asked_wait(response: httpx.Response) -> float | None:
    """Return the seconds that the server asks to be left alone, None when it does not say (or gives a date)."""
    try:
        return min(float(response.headers["retry-after"]), LONGEST_WAIT)
    except (KeyError, ValueError):
        return None


def _with_own_ends(line: str, answer: str, margin: float | None) -> Candidate:
    """Return the answer with the line's own white space at both ends, which chat models drop."""
    before, _, after = line.partition(line.strip())
    return Candidate(before + answer.strip() + after, margin)
