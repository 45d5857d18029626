"""Documents and their pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.ocr.aspose_options import AREA_MODES, LANGUAGE_LEVELS

from .archive import Collection, DocumentType, Role
from .batches import Batch
from .choices import OPEN, UNREAD, DocumentStatus, Lane, PageStatus, ReadingMode
from .validators import validate_aspose_filters, validate_preparation


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("tag"), _("tags")

    def __str__(self) -> str:
        return self.name


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user: Any, role: str = Role.READER) -> DocumentQuerySet:
        """Return the documents with which `user` may do what `role` may: by default, those that he may see.

        These are his own, the shared ones outside of collections, and those of collections that give him the role;
        for superusers all. Bins of removed pages are nobody's.
        """
        # Said in the negative: where the newest fifty are asked for, SQLite would else gather nearly all documents from
        # the indexes on bin, owner and collection, and sort them.
        no_bins = self.exclude(bin_of__isnull=False)
        if user.is_superuser:
            return no_bins
        collections = Collection.objects.for_role(user, role).values("pk")
        shared = Q(collection=None) | Q(collection__in=collections)
        return no_bins.exclude(~(Q(owner_id=user.pk) | Q(scope="") & shared))

    def contain(self, document_id: str) -> models.Exists:
        """Return the condition that the document whose id is in that field is one of these.

        Asked row by row: a list of all documents that somebody may see takes SQLite 100 ms if there are 200,000.
        """
        return models.Exists(self.order_by().filter(pk=models.OuterRef(document_id)))

    def with_progress(self) -> DocumentQuerySet:
        """Annotate pages_read, pages_settled, pages_failed and pages_pending_correction (one grouped join)."""
        return self.annotate(
            pages_read=Count("pages", filter=~Q(pages__status__in=UNREAD)),
            pages_settled=Count("pages", filter=~Q(pages__status__in=OPEN)),
            pages_failed=Count("pages", filter=Q(pages__status=PageStatus.QUARANTINED)),
            pages_pending_correction=Count("pages", filter=Q(pages__status=PageStatus.CORRECTION_PENDING)),
        )


class Document(models.Model):
    """One uploaded file. `scope` is "" when everybody may see it, else the owner's id: the same file may lie
    once in every scope, and nobody learns of a copy that he may not see."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents", verbose_name=_("uploaded by")
    )
    title = models.CharField(_("title"), max_length=200)
    original_name = models.CharField(_("file name"), max_length=200)
    original = models.CharField(_("stored file"), max_length=200, help_text=_("Name in the file storage."))
    kind = models.CharField(_("type"), max_length=10)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    scope = models.CharField(_("visible to"), max_length=20, blank=True, help_text=_("Empty: everybody."))
    handwritten = models.BooleanField(_("handwritten"), default=False)
    language = models.CharField(_("language hint"), max_length=8, blank=True, help_text=_("Empty: automatic."))
    engine = models.CharField(_("OCR engine"), max_length=20, blank=True, help_text=_("Empty: the best there is."))
    mode = models.CharField(_("mode"), max_length=10, choices=ReadingMode.choices, blank=True)
    read_picture = models.BooleanField(
        _("read the picture anyway"), default=False, help_text=_("Even where the PDF brings its own text.")
    )
    preparation = models.CharField(
        _("preparation"), max_length=100, blank=True, validators=[validate_preparation],
        help_text=_("Empty: what the picture needs. Else none, or steps between commas."),
    )  # fmt: skip
    aspose_area_mode = models.CharField(
        _("Aspose.OCR: area mode"), max_length=20, blank=True, choices=[(name, name) for name in AREA_MODES]
    )
    aspose_language_level = models.CharField(
        _("Aspose.OCR: language level"), max_length=20, blank=True, choices=[(name, name) for name in LANGUAGE_LEVELS]
    )
    aspose_filters = models.CharField(
        _("Aspose.OCR: filters"), max_length=200, blank=True, validators=[validate_aspose_filters],
        help_text=_("Between commas, in this order."),
    )  # fmt: skip
    tags = models.ManyToManyField(Tag, related_name="documents", verbose_name=_("tags"), blank=True)
    document_type = models.ForeignKey(
        DocumentType, models.SET_NULL, null=True, blank=True, related_name="documents", verbose_name=_("document type")
    )
    collection = models.ForeignKey(
        Collection, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("collection")
    )
    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, blank=True, related_name="documents", verbose_name=_("batch")
    )
    lane = models.CharField(_("lane"), max_length=12, choices=Lane.choices, default=Lane.INTERACTIVE)
    status = models.CharField(
        _("status"), max_length=20, choices=DocumentStatus.choices, default=DocumentStatus.PROCESSING
    )
    page_count = models.PositiveIntegerField(_("pages"))
    bin_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="bins", verbose_name=_("bin of"),
        help_text=_("Holds the removed pages of that document; shown nowhere."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("document"), _("documents")
        constraints = [models.UniqueConstraint(fields=["sha256", "scope"], name="one_file_per_scope")]
        # The newest of all, or of one status, person or collection: else all of its documents would be sorted for
        # fifty. With all that tells who may see one, and the type that searches often name: turning to page 100 would
        # else read five thousand rows.
        indexes = [
            models.Index(
                fields=[*first, "-created_at", "-id", "scope", *others, "bin_of", "document_type"],
                name=f"document_{name}",
            )
            for first, others, name in (
                ([], ["owner", "collection"], "newest"),
                (["status"], ["owner", "collection"], "status_newest"),
                (["owner"], ["collection"], "owner_newest"),
                (["collection"], ["owner"], "collection_newest"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Whether no page of it has work left."""
        return self.status != DocumentStatus.PROCESSING


class Page(models.Model):
    """One page of a document: its picture, where it stands, and which text is the current one.

    `attempts` counts tries at the present step and is raised before the work begins; `revision` is raised when
    the page is to be done again, and results of an older revision are thrown away.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages", verbose_name=_("document"))
    number = models.PositiveIntegerField(_("page number"))
    status = models.CharField(_("status"), max_length=20, choices=PageStatus.choices, default=PageStatus.PENDING)
    problem = models.TextField(_("problem"), blank=True, help_text=_("Shown to staff."))
    crash_reason = models.TextField(_("crash reason"), blank=True, help_text=_("For the admin: what died and how."))

    revision = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    dispatches = models.PositiveIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=120, blank=True, help_text=_("Machine, process and its start."))
    queued_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

    picture = models.CharField(max_length=200, blank=True, help_text=_("Name in the file storage."))
    thumbnail = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width in pixels"), default=0)
    height = models.PositiveIntegerField(_("height in pixels"), default=0)
    dpi = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    languages = models.CharField(
        _("languages"), max_length=100, blank=True, help_text=_("Of all its lines, between commas: ,en,fr,")
    )
    options = models.JSONField(
        _("own options"), default=dict, blank=True, help_text=_("What this page is read with, unlike its document.")
    )
    coach = models.JSONField(
        _("scan findings"), default=list, blank=True, help_text=_("Codes of documents.pipeline.coach.")
    )

    current = models.ForeignKey("PageText", models.SET_NULL, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["document", "number"]
        verbose_name, verbose_name_plural = _("page"), _("pages")
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_page_per_number")]
        indexes = [
            # The dispatcher and the sweeper look only for open pages, a sliver of a big archive. Not a partial index:
            # SQLite cannot use one when the status is a parameter.
            models.Index(fields=["status", "next_try_at"], name="page_open"),
            models.Index(fields=["document", "status"], name="page_document_status"),
            # Of some thousand documents the pages in one language are found without reading the pages.
            models.Index(fields=["document", "languages", "language"], name="page_languages"),
        ]

    def __str__(self) -> str:
        return _("%(title)s, page %(number)d") % {"title": self.document.title, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.pk])

    @property
    def picture_url(self) -> str:
        """The address of its picture: another one as soon as it is drawn anew or turned, so browsers may keep it."""
        return f"{reverse('page-picture', args=[self.pk])}?{quote(self.picture)}"

    @property
    def thumbnail_url(self) -> str:
        """The address of its small picture, likewise."""
        return f"{reverse('thumbnail', args=[self.pk])}?{quote(self.thumbnail)}"

    @property
    def is_settled(self) -> bool:
        """Whether no job has anything to do with it now."""
        return self.status not in OPEN
