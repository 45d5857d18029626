"""A page's text as the review desk needs it: every word with its place on the scan, every change of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Any

from documents.correction.rewordings import Doubtful
from documents.models import Edit, EditState, Layer, Page, PageText
from documents.pipeline.placing import PlacedEdit, PlacedWord, place_edits, place_words

NO_LINE = {"text": ""}
ByBox = Mapping[tuple[int, ...], dict[str, Any]]


def shown_lines(page: Page, reading: PageText | None) -> list[dict[str, Any]]:
    """Return the lines of the current text, each with: number, text, raw, box, sure, language, block, kind,
    opens_block, words and edits (see `_word` and `_edit`). `reading` is the newest OCR layer."""
    if page.current is None:
        return []
    raw, edits = _by_box(reading), _edits(page)
    shown = [_shown(number, line, raw, edits) for number, line in enumerate(page.current.lines)]
    for above, line in pairwise(shown):
        line["opens_block"] = line["block"] != above["block"]
    return shown


def _by_box(text: PageText | None) -> ByBox:
    """Return the lines of a machine's layer by their box: the one thing a line keeps through all layers."""
    return {tuple(line["box"]): line for line in text.lines if line["box"]} if text else {}


def _edits(page: Page) -> Mapping[tuple[int, ...], list[Edit]]:
    """Return what the model wanted to change when it last saw the page, by the box of the line."""
    corrected = page.texts.filter(layer=Layer.LLM).prefetch_related("edits").order_by("-version").first()
    edits: dict[tuple[int, ...], list[Edit]] = {}
    for edit in corrected.edits.all() if corrected else ():
        box = corrected.lines[edit.line]["box"] if edit.line < len(corrected.lines) else None
        edits.setdefault(tuple(box or ()), []).append(edit)
    return edits


def _shown(number: int, line: dict[str, Any], raw: ByBox, edits: Mapping) -> dict[str, Any]:
    key = tuple(line["box"] or ())
    source = raw.get(key, {})
    words = place_words(line["text"], line.get("words") or source.get("words", []))
    changes = place_edits(line["text"], source.get("text", ""), edits.get(key, [])) if key else []
    return {
        "number": number,
        "text": line["text"],
        "raw": source.get("text", ""),
        "box": line["box"],
        "sure": line.get("confidence"),
        "language": source.get("language", ""),
        "block": line.get("block", 0),
        "kind": line.get("kind", ""),
        "opens_block": False,
        "words": [_word(word) for word in words],
        "edits": [_edit(change) for change in changes],
    }


def _word(word: PlacedWord) -> list[Any]:
    """Return [start, end, box, sure, 1 when settled, other readings as [text, engine, sure, number of words]...].

    A list and not a dict: a page has thousands, and most have no other reading.
    """
    others = [[o["text"], o["engine"], round(o["confidence"], 2), o["words"]] for o in word.alternatives]
    sure = None if word.confidence is None else round(word.confidence, 3)
    return [word.start, word.end, word.box, sure, int(word.settled), *others]


def _edit(change: PlacedEdit) -> dict[str, Any]:
    edit = change.edit
    return {
        "id": edit.pk, "start": change.start, "end": change.end, "before": edit.before, "after": edit.after,
        "margin": edit.margin, "rule": edit.rule, "state": edit.state,
        "others": [[other["text"], other["source"]] for other in edit.alternatives or ()],
    }  # fmt: skip


def doubtful_words(lines: Sequence[Mapping[str, Any]], below: float) -> dict[str, Doubtful]:
    """Return the words that the desk asks about, by a name that the desk knows too: "line:start" of a word whose
    probability is below `below`, "edit:id" of a change of the model that is not decided (as the word was read)."""
    asked: dict[str, Doubtful] = {}
    for line, below_it in zip_longest(lines, lines[1:], fillvalue=NO_LINE):
        changes = [edit for edit in line["edits"] if _is_open_word(edit)]
        goes_on = below_it["text"][:1].islower()
        for start, end, _box, sure, is_settled, *others in line["words"]:
            is_changed = any(edit["start"] < end and start < edit["end"] for edit in changes)
            if sure is not None and sure < below and not is_settled and not is_changed:
                heard = tuple(text for text, _engine, _sure, words in others if words == 1)
                is_cut = goes_on and end == len(line["text"])
                asked[f"{line['number']}:{start}"] = Doubtful(line["text"][start:end], heard, is_cut)
        for edit in changes:
            heard = (edit["after"], *(text for text, _source in edit["others"]))
            asked[f"edit:{edit['id']}"] = Doubtful(edit["before"], heard)
    return asked


def _is_open_word(edit: Mapping[str, Any]) -> bool:
    return edit["state"] in (EditState.APPLIED, EditState.PROPOSED) and " " not in edit["before"]
