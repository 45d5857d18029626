"""A page's text as the review screen shows it: line by line, with the model's changes marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents.models import Edit, EditState, Layer, Page, PageText
from documents.pipeline.texts import latest_reading

DOUBTFUL_BELOW = 0.8
"""Calibrated confidence below which a line is marked: more than every fifth of its words may be wrong."""


@dataclass(frozen=True)
class Part:
    """A piece of a line; `edit` is the change by the model that it stands for, if any."""

    text: str
    edit: Edit | None = None


def shown_lines(page: Page) -> list[dict[str, Any]]:
    """Return the lines of the current text: number, text, raw, box, parts, others, language, confidence,
    doubtful."""
    text = page.current
    if text is None:
        return []
    reading = latest_reading(page)
    raw = _by_box(reading)
    marks = _marks(page, raw)
    return [_shown(number, line, raw, marks, text) for number, line in enumerate(text.lines)]


def _by_box(text: PageText | None) -> dict[tuple, dict[str, Any]]:
    """Return the lines of a machine's layer by their box: the one thing a line keeps through all layers."""
    return {tuple(line["box"]): line for line in text.lines if line["box"]} if text else {}


def _shown(number: int, line: dict[str, Any], raw: dict, marks: dict, text: PageText) -> dict[str, Any]:
    key = tuple(line["box"] or ())
    source = raw.get(key, {})
    known, parts = marks.get(key, (None, []))
    confidence = line.get("confidence")
    return {
        "number": number,
        "text": line["text"],
        "raw": source.get("text", ""),
        "box": line["box"],
        "parts": parts if known == line["text"] else [Part(line["text"])],
        "others": other_readings(source),
        "language": source.get("language", ""),
        "confidence": confidence,
        "doubtful": confidence is not None and confidence < DOUBTFUL_BELOW,
    }


def other_readings(line: dict[str, Any]) -> str:
    """Return what the other engines read in a stored line, as "this / that (engine)" per place; "" when they agree."""
    found = []
    words = line.get("words", [])
    for number, word in enumerate(words):
        for other in word.get("alternatives", []):
            taken = " ".join(w["text"] for w in words[number : number + other["words"]])
            found.append(f"{taken} / {other['text'] or '–'} ({other['engine']})")
    return ", ".join(found)


def _marks(page: Page, raw: dict) -> dict[tuple, tuple[str, list[Part]]]:
    """Return for each line the model has seen, by its box, the corrected text and its parts."""
    corrected = page.texts.filter(layer=Layer.LLM).prefetch_related("edits").order_by("-version").first()
    if corrected is None:
        return {}
    edits: dict[int, list[Edit]] = {}
    for edit in corrected.edits.all():
        edits.setdefault(edit.line, []).append(edit)
    marks = {}
    for number, line in enumerate(corrected.lines):
        key = tuple(line["box"] or ())
        if key in raw:
            marks[key] = (line["text"], parts_of(raw[key]["text"], line["text"], edits.get(number, [])))
    return marks


def parts_of(raw: str, text: str, edits: list[Edit]) -> list[Part]:
    """Return the pieces of the corrected line `text`; edits that do not fit the raw line leave it in one piece."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start < position:
            continue
        parts.append(Part(raw[position : edit.start]))
        applied = edit.state in (EditState.APPLIED, EditState.ACCEPTED)
        parts.append(Part(edit.after if applied else raw[edit.start : edit.end], edit))
        position = edit.end
    parts.append(Part(raw[position:]))
    if "".join(part.text for part in parts) != text:
        return [Part(text)]
    return [part for part in parts if part.text or part.edit]
