"""How long a search may take, in seconds."""

from __future__ import annotations

USUAL = 2
PATIENT = 20
"""For who asks to have all pages looked at: a million take PostgreSQL two seconds, if they are in memory."""


def seconds(is_patient: bool) -> int:
    """Return after how many seconds a search is stopped."""
    return PATIENT if is_patient else USUAL
