"""Stands in for documents.ocr.service: does what the picture's name says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents.ocr.base import EngineUnavailable, Line, OcrError, Reading, Word


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: ACTIONS[Path(request["image"]).stem](request)


def good(request: dict[str, Any]) -> dict[str, Any]:
    word = Word(request["language"], (1, 2, 30, 40), 0.9)
    return Reading((Line(word.text, word.box, 0.9, (word,)),), "fake", "1", 0.1, ("Look closely.",)).to_json()


def unavailable(request: dict[str, Any]) -> dict[str, Any]:
    raise EngineUnavailable("There is no licence.")


def unreadable(request: dict[str, Any]) -> dict[str, Any]:
    raise OcrError("This is no picture.")


def surprise(request: dict[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError("division by zero")


def crash(request: dict[str, Any]) -> dict[str, Any]:
    os.abort()


def hang(request: dict[str, Any]) -> dict[str, Any]:
    time.sleep(600)
    return {}


def beside(request: dict[str, Any]) -> dict[str, Any]:
    word = {"text": "far", "box": [-20, 5000.4, 90000, -3], "confidence": 7}
    block = {"block": -3, "kind": "<b>"}
    line = {"text": "far", "box": [80, 60, 10, 20], "confidence": float("nan"), "words": [word], **block}
    return {"lines": [line], "engine": "fake", "version": "1", "seconds": 0.1, "warnings": []}


def empty(request: dict[str, Any]) -> dict[str, Any]:
    return {}


def garbage(request: dict[str, Any]) -> dict[str, Any]:
    line = {"text": 5, "box": ["a"], "confidence": None}
    return {"lines": [line], "engine": 1, "version": [], "seconds": 0, "warnings": 0}


def boxless(request: dict[str, Any]) -> dict[str, Any]:
    return good(request) | {"lines": [{"text": "word", "box": [1, 2, float("inf"), 4], "confidence": 0.5}]}


def noise(request: dict[str, Any]) -> dict[str, Any]:
    return ["not", "even", "an", "object"]


ACTIONS = {
    action.__name__: action
    for action in (good, unavailable, unreadable, surprise, crash, hang, beside, empty, garbage, boxless, noise)
}
