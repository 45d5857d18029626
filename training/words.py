"""Words by their frequency, and words that do not exist. The lists are wordfreq's (CC BY-SA 4.0), part of its wheel."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import lru_cache

from wordfreq import get_frequency_dict

MOST = 60_000
"""So many of the most frequent words; below them the lists hold ever more typing errors."""

ORDER = 3
"""Invented words follow the language's sequences of so many letters, so that they can be pronounced."""


@lru_cache(maxsize=8)
def _frequent(language: str) -> tuple[list[str], list[float]]:
    """Return the words of letters only and their frequencies, flattened (to the power 0.6) so that rare ones come."""
    known = [(word, share) for word, share in get_frequency_dict(language).items() if word.isalpha()]
    known = sorted(known, key=lambda one: -one[1])[:MOST]
    return [word for word, _ in known], [share**0.6 for _, share in known]


@lru_cache(maxsize=8)
def _sequences(language: str) -> dict[str, str]:
    """Return for each ORDER letters what may follow them, as often as it does; "$" ends a word."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in _frequent(language)[0][:20_000]:
        padded = "^" * ORDER + word + "$"
        for at in range(ORDER, len(padded)):
            found[padded[at - ORDER : at]].append(padded[at])
    return {key: "".join(followers) for key, followers in found.items()}


class Words:
    """Words of one language, by the chance that the caller gives."""

    def __init__(self, language: str, chance: random.Random) -> None:
        """Load the language's list. Raises LookupError when wordfreq has none."""
        self._language, self._chance = language, chance
        self._known, self._weights = _frequent(language)
        self._set = frozenset(self._known)

    def several(self, count: int) -> str:
        """Return `count` existing words in no order, some capitalised or with a comma."""
        words = self._chance.choices(self._known, self._weights, k=count)
        return " ".join(self._dressed(word) for word in words)

    def invented(self, count: int) -> str:
        """Return `count` words that the language does not have, most of them capitalised as names are."""
        words = [self._one_invented() for _ in range(count)]
        return " ".join(word.capitalize() if self._chance.random() < 0.7 else word for word in words)

    def _dressed(self, word: str) -> str:
        roll = self._chance.random()
        if roll < 0.15:
            return word.capitalize()
        return word + "," if roll < 0.22 else word

    def _one_invented(self) -> str:
        followers, word = _sequences(self._language), "^" * ORDER
        while len(word) < ORDER + 12:
            letter = self._chance.choice(followers.get(word[-ORDER:], "$"))
            if letter == "$":
                break
            word += letter
        exists = word[ORDER:] in self._set
        return word[ORDER:] if len(word) > ORDER + 2 and not exists else self._one_invented()
