"""The Django admin: everything there is, and the actions that set work going again."""

from __future__ import annotations

from typing import Any

import redis
from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_rq import models as rq_models
from django_rq.admin import QueueAdmin

from documents import states
from documents.forms import VocabularyForm
from documents.models import (
    ApiToken,
    Attempt,
    BulkChange,
    Collection,
    CollectionRole,
    Document,
    DocumentType,
    Edit,
    ExportJob,
    Heartbeat,
    LanguageModel,
    Page,
    PageText,
    Role,
    Tag,
    VocabularyTerm,
)
from documents.pipeline import dispatching, export_jobs, health, model_choice, model_tests, removing, tokens
from documents.pipeline.items import Item
from documents.pipeline.options import aspose_is_set_up

admin.site.site_header = admin.site.site_title = _("Lesesaal administration")


class ReadOnly(admin.ModelAdmin):
    """Rows that only the pipeline writes: an admin looks at them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VisibleOnly(admin.ModelAdmin):
    """Shows only what belongs to documents that the user may manage; `document_path` leads from the row to them."""

    document_path = "document__in"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{self.document_path: Document.objects.visible_to(request.user, Role.MANAGER)})


class WorkAgain(VisibleOnly):
    """The actions that documents and pages share."""

    actions = ("read_again", "correct_again")

    def pages_of(self, queryset: QuerySet) -> QuerySet:
        raise NotImplementedError

    @admin.action(description=_("Read again"), permissions=["change"])
    def read_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._again(request, queryset, states.READING)

    @admin.action(description=_("Correct again"), permissions=["change"])
    def correct_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._again(request, queryset, states.CORRECTING)

    def _again(self, request: HttpRequest, queryset: QuerySet, step: states.Step) -> None:
        count = states.again(self.pages_of(queryset), step)
        dispatching.dispatch()
        said = ngettext("%d page is in line again.", "%d pages are in line again.", count) % count
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)


@admin.register(Document)
class DocumentAdmin(WorkAgain):
    document_path = "pk__in"
    list_display = ("title", "kind", "page_count", "status", "lane", "owner", "created_at")
    list_filter = ("status", "kind", "lane", "handwritten", "tags")
    search_fields = ("title", "original_name", "sha256")
    date_hierarchy = "created_at"
    autocomplete_fields = ("tags",)
    list_select_related = ("owner",)
    fields = (
        "title", "tags", "document_type", "collection",
        "engine", "mode", "language", "handwritten", "read_picture", "preparation",
        "aspose_area_mode", "aspose_language_level", "aspose_filters", "lane",
        "open_in_product", "owner", "scope", "status", "page_count",
        "original_name", "kind", "size", "sha256", "original", "created_at", "finished_at",
    )  # fmt: skip
    readonly_fields = fields[14:]
    actions = (*WorkAgain.actions, "export")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        wanted = super().get_fields(request, obj)
        return [name for name in wanted if aspose_is_set_up() or not name.startswith("aspose_")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # documents come in by uploading

    def pages_of(self, queryset: QuerySet) -> QuerySet:
        return Page.objects.filter(document__in=queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        # Nobody may delete a lone page, but with its document it goes.
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking - {Page._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        removing.remove_documents(Document.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        removing.remove_documents(queryset)

    @admin.display(description=_("in the product"))
    def open_in_product(self, document: Document) -> str:
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), document.title)

    @admin.action(description=_("Export the current text (ZIP)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        items = [Item(pk) for pk in queryset.values_list("pk", flat=True)]
        export_jobs.start(request.user, _("Texts of %(count)d documents") % {"count": len(items)}, items, ["txt"])
        return redirect("exports")


@admin.register(Page)
class PageAdmin(WorkAgain):
    list_display = ("document", "number", "status", "attempts", "language", "approved_by", "changed_at")
    list_filter = ("status", "language")
    search_fields = ("document__title", "problem")
    list_select_related = ("document", "approved_by")
    show_full_result_count = False
    fields = readonly_fields = (
        "document", "number", "status", "problem", "crash_reason", "attempts", "revision", "lease_until", "queued_at",
        "next_try_at", "language", "options", "coach", "width", "height", "dpi", "approved_by", "approved_at",
        "changed_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a lone page would leave a hole; with its document it goes

    def pages_of(self, queryset: QuerySet) -> QuerySet:
        return queryset


@admin.register(PageText)
class PageTextAdmin(ReadOnly, VisibleOnly):
    document_path = "page__document__in"
    list_display = ("page", "version", "layer", "made_by", "author", "confidence", "seconds", "created_at")
    list_filter = ("layer",)
    search_fields = ("page__document__title", "made_by")
    list_select_related = ("page__document", "author")
    show_full_result_count = False
    exclude = ("lines",)


@admin.register(Edit)
class EditAdmin(ReadOnly, VisibleOnly):
    document_path = "text__page__document__in"
    list_display = ("before", "after", "state", "rule", "margin", "text")
    list_filter = ("state", "rule")
    search_fields = ("before", "after")
    list_select_related = ("text",)
    show_full_result_count = False


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, VisibleOnly):
    document_path = "page__document__in"
    list_display = ("page", "step", "number", "outcome", "started_at", "ended_at", "reason")
    list_filter = ("step", "outcome")
    list_select_related = ("page__document",)
    show_full_result_count = False


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("name", "beat_at", "problem", "retry_at")


@admin.register(Tag, DocumentType)
class TagAdmin(admin.ModelAdmin):
    search_fields = ("name",)


class RoleInline(admin.TabularInline):
    model = CollectionRole
    extra = 1


@admin.register(Collection)
class CollectionAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "is_open")
    search_fields = ("name",)
    inlines = (RoleInline,)


@admin.register(BulkChange)
class BulkChangeAdmin(ReadOnly):
    list_display = ("action", "argument", "owner", "done", "total", "state", "created_at")
    list_filter = ("state", "action")
    exclude = ("document_ids",)


class SuperusersOnly(admin.ModelAdmin):
    """Rows through which one could act for another person, or see what he sees."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = (
        lambda self, request, obj=None: request.user.is_superuser
    )


@admin.register(ApiToken)
class ApiTokenAdmin(SuperusersOnly):
    list_display = ("name", "owner", "created_at", "used_at")
    fields = ("owner", "name")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a token for somebody else is another token

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        key = tokens.make_token(obj.owner, obj.name, into=obj)
        self.message_user(request, _("The token is %(key)s; it is not shown again.") % {"key": key}, messages.WARNING)


@admin.register(ExportJob)
class ExportJobAdmin(SuperusersOnly, ReadOnly):
    list_display = ("title", "owner", "state", "pages_done", "pages_total", "created_at", "expires_at")
    list_filter = ("state",)

    def delete_model(self, request: HttpRequest, obj: ExportJob) -> None:
        export_jobs.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for job in queryset:
            export_jobs.remove(job)


@admin.register(VocabularyTerm)
class VocabularyTermAdmin(admin.ModelAdmin):
    """The house's words; new ones come as a list, typed or in a text file."""

    list_display = ("term", "language", "tag", "document")
    list_filter = ("language", "tag")
    search_fields = ("term",)
    list_select_related = ("tag", "document")
    fields = ("term", "language", "tag")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        terms = super().get_queryset(request)
        if request.user.is_superuser:
            return terms
        return terms.filter(Q(document=None) | Q(document__in=Document.objects.visible_to(request.user)))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **kwargs) if obj else VocabularyForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("terms", "file", "language", "tag")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)


@admin.register(LanguageModel)
class LanguageModelAdmin(admin.ModelAdmin):
    """Which model corrects: for superusers alone, since a server gets every page's text."""

    list_display = ("__str__", "source", "is_active", "state", "last_test")
    actions = ("use_it", "leave_it_to_the_settings", "test_it")
    fields = ("source", "repository", "quantization", "path", "url", "server_model")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = (
        lambda self, request, obj=None: request.user.is_superuser
    )

    def save_model(self, request: HttpRequest, obj: LanguageModel, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        health.model_changed()

    @admin.display(description=_("state"))
    def state(self, model: LanguageModel) -> str:
        return model_choice.state(model)

    @admin.display(description=_("last test"))
    def last_test(self, model: LanguageModel) -> str:
        return model_tests.summary(model)

    @admin.action(description=_("Correct with this model"))
    def use_it(self, request: HttpRequest, queryset: QuerySet) -> None:
        if queryset.count() != 1:
            self.message_user(request, _("Choose one model."), messages.WARNING)
            return
        self._use(request, queryset.get())

    @admin.action(description=_("Correct with the model that the settings name"))
    def leave_it_to_the_settings(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._use(request, None)

    def _use(self, request: HttpRequest, model: LanguageModel | None) -> None:
        model_choice.use(model)
        health.model_changed()
        dispatching.dispatch()
        name = str(model) if model else model_choice.label_of_settings()
        self.message_user(request, _("From the next page on, %(name)s corrects.") % {"name": name}, messages.SUCCESS)

    @admin.action(description=_("Test on a sample"))
    def test_it(self, request: HttpRequest, queryset: QuerySet) -> None:
        try:
            for model in queryset:
                model_tests.begin(model)
        except redis.RedisError:
            said = _("The job queue does not answer, so nothing can be tried now. Try again in a minute.")
            self.message_user(request, said, messages.ERROR)
        else:
            self.message_user(request, _("The test runs; load this page again in a minute."), messages.SUCCESS)


class QueuesAdmin(QueueAdmin):
    """RQ's own pages, which show arguments and can start jobs: for superusers alone. Their scripts are inline."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        for url in urls:
            url.callback = _superusers_only(url.callback)
        return urls


def _superusers_only(view):
    @csp_update({"script-src": [UNSAFE_INLINE], "style-src": [UNSAFE_INLINE]})
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


if settings.RQ_SHOW_ADMIN_LINK:
    admin.site.unregister(rq_models.Dashboard)
    admin.site.register(rq_models.Dashboard, QueuesAdmin)
