"""Reading settings from the environment: every value has a type, and a wrong one fails with a sentence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def env_text(name: str, default: str = "") -> str:
    """Return the variable `name`, or the content of the file named by `NAME_FILE` (for secrets), or `default`."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as exc:
            raise ImproperlyConfigured(f"{name}_FILE={file} cannot be read: {exc.strerror}.") from exc
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    """Return the variable as a truth value. Raises ImproperlyConfigured on anything but true/false words."""
    value = env_text(name).lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value} is neither true nor false; use true or false.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """Return the variable as a whole number not below `least`. Raises ImproperlyConfigured otherwise."""
    value = env_text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name}={value} is not a whole number.") from exc
    if number < least:
        raise ImproperlyConfigured(f"{name}={value} is too small; the least is {least}.")
    return number


def env_list(name: str, default: list[str]) -> list[str]:
    """Return the comma-separated parts of the variable, or `default` when it is not set."""
    value = env_text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Return the variable, which must be one of `choices`. Raises ImproperlyConfigured naming them otherwise."""
    value = env_text(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value} is not known; use one of {', '.join(choices)}.")
    return value


def database_from(url: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL database at postgres://user:password@host:port/name.

    Raises ImproperlyConfigured for anything else.
    """
    try:
        database = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError as exc:
        raise ImproperlyConfigured("DATABASE_URL is no address like postgres://user:password@host/name") from exc
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres://; without it the database is SQLite.")
    # A lock or a transaction forgotten by a process that hangs must not stop all others. Compiling a query, or starting
    # other processes to help with it (12 ms), takes longer than any of ours.
    options = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s -c jit=off"
    options += " -c max_parallel_workers_per_gather=0"
    return {**database, "OPTIONS": {"options": options, **database.get("OPTIONS", {})}}


def secret_key(folder: Path) -> str:
    """Return SECRET_KEY, or the key kept in `folder`/secret_key, made once with mode 0600."""
    if key := env_text("SECRET_KEY"):
        return key
    path = folder / "secret_key"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        folder.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: two processes starting at once must end with the same key.
        aside = folder / f"secret_key.{os.getpid()}"
        aside.touch(mode=0o600)
        aside.write_text(get_random_secret_key())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        aside.unlink()
    return path.read_text().strip()
