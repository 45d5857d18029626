"""The little marks of the screens: signs, statuses and moments. A list of fifty documents has some hundred of them, and
so they are drawn by a line of Python each."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django import template
from django.template.base import Parser, TextNode, Token
from django.templatetags.static import static
from django.utils.dates import MONTHS_3
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from documents.models import DocumentStatus, Page, PageStatus

register = template.Library()

# The kind of a status's pill and its sign: the shape says it without the colour.
_PILLS = {
    "done": ("done", "done"), "quarantined": ("problem", "problem"), "done_with_problems": ("problem", "problem"),
    "correction_pending": ("later", "later"), "cancelled": ("", "stopped"), "processing": ("working", "working"),
    "reading": ("working", "working"), "correcting": ("working", "working"),
}  # fmt: skip
_LABELS = dict(PageStatus.choices + DocumentStatus.choices)  # what both have means the same


@register.tag
def icon(parser: Parser, token: Token) -> TextNode:
    """Draw a sign of `static/img/icons.svg`: {% icon "done" %}. It is written out when the template is read."""
    _tag, name = token.split_contents()
    return TextNode(_drawn(name.strip('"')))


@register.simple_tag
def pill(status: str) -> SafeString:
    """Draw a status of a page or document with its words: {% pill page.status %}."""
    kind, sign = _PILLS.get(status, ("waiting", "waiting"))
    shape = f"pill pill--{kind}" if kind else "pill"
    return format_html('<span class="{}">{}{}</span>', shape, _drawn(sign), _LABELS[status])


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Write a moment as people here read it (3 Nov 2026, 14:05), and for programs: {% moment document.created_at %}."""
    here = localtime(at)
    read = f"{here.day} {str(MONTHS_3[here.month]).title()} {here.year}, {here:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', here.isoformat(), read)


@register.simple_tag
def thumbnail(page: Page | None) -> SafeString:
    """Draw the small picture of a page, or a sign that there is none yet. The text beside it says what it is."""
    if page is None or not page.thumbnail:
        return format_html('<span class="thumb thumb--none">{}</span>', _drawn("page"))
    return format_html('<img class="thumb" src="{}" alt="" width="48" height="64" loading="lazy">', page.thumbnail_url)


@cache
def _drawn(name: str) -> SafeString:
    place = f"{static('img/icons.svg')}#{name}"
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="{}"></use></svg>', place)
