"""Which words a language knows. From the frequency lists of wordfreq, which are in its wheel: nothing is downloaded."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property, lru_cache
from itertools import islice

from lingua import ConfidenceValue, Language, LanguageDetector, LanguageDetectorBuilder
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from wordfreq import available_languages, get_frequency_dict

# A word is known from Zipf 3.0 on, once in a million words (English: 29 000 words). The lists come from the web, so
# below that they hold OCR errors and typing errors too: `tbe` 2.6, `amt` 2.9, `tlie` 1.7.
KNOWN_ZIPF = 3.0
RARE_ZIPF = 1.5  # once in thirty million words: a word though no frequent one (`carraway`)
# Frequent misreadings of the most frequent words that stand above the limit (`tho` 4.4, `thc` 3.3, `ofthe` 3.3).
MISREADINGS = {"en": frozenset("tho thc tbe tlie tne aud ofthe tothe inthe anil wbich wliich hy".split())}
# Of bills and letters, too rare on the web to be above the limit.
ABBREVIATIONS = {
    "en": frozenset(
        "acct addr amt approx attn avg bal bldg cont dept disc excl gst hrs incl inv invs ltd max messrs mfg min misc "
        "mo mtg nos orig pcs pkg plc pls pmt prev pty qty rcpt ref regd reg rm rs subj tel tot vat vol wt yr".split()
    ),
}
# One-letter words; every other letter by itself is an initial, a code or a misreading.
LETTERS = {
    "en": "aio", "fr": "aàyôo", "es": "aeouy", "it": "aeioè", "pt": "aeoàéó", "ca": "aeioyé", "cs": "aikosuvz",
    "sk": "aikosuvz", "pl": "aiouwz", "sv": "åiö", "da": "åi", "nb": "åi", "nl": "u", "hu": "aóés", "ro": "aeo",
}  # fmt: skip

# Measured on the texts of the training package: 1 million words of novels and more, in Danish of documentation.
USUAL_UNKNOWN = {"en": 0.03, "de": 0.10, "fr": 0.06, "es": 0.08, "cs": 0.20, "da": 0.16}
# Languages that write several words as one, and what they put between them.
COMPOUNDING = frozenset({"da", "de", "nb", "nl", "sv"})
JOINTS = ("", "s", "e", "n", "en", "es", "er")
SHORTEST_PART = 4  # letters

# What stands before an apostrophe in the languages that elide.
ELIDED = {"fr": "c d j l m n qu s t".split()}

HOUSE_ZIPF = 5.0  # of a word of the house: once in ten thousand words
ALPHABET_WORDS, ALPHABET_LETTERS = 20_000, 48

LANGUAGES = frozenset(available_languages("best"))

# The languages that we tell apart: more of them cost memory (these take 40 MB) and make short texts less sure.
_GUESSED = (
    Language.ENGLISH, Language.FRENCH, Language.GERMAN, Language.SPANISH, Language.ITALIAN, Language.PORTUGUESE,
    Language.DUTCH, Language.DANISH, Language.SWEDISH, Language.BOKMAL, Language.FINNISH, Language.POLISH,
    Language.CZECH, Language.SLOVAK, Language.HUNGARIAN, Language.ROMANIAN, Language.CATALAN,
    Language.CHINESE, Language.JAPANESE,
)  # fmt: skip
GUESS_CHARACTERS = 24  # letters; a heading or a few codes tell no language (design figure)
GUESS_SURE = 0.5  # of lingua's probability, over 19 languages

_WORD_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


def words_of(text: str) -> list[str]:
    """Return the words of `text` without the signs at their edges, parted at blanks and hyphens."""
    return [word for part in re.split(r"[\s-]+", text) if (word := _WORD_EDGE.sub("", part))]


class Lexicon:
    """The known words of one language."""

    def __init__(self, language: str) -> None:
        """Load the list of `language`, an ISO 639-1 code of LANGUAGES. Raises LookupError for any other."""
        self.language = language
        self._frequency = get_frequency_dict(language, wordlist="best")
        self._misreadings = MISREADINGS.get(language, frozenset())
        self._letters = frozenset(LETTERS.get(language, ""))
        self._abbreviations = ABBREVIATIONS.get(language, frozenset())
        self.house: Mapping[str, str] = {}

    def with_house(self, terms: Iterable[str]) -> Lexicon:
        """Return this lexicon with the words of `terms` known besides, and as frequent as common words."""
        other = copy(self)
        other.house = {word.casefold(): word for term in terms for word in words_of(term)}
        return other

    def protects(self, text: str) -> bool:
        """Tell whether a word of the house stands in `text`."""
        return bool(self.house) and any(word.casefold() in self.house for word in words_of(text))

    @cached_property
    def letter_shares(self) -> Mapping[str, float]:
        """How often each small letter stands in running text, as shares of all letters, the most used ones first."""
        used: Counter[str] = Counter()
        for word, frequency in islice(self._frequency.items(), ALPHABET_WORDS):
            for letter in filter(str.isalpha, word):
                used[letter] += frequency
        whole = used.total()
        return {letter: share / whole for letter, share in used.most_common()}

    @cached_property
    def alphabet(self) -> str:
        """The small letters that the language's frequent words are written with, the most used ones first."""
        return "".join(islice(self.letter_shares, ALPHABET_LETTERS))

    def zipf(self, word: str) -> float:
        """Return log10 of the occurrences per thousand million words, 0.0 for a word that the list lacks."""
        if self.house and word.casefold() in self.house:
            return HOUSE_ZIPF
        frequency = self._frequency.get(word.replace("’", "'").casefold(), 0.0)
        return math.log10(frequency) + 9 if frequency else 0.0

    def near(self, word: str, slips: int, most: int) -> list[str]:
        """Return words of the list within so many edits of `word`, in lower case, the nearest first, at most `most`.

        Also such as are too rare to be known. The first or the last
        letter has to be the same, as it is in nearly all misread words; looking through all others takes ten times
        as long.
        """
        read = word.casefold()
        lengths = range(len(read) - slips, len(read) + slips + 1)
        keys = [(length, at, read[at]) for length in lengths for at in (0, -1)]
        near: dict[str, int] = {}
        for key in keys:
            found = process.extract(
                read, self._alike.get(key, ()), scorer=Levenshtein.distance, processor=None, score_cutoff=slips,
                limit=most,
            )  # fmt: skip
            near |= {one: edits for one, edits, _at in found if one != read}
        return sorted(near, key=near.__getitem__)[:most]

    @cached_property
    def _alike(self) -> Mapping[tuple[int, int, str], list[str]]:
        """The words by their length and their first (0) or last (-1) letter."""
        lowest = 10 ** (RARE_ZIPF - 9)
        words: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for word, frequency in self._frequency.items():
            if frequency >= lowest and word.isalpha():
                words[len(word), 0, word[0]].append(word)
                words[len(word), -1, word[-1]].append(word)
        return words

    def has(self, form: str, least: float) -> bool:
        """Tell whether `form`, small letters alone, is on the lists with a Zipf frequency of `least` or more."""
        listed = self._frequency.get(form, 0.0) >= 10 ** (least - 9)
        return listed or form in self._abbreviations or form in self.house

    def knows(self, word: str) -> bool:
        """Tell whether `word` is a word; punctuation around it, case and a possessive 's do not matter.

        Parts joined by hyphens have to be words each. Numbers and lone punctuation are no words.
        """
        core = _WORD_EDGE.sub("", word.replace("’", "'")).casefold()
        parts = [part for part in core.split("-") if part]
        return bool(parts) and all(self._knows_part(part) for part in parts)

    @cached_property
    def is_short(self) -> bool:
        """Whether the list ends at the frequent words: wordfreq has small lists and large ones."""
        return min(self._frequency.values()) >= 0.9 * 10 ** (KNOWN_ZIPF - 9)

    @property
    def usual_unknown(self) -> float:
        """Which part of the words of a clean text the list lacks: a page that has more of them was read badly."""
        return USUAL_UNKNOWN.get(self.language, 0.1)

    @property
    def makes_compounds(self) -> bool:
        """Whether the language writes several words as one."""
        return self.language in COMPOUNDING

    def is_elided(self, text: str) -> bool:
        """Tell whether `text`, in lower case, is a known word behind an elided one: `l'amour`, `qu'elle`."""
        head, sign, word = text.partition("'")
        return bool(sign) and head in ELIDED.get(self.language, ()) and word.isalpha() and self.knows(word)

    def parts_of(self, word: str) -> tuple[str, str] | None:
        """Return two known words that `word` is made of, as German and Danish make theirs; None where it is not."""
        if not self.makes_compounds:
            return None
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            if self.zipf(word[at:]) >= KNOWN_ZIPF:
                for joint in JOINTS:
                    head = word[:at].removesuffix(joint)
                    if len(head) == at - len(joint) >= SHORTEST_PART and self.zipf(head) >= KNOWN_ZIPF:
                        return word[:at], word[at:]
        return None

    def _knows_part(self, part: str) -> bool:
        if part in self.house:
            return True
        if len(part) == 1:
            return part in self._letters
        if part in self._misreadings:
            return False
        if part in self._abbreviations:
            return True
        return self.zipf(part) >= KNOWN_ZIPF or (part.endswith("'s") and self.zipf(part[:-2]) >= KNOWN_ZIPF)


@lru_cache(maxsize=4)  # 10 to 60 MB each; an office works in a handful of languages
def lexicon_for(language: str) -> Lexicon | None:
    """Return the lexicon of `language` ("en"), None when there is none."""
    return Lexicon(language) if language in LANGUAGES else None


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_GUESSED).with_low_accuracy_mode().build()


@lru_cache(maxsize=64)  # a page and its blocks: reading asks for each twice, before and after the second look
def guess_language(text: str) -> str:
    """Return the ISO 639-1 code of the language that `text` is written in, "" when it is too short or unsure."""
    ideographs = sum(map(_parts_no_words, text))
    if sum(character.isalpha() for character in text) + 5 * ideographs < GUESS_CHARACTERS:
        return ""
    best: ConfidenceValue = _detector().compute_language_confidence_values(text)[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= GUESS_SURE else ""


def has_script_without_spaces(text: str) -> bool:
    """Tell whether `text` holds Chinese, Japanese or another script that no blanks part into words."""
    return any(map(_parts_no_words, text))


def _parts_no_words(character: str) -> bool:
    return "\u3000" < character < "\ue000" or character > "\U00020000" or "\u0e00" <= character < "\u10a0"
