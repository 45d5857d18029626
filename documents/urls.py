"""The screens of the product."""

from django.urls import path

from documents.views import document, engines, healthz, library, page, searching, upload

urlpatterns = [
    path("", library.library, name="library"),
    path("upload/", upload.upload, name="upload"),
    path("search/", searching.search, name="search"),
    path("documents/<int:pk>/", document.document, name="document"),
    path("documents/<int:pk>/progress/", document.document_progress, name="document-progress"),
    path("documents/<int:pk>/edit/", document.document_edit, name="document-edit"),
    path("documents/<int:pk>/retry/", document.document_retry, name="document-retry"),
    path("documents/<int:pk>/cancel/", document.document_cancel, name="document-cancel"),
    path("documents/<int:pk>/original/", document.document_original, name="document-original"),
    path("documents/<int:pk>/text/", document.document_text, name="document-text"),
    path("pages/<int:pk>/", page.page, name="page"),
    path("pages/<int:pk>/status/", page.page_status, name="page-status"),
    path("pages/<int:pk>/save/", page.page_save, name="page-save"),
    path("pages/<int:pk>/approve/", page.page_approve, name="page-approve"),
    path("pages/<int:pk>/restore/<int:version>/", page.page_restore, name="page-restore"),
    path("pages/<int:pk>/again/", page.page_again, name="page-again"),
    path("pages/<int:pk>/picture/", page.page_picture, name="page-picture"),
    path("pages/<int:pk>/thumbnail/", page.thumbnail, name="thumbnail"),
    path("engines/", engines.engines, name="engines"),
    path("healthz", healthz.healthz, name="healthz"),
]
