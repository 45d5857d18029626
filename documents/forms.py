"""What people send, checked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Subquery
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from documents.export.formats import ALL, FORMATS, chosen
from documents.languages import LANGUAGES
from documents.models import (
    Batch,
    Collection,
    Document,
    DocumentStatus,
    DocumentType,
    ReadingMode,
    ReviewPreference,
    Role,
    Tag,
    VocabularyTerm,
)  # fmt: skip
from documents.ocr.aspose_options import AREA_MODES, FILTERS, LANGUAGE_LEVELS
from documents.ocr.engines import ENGINES
from documents.ocr.preparing_options import NONE, together
from documents.pipeline.intake import Wishes, find_tags
from documents.pipeline.options import NAMES, PREPARATIONS, ReadingOptions, aspose_is_set_up
from documents.pipeline.texts import clean
from documents.pipeline.vocabulary import add_terms, terms_in
from documents.search.titles import titled

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


class QuickSelect(forms.Select):
    """A list to choose from, drawn at once: Django reads two templates for each of its lines."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return its HTML."""
        drawn = self.get_context(name, value, attrs)["widget"]
        lines = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            (
                ("" if line["value"] is None else line["value"], flatatt(line["attrs"]), line["label"])
                for _group, lines, _number in drawn["optgroups"] for line in lines
            ),
        )  # fmt: skip
        return format_html('<select name="{}"{}>{}</select>', drawn["name"], flatatt(drawn["attrs"]), lines)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


def engine_choices() -> list[tuple[str, Any]]:
    """Return the OCR engines to choose from, automatic first."""
    leaves = _("%(name)s (pages leave this machine)")
    titles = {name: leaves % {"name": one.title} if one.leaves else one.title for name, one in ENGINES.items()}
    return [("", _("The best there is")), *titles.items()]


AS_SET = [("", _("As set for this site"))]


def in_words(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the engine's own names as choices, without their underscores."""
    return [(name, name.replace("_", " ").replace(":", " ")) for name in names]


class OptionsForm(forms.Form):
    """With what pages are read; the same wherever it is asked."""

    handwritten = forms.ChoiceField(
        label=_("Writing"), required=False, choices=[("", _("Printed or typed")), ("on", _("Handwritten"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), required=False, choices=language_choices)
    engine = forms.ChoiceField(label=_("OCR engine"), required=False, choices=engine_choices)
    mode = forms.ChoiceField(label=_("Care"), required=False, choices=[*AS_SET, *ReadingMode.choices])
    read_picture = forms.BooleanField(label=_("Read the picture even if a PDF brings its own text"), required=False)
    preparation = forms.MultipleChoiceField(
        label=_("What is done to it before it is read"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(NONE, _("nothing: read it as it is")), *PREPARATIONS.items()],
        help_text=_("None ticked: what the picture needs."),
    )  # fmt: skip
    aspose_area_mode = forms.ChoiceField(
        label=_("Aspose.OCR: area mode"), required=False, choices=AS_SET + in_words(AREA_MODES)
    )
    aspose_language_level = forms.ChoiceField(
        label=_("Aspose.OCR: looks for languages"), required=False, choices=AS_SET + in_words(LANGUAGE_LEVELS)
    )
    aspose_filters = forms.MultipleChoiceField(
        label=_("Aspose.OCR: filters"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=in_words(name if name != "threshold" else "threshold:128" for name in FILTERS),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not aspose_is_set_up():
            for name in [name for name in self.fields if name.startswith("aspose_")]:
                del self.fields[name]

    @classmethod
    def showing(cls, options: ReadingOptions) -> OptionsForm:
        """Return the form with `options` filled in."""
        shown = asdict(options) | {"handwritten": "on" if options.handwritten else ""}
        for name in ("preparation", "aspose_filters"):
            shown[name] = shown[name].split(",")
        return cls(initial=shown)

    def aspose_fields(self) -> list[forms.BoundField]:
        """Return the fields that are Aspose's alone; none where it is not set up."""
        return [field for field in self if field.name.startswith("aspose_")]

    def clean_preparation(self) -> str:
        """Return the steps as ReadingOptions have them; NONE goes before all others."""
        chosen = self.cleaned_data["preparation"]
        return NONE if NONE in chosen else together(chosen)

    def clean_aspose_filters(self) -> str:
        """Return the filters as ReadingOptions have them."""
        return ",".join(self.cleaned_data["aspose_filters"])

    def options(self) -> ReadingOptions:
        """Return what was chosen. Call it on a valid form."""
        chosen = {name: self.cleaned_data[name] for name in NAMES if name in self.cleaned_data}
        return ReadingOptions(**chosen | {"handwritten": bool(chosen["handwritten"])})


class UploadForm(OptionsForm):
    """The settings of an upload; the files themselves are looked at one by one by intake."""

    files = forms.Field(label=_("Files"), required=False, widget=ManyFiles(attrs={"multiple": True}))
    title = forms.CharField(label=_("Title"), required=False, max_length=200, help_text=_("Empty: the file's name."))
    tags = TagNames()
    private = forms.BooleanField(label=_("Only for me"), required=False)
    words = forms.CharField(
        label=_("Names and terms that occur"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line. They are never corrected away, and put where they were misread."),
    )  # fmt: skip

    batch = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)

    def wishes(self) -> Wishes:
        """Return what was asked for, as intake takes it."""
        data = self.cleaned_data
        words = terms_in(data["words"])
        return Wishes(
            data["title"], data["private"], data["tags"], **asdict(self.options()), words=words, batch=data["batch"]
        )


class ExportForm(forms.Form):
    """In which formats documents are taken away."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"), widget=forms.CheckboxSelectMultiple,
        choices=lambda: [*((one.name, _(one.label)) for one in FORMATS.values()), (ALL, _("All of these, in one ZIP"))],
        error_messages={"required": _("Choose at least one format.")},
    )  # fmt: skip

    def clean_formats(self) -> list[str]:
        """Return the formats by name, all of them where that was chosen."""
        return chosen(self.cleaned_data["formats"])


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=60)


class DocumentForm(forms.ModelForm):
    """Title and tags of a document, its type, and its collection: one of those that `user` manages."""

    tags = TagNames()
    type_name = forms.CharField(
        label=_("Document type"), required=False, max_length=60, help_text=_("Letter, map, receipt: any word.")
    )

    class Meta:
        model = Document
        fields = ["title", "collection"]

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["tags"] = ", ".join(tag.name for tag in self.instance.tags.all())
        if user is None:  # only what everybody may change
            del self.fields["collection"], self.fields["type_name"]
            return
        self.initial["type_name"] = self.instance.document_type.name if self.instance.document_type else ""
        theirs = Collection.objects.for_role(user, Role.MANAGER) | Collection.objects.filter(
            pk=self.instance.collection_id
        )
        self.fields["collection"].queryset = theirs.distinct()
        self.fields["collection"].empty_label = _("None: open to all staff")

    def _post_clean(self) -> None:
        super()._post_clean()
        if "type_name" in self.cleaned_data:
            name = self.cleaned_data["type_name"]
            self.instance.document_type = DocumentType.objects.get_or_create(name=name)[0] if name else None

    def save(self, commit: bool = True) -> Document:
        document = super().save(commit)
        document.tags.set(find_tags(self.cleaned_data["tags"]))
        return document


class DocumentFilter(forms.Form):
    """The filters that the library and the search share. Wrong values are ignored, never an error."""

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any status")), *DocumentStatus.choices], widget=QuickSelect
    )
    tag = forms.ModelChoiceField(
        Tag.objects.all(), label=_("Tag"), required=False, empty_label=_("Any tag"), widget=QuickSelect
    )
    uploader = forms.ModelChoiceField(
        get_user_model().objects.filter(is_active=True).only("username").order_by("username"),
        label=_("Uploaded by"), required=False, empty_label=_("Anybody"), widget=QuickSelect,
    )  # fmt: skip
    collection = forms.ModelChoiceField(
        Collection.objects.all(), label=_("Collection"), required=False, empty_label=_("Any collection"),
        widget=QuickSelect,
    )  # fmt: skip

    def filtered(self, documents):
        """Return the queryset narrowed by the filters that are set and valid.

        `documents` are those that the user may see; tags and collections of others are not even offered.
        """
        theirs = documents.order_by()
        tagged = Document.tags.through.objects.filter(
            Exists(theirs.filter(pk=OuterRef("document_id"))), tag_id=OuterRef("pk")
        )
        # A value, and not Exists: that PostgreSQL answers by putting all tagged documents into a table first.
        seen = Subquery(tagged.values("tag_id")[:1])
        self.fields["tag"].queryset = Tag.objects.alias(seen=seen).filter(seen__isnull=False)
        self.fields["collection"].queryset = Collection.objects.filter(Exists(theirs.filter(collection=OuterRef("pk"))))
        self.full_clean()
        data = self.cleaned_data
        wanted = {
            "status": data.get("status"), "tags": data.get("tag"), "owner": data.get("uploader"),
            "collection": data.get("collection"),
        }  # fmt: skip
        return documents.filter(**{field: value for field, value in wanted.items() if value})


class LibraryForm(DocumentFilter):
    SORTS = {"": "-created_at", "oldest": "created_at", "title": "title", "pages": "-page_count"}
    is_cut = False  # whether older documents have such a title, too

    q = forms.CharField(label=_("Words in the title"), required=False, max_length=200)
    batch = forms.ModelChoiceField(Batch.objects.select_related("owner"), required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        label=_("Sort"), required=False, widget=QuickSelect,
        choices=[
            ("", _("Newest first")), ("oldest", _("Oldest first")),
            ("title", _("By title")), ("pages", _("Most pages")),
        ],
    )  # fmt: skip

    def filtered(self, documents):
        documents = super().filtered(documents)
        if batch := self.cleaned_data.get("batch"):
            documents = documents.filter(batch=batch)
        if title := self.cleaned_data.get("q"):
            documents, self.is_cut = titled(documents, title.replace("\x00", ""))
        return documents.order_by(self.SORTS[self.cleaned_data.get("sort") or ""], "-pk")


class PreferencesForm(forms.ModelForm):
    """How a person likes the review desk."""

    class Meta:
        model = ReviewPreference
        fields = ["layout", "boxes", "doubtful_below", "poor_below"]


class VocabularyForm(forms.ModelForm):
    """New terms of the vocabulary: a list that is typed, or a text file."""

    terms = forms.CharField(label=_("Terms"), required=False, widget=forms.Textarea, help_text=_("One per line."))
    file = forms.FileField(label=_("or a text file"), required=False, help_text=_("UTF-8, one term per line."))
    language = forms.ChoiceField(label=_("Language"), required=False, choices=language_choices)

    class Meta:
        model = VocabularyTerm
        fields = ["language", "tag"]

    def clean(self) -> dict[str, Any]:
        """Read the file too, and refuse what holds no term."""
        data = super().clean() or {}
        file = data.get("file")
        try:
            text = file.read().decode("utf-8-sig") if file else ""
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is not UTF-8 text. Save it as such and try again.")) from None
        data["all"] = terms_in(f"{data.get('terms', '')}\n{text}")
        if not data["all"]:
            raise forms.ValidationError(_("Type at least one term, or choose a file that has some."))
        return data

    def save(self, commit: bool = True) -> VocabularyTerm:
        """Add all terms that are new; return one of them."""
        data = self.cleaned_data
        self.added = add_terms(data["all"], language=data["language"], tag=data["tag"])
        place = {"language": data["language"], "tag": data["tag"], "document": None}
        self.instance = VocabularyTerm.objects.filter(term=data["all"][0], **place)[0]
        return self.instance

    def save_m2m(self) -> None:
        """Do nothing: all is saved."""


class ReplaceForm(forms.Form):
    """One wording in the place of another."""

    PAGE, DOCUMENT, BATCH = "page", "document", "batch"

    find = forms.CharField(label=_("Find"), max_length=200, strip=False)
    put = forms.CharField(label=_("Replace with"), max_length=200, required=False, strip=False)
    scope = forms.ChoiceField(
        label=_("Where"),
        choices=[(PAGE, _("On this page")), (DOCUMENT, _("In this document")), (BATCH, _("In the whole batch"))],
        help_text=_("A batch: same collection, a tag in common, or uploaded together."),
    )
    whole_words = forms.BooleanField(label=_("Whole words"), required=False)
    match_case = forms.BooleanField(label=_("Capitals count"), required=False)

    def clean_put(self) -> str:
        """Return the new wording on one line, without characters that no text may hold."""
        return clean(self.cleaned_data["put"])
