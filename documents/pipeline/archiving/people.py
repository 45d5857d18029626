"""Users and groups: rows of an archive name them by their names, since other sites number them differently."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils.dateparse import parse_datetime

FACTS = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser")


def people() -> dict[str, list[dict[str, Any]]]:
    """Return all users and groups with their permissions, without passwords and tokens."""
    users = get_user_model().objects.prefetch_related("groups", "user_permissions__content_type").order_by("username")
    groups = Group.objects.prefetch_related("permissions__content_type").order_by("name")
    return {
        "groups": [{"name": group.name, "permissions": _names(group.permissions.all())} for group in groups],
        "users": [
            {name: getattr(user, name) for name in FACTS}
            | {"date_joined": user.date_joined.isoformat(), "groups": sorted(group.name for group in user.groups.all()),
               "permissions": _names(user.user_permissions.all())}
            for user in users
        ],
    }  # fmt: skip


def _names(permissions: Any) -> list[str]:
    return sorted(f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions)


def take_in(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Make the users and groups that are not here yet; those that are stay as they are. Return the new users' names.

    New users cannot sign in before they get a password.
    """
    known = Permission.objects.select_related("content_type")
    permissions = {_names([permission])[0]: permission for permission in known}
    for told in found["groups"]:
        group, is_new = Group.objects.get_or_create(name=told["name"])
        if is_new:
            group.permissions.set(permissions[name] for name in told["permissions"] if name in permissions)
    made = []
    for told in found["users"]:
        if get_user_model().objects.filter(username=told["username"]).exists():
            continue
        user = get_user_model()(**{name: told[name] for name in FACTS}, date_joined=parse_datetime(told["date_joined"]))
        user.set_unusable_password()
        user.save()
        user.groups.set(Group.objects.filter(name__in=told["groups"]))
        user.user_permissions.set(permissions[name] for name in told["permissions"] if name in permissions)
        made.append(user.get_username())
    return made
