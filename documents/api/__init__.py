"""The REST API: the same pipeline and the same permissions as the screens, for programs."""

from __future__ import annotations
