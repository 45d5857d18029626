"""Checks of what is typed into fields that name steps and filters between commas."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from documents.ocr.aspose_options import filter_problem
from documents.ocr.base import OcrError
from documents.ocr.preparing_options import steps_of


def validate_preparation(value: str) -> None:
    """Raise ValidationError unless these are names of `documents.ocr.preparing_options.NAMES`, or none of them."""
    try:
        steps_of(value)
    except OcrError as exc:
        raise ValidationError(str(exc)) from exc


def validate_aspose_filters(value: str) -> None:
    """Raise ValidationError unless these are names of `documents.ocr.aspose_options.FILTERS`."""
    for name in filter(None, value.split(",")):
        if problem := filter_problem(name):
            raise ValidationError(problem)
