"""What people send, checked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from documents.languages import LANGUAGES
from documents.models import Document, DocumentStatus, ReadingMode, Tag
from documents.ocr.engines import ENGINES
from documents.pipeline.intake import Wishes, find_tags
from documents.pipeline.options import ReadingOptions

AUTOMATIC = [("", _("Automatic"))]


def language_choices() -> list[tuple[str, Any]]:
    """Return the language hints to choose from, with their names, automatic first."""
    return AUTOMATIC + sorted(LANGUAGES.items(), key=lambda item: str(item[1]))


class TagNames(forms.CharField):
    """Tags as people type them: names between commas. Cleans to a list of names."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"label": _("Tags"), "help_text": _("Separate with commas.")}
        super().__init__(required=False, max_length=400, **words, **kwargs)

    def clean(self, value: Any) -> list[str]:
        return [name.strip() for name in super().clean(value).split(",") if name.strip()]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


def engine_choices() -> list[tuple[str, Any]]:
    """Return the OCR engines to choose from, automatic first."""
    return [("", _("The best there is")), *((name, name) for name in ENGINES)]


class OptionsForm(forms.Form):
    """With what pages are read; the same wherever it is asked."""

    handwritten = forms.ChoiceField(
        label=_("Writing"), required=False, choices=[("", _("Printed or typed")), ("on", _("Handwritten"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), required=False, choices=language_choices)
    engine = forms.ChoiceField(label=_("OCR engine"), required=False, choices=engine_choices)
    mode = forms.ChoiceField(
        label=_("Care"), required=False, choices=[("", _("As set for this site")), *ReadingMode.choices]
    )
    read_picture = forms.BooleanField(label=_("Read the picture even if a PDF brings its own text"), required=False)

    @classmethod
    def showing(cls, options: ReadingOptions) -> OptionsForm:
        """Return the form with `options` filled in."""
        return cls(initial=asdict(options) | {"handwritten": "on" if options.handwritten else ""})

    def options(self) -> ReadingOptions:
        """Return what was chosen. Call it on a valid form."""
        data = self.cleaned_data
        return ReadingOptions(
            data["engine"], data["mode"], data["language"], bool(data["handwritten"]), data["read_picture"]
        )


class UploadForm(OptionsForm):
    """The settings of an upload; the files themselves are looked at one by one by intake."""

    files = forms.Field(label=_("Files"), required=False, widget=ManyFiles(attrs={"multiple": True}))
    title = forms.CharField(label=_("Title"), required=False, max_length=200, help_text=_("Empty: the file's name."))
    tags = TagNames()
    private = forms.BooleanField(label=_("Only for me"), required=False)

    def wishes(self) -> Wishes:
        """Return what was asked for, as intake takes it."""
        data = self.cleaned_data
        return Wishes(data["title"], data["private"], data["tags"], **asdict(self.options()))


class DocumentForm(forms.ModelForm):
    """Title and tags of a document."""

    tags = TagNames()

    class Meta:
        model = Document
        fields = ["title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["tags"] = ", ".join(tag.name for tag in self.instance.tags.all())

    def save(self, commit: bool = True) -> Document:
        document = super().save(commit)
        document.tags.set(find_tags(self.cleaned_data["tags"]))
        return document


class DocumentFilter(forms.Form):
    """The filters that the library and the search share. Wrong values are ignored, never an error."""

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any status")), *DocumentStatus.choices]
    )
    tag = forms.ModelChoiceField(Tag.objects.all(), label=_("Tag"), required=False, empty_label=_("Any tag"))
    uploader = forms.ModelChoiceField(
        get_user_model().objects.filter(is_active=True).order_by("username"),
        label=_("Uploaded by"), required=False, empty_label=_("Anybody"),
    )  # fmt: skip

    def filtered(self, documents):
        """Return the queryset narrowed by the filters that are set and valid."""
        self.full_clean()
        data = self.cleaned_data
        wanted = {"status": data.get("status"), "tags": data.get("tag"), "owner": data.get("uploader")}
        return documents.filter(**{field: value for field, value in wanted.items() if value})


class LibraryForm(DocumentFilter):
    SORTS = {"": "-created_at", "oldest": "created_at", "title": "title", "pages": "-page_count"}

    q = forms.CharField(label=_("Title contains"), required=False, max_length=200)
    sort = forms.ChoiceField(
        label=_("Sort"), required=False,
        choices=[
            ("", _("Newest first")), ("oldest", _("Oldest first")),
            ("title", _("By title")), ("pages", _("Most pages")),
        ],
    )  # fmt: skip

    def filtered(self, documents):
        documents = super().filtered(documents)
        if title := self.cleaned_data.get("q"):
            documents = documents.filter(title__icontains=title.replace("\x00", ""))
        return documents.order_by(self.SORTS[self.cleaned_data.get("sort") or ""], "-pk")


def _midnight(day: date) -> datetime:
    """Return the day's beginning here. A comparison of moments uses the index; one of dates asks Python row by row."""
    return make_aware(datetime.combine(day, time.min))


# Beyond these no scan was uploaded, and the arithmetic of dates ends.
SENSIBLE_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class SearchForm(DocumentFilter):
    q = forms.CharField(label=_("Words"), required=False, strip=True)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=lambda: [("", _("Any language")), *language_choices()[1:]]
    )
    date_from = forms.DateField(
        label=_("Uploaded from"), required=False, validators=SENSIBLE_DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    date_to = forms.DateField(
        label=_("to"), required=False, validators=SENSIBLE_DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def filtered(self, documents):
        documents = super().filtered(documents)
        if start := self.cleaned_data.get("date_from"):
            documents = documents.filter(created_at__gte=_midnight(start))
        if end := self.cleaned_data.get("date_to"):
            documents = documents.filter(created_at__lt=_midnight(end + timedelta(days=1)))
        return documents

    def page_filters(self) -> dict[str, str]:
        """Return the filters on columns of the page."""
        language = self.cleaned_data.get("language")
        return {"languages": f"%,{language},%"} if language else {}
