"""The languages that a person can name for a scan, by ISO 639-1 code."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "ca": _("Catalan"), "zh": _("Chinese"), "cs": _("Czech"), "da": _("Danish"), "nl": _("Dutch"), "en": _("English"),
    "fi": _("Finnish"), "fr": _("French"), "de": _("German"), "hu": _("Hungarian"), "it": _("Italian"),
    "ja": _("Japanese"), "nb": _("Norwegian"), "pl": _("Polish"), "pt": _("Portuguese"), "ro": _("Romanian"),
    "sk": _("Slovak"), "es": _("Spanish"), "sv": _("Swedish"),
}  # fmt: skip
