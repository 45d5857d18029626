"""The tests' own world: a temporary DATA_DIR, never var/, and settings that make tests quick."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings

DATA_DIR = Path(tempfile.mkdtemp(prefix="ocrsite-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

# Before any settings are read. What a developer has exported for a site of their own must not reach the tests.
assert not django_settings.configured, "The settings were read too early; unset DJANGO_SETTINGS_MODULE."
FOREIGN = (
    "REDIS_URL", "CORRECTION_MODEL", "CORRECTION_SERVER_URL", "OCR_ENGINE", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS",
    "ADMIN_PASSWORD",
)  # fmt: skip
for name in FOREIGN:
    os.environ.pop(name, None)
os.environ.pop("DATABASE_URL", None)
if other_database := os.environ.get("TEST_DATABASE_URL"):  # see tests/search/test_postgres.py
    os.environ["DATABASE_URL"] = other_database
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ["DJANGO_SETTINGS_MODULE"] = "ocrsite.settings"
django.setup()
django_settings.STATIC_ROOT.mkdir()  # whitenoise warns when it is missing


def pytest_xdist_setupnodes() -> None:
    """Let each process of `pytest -n` begin as this one did, with a DATA_DIR of its own."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes a minute: at the end one process would work on it alone."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def quick_settings(settings):
    """Serve static files without a manifest, and hash passwords cheaply."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def alice(django_user_model):
    """A member of staff who uploads."""
    return django_user_model.objects.create_user("alice", password="alice")


@pytest.fixture
def bob(django_user_model):
    """Another member of staff, who must not see what alice keeps for herself."""
    return django_user_model.objects.create_user("bob", password="bob")


@pytest.fixture
def admin(django_user_model):
    """The superuser."""
    return django_user_model.objects.create_superuser("root", password="root")


@pytest.fixture
def as_admin(client, admin):
    """A browser in which the superuser is signed in."""
    client.force_login(admin)
    return client


@pytest.fixture
def full_window(monkeypatch):
    """Let no queue take jobs: there is no Redis, and dispatching leaves every page where it is."""
    monkeypatch.setattr("documents.queues.room", lambda queue: 0)
