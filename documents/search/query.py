"""What a person typed, as a tree of terms and filters. Nothing typed reaches an index raw, and nothing is an error:
what cannot be understood is left out or taken for words, with a hint that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from documents.search.words import CJK, WORD, fold

MAX_CHARACTERS, MAX_PARTS, MAX_DEPTH = 400, 20, 10
MIN_PREFIX = 3  # a one-letter prefix took 1.8 s on a million pages
FIELDS = ("title", "tag", "lang", "date", "status", "uploader", "engine", "type", "collection", "doc")
_TOKEN = re.compile(
    r"""(?P<open>-?\()|(?P<close>\))
    |(?P<minus>-)?(?:(?P<name>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Term:
    """Words that stand side by side; anything may follow the last one when `is_prefix`, and `is_exact` when quoted."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_exact: bool = False

    @property
    def is_cjk(self) -> bool:
        """Whether it is found by pairs of characters."""
        return bool(CJK.search(" ".join(self.words)))


@dataclass(frozen=True)
class Filter:
    """A field that must have a value, as typed: tag:maps."""

    name: str
    value: str


@dataclass(frozen=True)
class Not:
    part: Part


@dataclass(frozen=True)
class All:
    """Everything in `parts` and nothing in `without`."""

    parts: tuple[Part, ...]
    without: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Any:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Near(Any):
    """A word, then the words of the archive that are like it, the nearest first."""


Part = Term | Filter | Not | All | Any


@dataclass(frozen=True)
class Query:
    """`text` is what the words of a page must fulfil (or None), `filters` what its document must; both if both.
    Where no word is wanted, words that must not be there stand among the filters.

    `hints` are sentences about what was left out or understood otherwise than it may have been meant.
    """

    text: Term | All | Any | None = None
    filters: tuple[Part, ...] = ()
    hints: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.text is not None or bool(self.filters)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that are wanted somewhere, in order, each once."""
        return tuple(dict.fromkeys(wanted_terms(self.text)))


def wanted_terms(part: Part | None) -> Iterator[Term]:
    """Yield the terms of a tree, without those that must not be there."""
    if isinstance(part, Term):
        yield part
    elif isinstance(part, All | Any):
        for inner in part.parts:
            yield from wanted_terms(inner)


class _Token(NamedTuple):
    kind: str  # "(", ")", "AND", "OR", "NOT", "part"
    part: Part | None = None


@dataclass
class _Reader:
    """Reads tokens into a tree: OR binds less than AND, AND less than NOT. Never fails: what is missing is left out."""

    tokens: list[_Token]
    hints: list[str] = field(default_factory=list)
    place: int = 0

    def peek(self) -> str:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def take(self, kind: str) -> bool:
        """Go past the next token if it is of that kind. Return whether it was."""
        found = self.peek() == kind
        self.place += found
        return found

    def either(self, depth: int = 0) -> Part | None:
        parts = [self.every(depth)]
        while self.take("OR"):
            parts.append(self.every(depth))
        known = tuple(part for part in parts if part)
        if len(known) < len(parts) and len(parts) > 1:
            self.hints.append(_("AND, OR and NOT stand between words: ship OR boat. Quote them to find them."))
        return Any(known) if len(known) > 1 else known[0] if known else None

    def every(self, depth: int) -> Part | None:
        parts: list[Part] = []
        while self.peek() not in ("", ")", "OR"):
            if self.take("AND"):
                continue
            if part := self.one(depth):
                parts.append(part)
        return All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def one(self, depth: int) -> Part | None:
        if self.take("NOT"):
            part = self.one(depth) if self.peek() not in ("", ")", "OR", "AND") else None
            return (part.part if isinstance(part, Not) else Not(part)) if part else None
        if self.take("("):
            return self.group(depth + 1)
        token = self.tokens[self.place]
        self.place += 1
        return token.part

    def group(self, depth: int) -> Part | None:
        part = self.either(depth)
        if not self.take(")"):
            self.hints.append(_("A parenthesis is not closed; the end was taken for it."))
        return part


def parse(typed: str) -> Query:
    """Return the query for what was typed: words, "phrases", pre*, -without, AND OR NOT, ( ), field:value.

    Never raises; `hints` of the answer say what was left out.
    """
    text = typed.replace("\x00", " ").strip()
    tokens, hints = _tokens(text[:MAX_CHARACTERS])
    if len(text) > MAX_CHARACTERS or sum(token.kind == "part" for token in tokens) > MAX_PARTS:
        hints.append(_("Only the first %d words of your question were looked for.") % MAX_PARTS)
    reader = _Reader(_shortened(tokens), hints)
    parts = []
    while reader.place < len(reader.tokens):
        parts.append(reader.either())
        if reader.take(")"):
            hints.append(_("A parenthesis is closed that was never opened; it was left out."))
    return _split([part for part in parts if part], hints, typed)


def with_field(typed: str, name: str, value: str) -> str:
    """Return the question with a field added."""
    needs_quotes = any(not (letter.isalnum() or letter in "-_.") for letter in value)
    return f"{typed} {name}:{chr(34) + value + chr(34) if needs_quotes else value}".strip()


def without_field(typed: str, name: str, value: str) -> str:
    """Return the question without that field."""
    pieces, place = [], 0
    for match in _TOKEN.finditer(typed):
        if (match["name"] or "").lower() == name and value in (match["word"], (match["phrase"] or "").strip()):
            pieces.append(typed[place : match.start()])
            place = match.end()
    return " ".join("".join([*pieces, typed[place:]]).split())


def _shortened(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens up to the last part that is looked for."""
    count = 0
    for place, token in enumerate(tokens):
        count += token.kind == "part"
        if count > MAX_PARTS:
            return tokens[:place]
    return tokens


def _tokens(text: str) -> tuple[list[_Token], list[str]]:
    tokens: list[_Token] = []
    hints: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        if match["open"]:
            depth += 1
            if depth <= MAX_DEPTH:  # deeper ones are left out with their ends: every level is a call
                tokens += [_Token("NOT"), _Token("(")] if match["open"] == "-(" else [_Token("(")]
        elif match["close"]:
            if depth <= MAX_DEPTH:
                tokens.append(_Token(")"))
            depth = max(0, depth - 1)
        elif match["word"] in ("AND", "OR", "NOT") and not match["name"] and not match["minus"]:
            tokens.append(_Token(match["word"]))
        else:
            tokens += _part_tokens(match, hints)
    return tokens, hints


def _part_tokens(match: re.Match[str], hints: list[str]) -> list[_Token]:
    name, value = (match["name"] or "").lower(), match["phrase"] if match["word"] is None else match["word"]
    part: Part | None
    if name in FIELDS and value.strip():
        part = Filter(name, value.strip())
    else:
        part = _term(f"{match['name'] or ''} {value}", is_exact=match["phrase"] is not None)
        if name and part and name not in FIELDS and "//" not in value:
            hints.append(
                _("There is no field called %(name)s, so it was looked for as a word. The fields are: %(fields)s.")
                % {"name": name, "fields": ", ".join(FIELDS)}
            )
    if part is None:
        return []
    return [_Token("NOT"), _Token("part", part)] if match["minus"] else [_Token("part", part)]


def _term(typed: str, *, is_exact: bool) -> Term | None:
    words = tuple(WORD.findall(fold(typed)))
    if not words:
        return None
    is_prefix = not is_exact and typed.endswith("*") and len(words[-1]) >= MIN_PREFIX
    return Term(words, is_prefix, is_exact)


def _split(parts: list[Part], hints: list[str], typed: str) -> Query:
    """Return the query whose conditions are `parts`: those on the text apart from those on the document."""
    texts: list[Part] = []
    filters: list[Part] = []
    for part in _conditions(parts):
        kinds = set(_kinds(part))
        if kinds == {Term, Filter}:
            hints.append(_("Words and fields cannot stand in for one another; the fields narrow down the search."))
            filters += _only(part, Filter)
            texts += _only(part, Term)
        else:
            (filters if kinds == {Filter} else texts).append(part)
    left_out: list[str] = []
    text = _wanted_first(All(tuple(texts)), left_out)
    if text is None:
        filters += texts  # they only say what must not be there, and an index begins with what is
    else:
        hints += left_out
    if typed.strip() and not parts:
        hints.append(_("Type letters or digits: signs alone cannot be found."))
    return Query(text, tuple(filters), tuple(dict.fromkeys(hints)))


def _conditions(parts: list[Part]) -> Iterator[Part]:
    """Yield the conditions that hold all at once."""
    for part in parts:
        if isinstance(part, All):
            yield from _conditions(list(part.parts))
        else:
            yield part


def _kinds(part: Part) -> Iterator[type]:
    if isinstance(part, Not):
        yield from _kinds(part.part)
    elif isinstance(part, All | Any):
        for inner in part.parts:
            yield from _kinds(inner)
    else:
        yield type(part)


def _only(part: Part, kind: type) -> list[Part]:
    """Return what is left of a mixed part when only terms, or only filters, are kept."""
    if isinstance(part, All | Any):
        left = tuple(kept for inner in part.parts for kept in _only(inner, kind))
        return [type(part)(left)] if len(left) > 1 else list(left)
    if isinstance(part, Not):
        return [Not(kept) for kept in _only(part.part, kind)]
    return [part] if isinstance(part, kind) else []


def _wanted_first(part: Part, hints: list[str]) -> Term | All | Any | None:
    """Return the tree without Not: what is unwanted stands beside what is wanted, as an index needs it.

    None when nothing is wanted.
    """
    if isinstance(part, Any):
        parts = tuple(kept for inner in part.parts if (kept := _wanted_first(inner, hints)))
        if len(parts) < len(part.parts):
            hints.append(_("NOT needs a wanted word at its side: ship NOT boat."))
        return Any(parts) if len(parts) > 1 else parts[0] if parts else None
    if not isinstance(part, All):
        return part if isinstance(part, Term) else None
    wanted = tuple(dict.fromkeys(kept for inner in part.parts if (kept := _wanted_first(inner, hints))))
    unwanted = [kept for inner in part.parts if isinstance(inner, Not) and (kept := _wanted_first(inner.part, hints))]
    if not wanted:
        return None
    return wanted[0] if len(wanted) == 1 and not unwanted else All(wanted, tuple(unwanted))
