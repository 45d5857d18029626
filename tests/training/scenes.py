"""A pack as small as can be."""

from __future__ import annotations

from training.material import Material
from training.noise import fitted
from training.places import LANGUAGES

TEXT = "It was a mild morning in the month of May and the men of the mill marched home along the muddy lane. " * 40
PAIRS = [("the rnoon", "the moon"), ("a rnild day", "a mild day"), ("tbe lane", "the lane"), ("more", "more")]


def material(real: int = 30) -> Material:
    """Return a pack's material with so many real windows, all of them different."""
    return Material(
        {language: TEXT for language in LANGUAGES},
        {language: ["Total 12.50", "Invoice No 77", "Mr. Moran"] for language in LANGUAGES},
        [(f"rnan {number}", f"man {number}") for number in range(real)],
        {language: fitted(PAIRS) for language in LANGUAGES},
    )
