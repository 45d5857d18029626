"""Blanks that are missing behind a sign: `holen,ich`, `hier.Wir`.

Only between two known words, and behind a full stop only where a sentence ends. On the development pages that are no
receipts all such places but one were read so by mistake; on receipts, and behind a colon, the blank is often not there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.correction.base import Change, RawLine
from documents.correction.doubts import is_address
from documents.correction.lexicon import Lexicon

_GLUED = re.compile(
    r"(?<![\w.,:;'’/-])(?P<first>[^\W\d_]{2,})(?P<sign>[,;.])(?P<second>[^\W\d_]{2,})(?![\w'’]|\.[^\W\d_])"
)


def missing_blanks(lines: Sequence[RawLine], numbers: Sequence[int], lexicon: Lexicon) -> list[Change]:
    """Return the blanks to put in on the lines of those `numbers`."""
    return [
        Change(number, *match.span("sign"), match["sign"], match["sign"] + " ", None, "blank", applied=True)
        for number in numbers
        for match in _GLUED.finditer(lines[number].text)
        if _are_two_words(match["first"], match["sign"], match["second"], lexicon)
        and not is_address(lines[number].text)
    ]


def _are_two_words(first: str, sign: str, second: str, lexicon: Lexicon) -> bool:
    ends = sign != "." or (first.islower() and second[0].isupper())
    return ends and not second.isupper() and lexicon.knows(first) and lexicon.knows(second)
