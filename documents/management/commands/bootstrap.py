"""`manage.py bootstrap`: make the database, the static files and the first admin account."""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ocrsite.env import env_text

PASSWORD_BYTES = 12  # 96 random bits, 16 characters to type once


class Command(BaseCommand):
    help = "Bring the database and the static files up to date, and make the first admin account when there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_at_a_time():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            self.make_first_admin()

    def make_first_admin(self) -> None:
        """Make a superuser from ADMIN_USERNAME and ADMIN_PASSWORD unless there is one; print a password we made."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        name, given = env_text("ADMIN_USERNAME", "admin"), env_text("ADMIN_PASSWORD")
        if users.filter(username=name).exists():
            raise CommandError(f"{name} exists but is no admin; set ADMIN_USERNAME to a name that is not in use.")
        password = given or secrets.token_urlsafe(PASSWORD_BYTES)
        users.create_superuser(name, password=password)
        self.stdout.write(f"The admin account {name} was made.")
        if not given:
            self.stdout.write(f"Its password is {password} - it is shown only this once; please write it down.")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other bootstrap runs on this DATA_DIR: two migrations at once would both fail."""
    with (settings.DATA_DIR / "bootstrap.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
