"""What codes mean, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from documents.languages import LANGUAGES
from documents.pipeline import coach
from documents.pipeline.options import PREPARATIONS, TURNS

register = template.Library()

FINDINGS = {
    coach.BLURRED: _("The scan is blurred. Clean the glass, lay the paper flat and scan it again."),
    coach.SMALL: _("The scan has too few pixels. Scan it again with 300 dpi."),
    coach.BLANK: _("The page looks blank. Was it laid in with the wrong side up?"),
    coach.CUT: _("The text runs out of the picture. Lay the paper straight and scan it again."),
    coach.TINY: _("The letters are very small in this scan. Scan it again with more dpi."),
    coach.REPEATED: _("This page says the same as its neighbour. Was the sheet scanned twice?"),
}


@register.filter
def finding(code: str):
    """Return the sentence for a finding of the scan coach."""
    return FINDINGS.get(code, code)


@register.filter
def in_words(steps: list[str]) -> str:
    """Return what was done to a picture before it was read, in words."""
    return ", ".join(str((PREPARATIONS | TURNS).get(step, step)) for step in steps)


@register.filter
def language_name(code: str):
    """Return the name of a language; the code itself when it has none here."""
    return LANGUAGES.get(code, code)
