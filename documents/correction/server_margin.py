"""How sure a server's model was of its departure from the source, where it tells its tokens' log-odds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def margin_of(logprobs: Mapping[str, Any] | None, source: str) -> float | None:
    """Return the log-odds in nats of the first token that departs from `source` over the best that would copy it.

    Where no listed token would copy, the least probable of those listed stands in: the true figure is larger. None
    when the server told no log-odds, or when nothing departs.
    """
    place = 0
    for token in (logprobs or {}).get("content") or ():
        text = str(token.get("token", ""))
        if not source.startswith(text, place):
            return _odds(token, source[place:])
        place += len(text)
    return None


def _odds(token: Mapping[str, Any], rest: str) -> float | None:
    others: Sequence[Mapping[str, Any]] = token.get("top_logprobs") or ()
    copying = [other["logprob"] for other in others if other.get("token") and rest.startswith(other["token"])]
    listed = [other["logprob"] for other in others if other.get("token") != token.get("token")]
    if not copying and not listed:
        return None
    return float(token["logprob"]) - float(max(copying) if copying else min(listed))
