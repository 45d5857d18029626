"""Collections: who may see, review and manage the documents in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from documents.models import Collection, CollectionRole, Role
from documents.search.query import with_field
from documents.views.access import get_collection, visible_collections


class CollectionForm(forms.ModelForm):
    """Name of a collection, and whether everybody may read it."""

    class Meta:
        model = Collection
        fields = ["name", "is_open", "needs_second_person"]


class RoleForm(forms.Form):
    """A role for a group or a person, as people type it: one of the two names."""

    who = forms.CharField(label=gettext_lazy("Group or user name"), max_length=150)
    role = forms.ChoiceField(label=gettext_lazy("May"), choices=Role.choices)

    def clean_who(self) -> Any:
        """Return the group or the user of that name."""
        name = self.cleaned_data["who"]
        found = (
            Group.objects.filter(name__iexact=name).first()
            or get_user_model().objects.filter(username__iexact=name, is_active=True).first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no group and no user of that name."))
        return found


def collections(request: HttpRequest) -> HttpResponse:
    """Show the collections that the user may see, and take a new one."""
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.instance.owner = request.user
        return redirect(form.save())
    listed = visible_collections(request.user).select_related("owner").annotate(count=Count("documents"))
    context = {"collections": listed, "form": form}
    return render(request, "documents/collections.html", context, status=422 if form.errors else 200)


def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a collection with its roles; its managers may change name and openness."""
    found = get_collection(request.user, pk, Role.MANAGER if request.method == "POST" else Role.READER)
    form = CollectionForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(found)
    return _shown(request, found, form, RoleForm())


def _shown(request: HttpRequest, found: Collection, form: CollectionForm, role_form: RoleForm) -> HttpResponse:
    context = {
        "collection": found,
        "form": form,
        "role_form": role_form,
        "roles": found.roles.select_related("group", "user"),
        "documents_url": f"{reverse('search')}?{urlencode({'q': with_field('', 'collection', found.name)})}",
        "may_manage": Collection.objects.for_role(request.user, Role.MANAGER).filter(pk=found.pk).exists(),
    }
    is_wrong = form.errors or role_form.errors
    return render(request, "documents/collection.html", context, status=422 if is_wrong else 200)


@require_POST
def collection_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a group or a person a role in the collection, in place of the one it has."""
    found = get_collection(request.user, pk, Role.MANAGER)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, CollectionForm(instance=found), form)
    who = form.cleaned_data["who"]
    holder = {"group": who} if isinstance(who, Group) else {"user": who}
    with transaction.atomic():
        CollectionRole.objects.update_or_create(
            collection=found, **holder, defaults={"role": form.cleaned_data["role"]}
        )
    return redirect(found)


@require_POST
def collection_role_remove(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Take a role away."""
    found = get_collection(request.user, pk, Role.MANAGER)
    found.roles.filter(pk=role).delete()
    return redirect(found)


@require_POST
def collection_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an empty collection: with documents in it, nobody could say who may see them afterwards."""
    found = get_collection(request.user, pk, Role.MANAGER)
    if found.documents.exists():
        messages.error(request, _("Move the documents out of this collection first; then it can be deleted."))
        return redirect(found)
    found.delete()
    messages.success(request, _("The collection is deleted."))
    return redirect("collections")
