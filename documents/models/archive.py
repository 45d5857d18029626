"""How the archive is ordered: types of documents, and collections with the people who work in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may do in a collection; each role may do what stands above it too."""

    READER = "reader", _("Reader: sees and searches")
    REVIEWER = "reviewer", _("Reviewer: edits and approves texts, has pages read again")
    MANAGER = "manager", _("Manager: changes titles, tags and roles, and deletes")


def roles_from(role: str) -> list[str]:
    """Return the roles that may do what `role` may."""
    return list(Role.values[Role.values.index(role) :])


class DocumentType(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("document type"), _("document types")

    def __str__(self) -> str:
        return self.name


class CollectionQuerySet(models.QuerySet):
    def for_role(self, user: Any, role: str) -> CollectionQuerySet:
        """Return the collections in which `user` may do what `role` may: his own, and those that let him."""
        if user.is_superuser:
            return self
        given = CollectionRole.objects.filter(
            Q(user_id=user.pk) | Q(group__in=Group.objects.filter(user=user.pk).values("pk")), role__in=roles_from(role)
        )
        theirs = Q(owner_id=user.pk) | Q(pk__in=given.values("collection"))
        return self.filter(theirs | Q(is_open=True) if role == Role.READER else theirs)


class Collection(models.Model):
    """Documents that belong together, and who may do what with them."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="collections", verbose_name=_("owner")
    )
    is_open = models.BooleanField(_("everybody may read it"), default=False)
    needs_second_person = models.BooleanField(_("a second person looks at every page"), default=False)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("collection"), _("collections")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.pk])


class CollectionRole(models.Model):
    """A role that a group or a person has in a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="roles", verbose_name=_("collection"))
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("group"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.READER)

    class Meta:
        ordering = ["collection", "pk"]
        verbose_name, verbose_name_plural = _("role"), _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=True, user__isnull=False) | Q(group__isnull=False, user__isnull=True),
                name="role_of_group_or_person",
            ),
            models.UniqueConstraint(fields=["collection", "group"], name="one_role_per_group"),
            models.UniqueConstraint(fields=["collection", "user"], name="one_role_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.group or self.user}: {self.get_role_display()}"
