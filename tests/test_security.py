"""What protects the site: content policy, cookies, login throttling, and settings that fail with a sentence."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from ocrsite import env
from tests.scenes import make_read_page

# A script of the type application/json is data, which no browser runs.
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(\ssrc=|\stype=\"application/json\"))", re.IGNORECASE
)


@pytest.fixture
def screens(alice) -> list[str]:
    """The addresses of all screens of the product, with something to see on each."""
    page = make_read_page(alice, "Hello")
    search = reverse("search") + "?q=hello"
    return [reverse("library"), reverse("upload"), search, page.document.get_absolute_url(), page.get_absolute_url()]


def policy(answer) -> dict[str, list[str]]:
    """Return the answer's content policy, by directive."""
    parts = (directive.split() for directive in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def test_it_lets_browsers_run_only_scripts_of_its_own(client, alice, screens):
    client.force_login(alice)
    for url in screens:
        rules = policy(client.get(url))
        assert rules["default-src"] == ["'none'"]
        assert rules["script-src"] == rules["style-src"] == ["'self'"]
        assert rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]


def test_it_has_nothing_inline_that_the_policy_would_forbid(client, alice, screens):
    client.force_login(alice)
    for url in screens:
        assert not INLINE.search(client.get(url).text), url


@pytest.mark.parametrize("name", ["admin:index", "admin:documents_document_changelist", "admin:login"])
def test_it_is_as_strict_in_the_admin(client, admin, name):
    client.force_login(admin)
    answer = client.get(reverse(name))
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/accounts/login/", "/nowhere/", "/healthz"])
def test_it_protects_answers_to_strangers_too(client, url):
    answer = client.get(url)
    assert policy(answer)["script-src"] == ["'self'"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_it_keeps_its_cookies_from_scripts_and_other_sites(client, alice):
    sign_in(client, "alice")
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_it_takes_no_form_from_another_site(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post(reverse("upload"))
    assert answer.status_code == 403
    assert "load the page again" in answer.text


@pytest.mark.django_db
def test_it_answers_only_to_its_own_names(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


# Signing in


def sign_in(client, name: str, password: str | None = None):
    return client.post(reverse("login"), {"username": name, "password": password or name})


def fail_to_sign_in(client, name: str, times: int) -> None:
    for _ in range(times):
        sign_in(client, name, "wrong")


def test_it_locks_a_name_after_five_wrong_passwords(client, alice):
    fail_to_sign_in(client, "alice", 4)
    answer = sign_in(client, "alice", "wrong")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    sign_in(client, "alice")
    assert "_auth_user_id" not in client.session


def test_it_locks_the_way_through_the_admin_too(client, admin):
    fail_to_sign_in(client, "root", 5)
    client.post(reverse("admin:login"), {"username": "root", "password": "root"})
    assert "_auth_user_id" not in client.session


def test_it_locks_nobody_else_out(client, alice, bob):
    fail_to_sign_in(client, "alice", 5)
    assert sign_in(client, "bob").status_code == 302


def test_it_forgets_wrong_passwords_once_the_right_one_came(client, alice):
    for _ in range(2):
        fail_to_sign_in(client, "alice", 4)
        assert sign_in(client, "alice").status_code == 302
        client.logout()


def test_it_leads_back_to_what_was_asked_for_but_never_to_another_site(client, alice):
    form = {"username": "alice", "password": "alice"}
    assert client.post(reverse("login") + "?next=/search/", form)["Location"] == "/search/"
    client.logout()
    assert client.post(reverse("login"), form | {"next": "https://evil.example/"})["Location"] == reverse("library")


# Settings


READ_SETTINGS = """
import json
from ocrsite import settings
names = ("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "RQ_QUEUES")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def read_settings(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, with these variables and no others."""
    given = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)} | variables
    return subprocess.run(
        [sys.executable, "-c", READ_SETTINGS], cwd=site.BASE_DIR, env=given, capture_output=True, text=True, check=False
    )


def test_it_is_closed_by_default(tmp_path):
    found = json.loads(read_settings(tmp_path).stdout)
    assert found["DEBUG"] is False
    assert {queue["SERIALIZER"] for queue in found["RQ_QUEUES"].values()} == {"rq.serializers.JSONSerializer"}
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_it_sends_cookies_over_https_alone_where_there_is_https(tmp_path):
    found = json.loads(read_settings(tmp_path, HTTPS="true").stdout)
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("READING_MODE", "bestest", "READING_MODE=bestest is not known; use one of fast, balanced, best."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL=loud is not known; use one of debug, info, warning, error, critical."),
    ],
)
def test_it_does_not_start_with_a_wrong_setting(tmp_path, name, value, sentence):
    answer = read_settings(tmp_path, **{name: value})
    assert answer.returncode != 0
    assert sentence in answer.stderr


def test_it_does_not_start_with_an_empty_key(tmp_path):
    (tmp_path / "secret_key").touch()
    assert "delete it, and a new key is made" in read_settings(tmp_path).stderr


def test_it_makes_the_secret_key_once(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    folder = tmp_path / "new"
    first = env.secret_key(folder)
    assert len(first) >= 50
    assert env.secret_key(folder) == first
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_it_makes_a_key_of_its_own_for_every_site(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert env.secret_key(tmp_path / "one") != env.secret_key(tmp_path / "two")


def test_it_takes_the_key_of_the_process_that_was_faster(tmp_path, monkeypatch):
    def overtaken(source, target):
        target.write_text("the other's key")
        raise FileExistsError

    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setattr(os, "link", overtaken)
    assert env.secret_key(tmp_path) == "the other's key"


def test_it_prefers_the_key_that_it_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert env.secret_key(tmp_path) == "given"
    assert not any(tmp_path.iterdir())


def test_it_reads_secrets_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "password").write_text("secret\n")
    monkeypatch.setenv("TRIAL_FILE", str(tmp_path / "password"))
    assert env.env_text("TRIAL") == "secret"


def test_it_says_which_secret_file_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIAL_FILE", str(tmp_path / "password"))
    with pytest.raises(ImproperlyConfigured, match=r"TRIAL_FILE=.*password cannot be read: No such file"):
        env.env_text("TRIAL")


@pytest.mark.parametrize(("value", "text"), [(None, "default"), ("", "default"), (" a ", "a")])
def test_it_reads_texts(monkeypatch, value, text):
    set_or_not(monkeypatch, value)
    assert env.env_text("TRIAL", "default") == text


@pytest.mark.parametrize(("value", "truth"), [(None, True), ("", True), ("no", False), ("OFF", False), ("1", True)])
def test_it_reads_truth_values(monkeypatch, value, truth):
    set_or_not(monkeypatch, value)
    assert env.env_bool("TRIAL", True) is truth


@pytest.mark.parametrize(("value", "number"), [(None, 7), ("", 7), ("12", 12), (" 0 ", 0)])
def test_it_reads_numbers(monkeypatch, value, number):
    set_or_not(monkeypatch, value)
    assert env.env_int("TRIAL", 7) == number


@pytest.mark.parametrize(("value", "parts"), [(None, ["x"]), ("", ["x"]), ("a, b,,", ["a", "b"])])
def test_it_reads_lists(monkeypatch, value, parts):
    set_or_not(monkeypatch, value)
    assert env.env_list("TRIAL", ["x"]) == parts


@pytest.mark.parametrize(("value", "choice"), [(None, "a"), ("B", "b")])
def test_it_reads_choices(monkeypatch, value, choice):
    set_or_not(monkeypatch, value)
    assert env.env_choice("TRIAL", ("a", "b"), "a") == choice


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (lambda: env.env_bool("TRIAL", True), "maybe", "TRIAL=maybe is neither true nor false; use true or false."),
        (lambda: env.env_int("TRIAL", 1), "1.5", "TRIAL=1.5 is not a whole number."),
        (lambda: env.env_int("TRIAL", 1, least=1), "0", "TRIAL=0 is too small; the least is 1."),
        (lambda: env.env_choice("TRIAL", ("a", "b"), "a"), "c", "TRIAL=c is not known; use one of a, b."),
    ],
    ids=["truth", "number", "least", "choice"],
)
def test_it_says_what_is_wrong_with_a_value(monkeypatch, read, value, sentence):
    monkeypatch.setenv("TRIAL", value)
    with pytest.raises(ImproperlyConfigured) as wrong:
        read()
    assert str(wrong.value) == sentence


def set_or_not(monkeypatch, value: str | None) -> None:
    monkeypatch.delenv("TRIAL", raising=False)
    if value is not None:
        monkeypatch.setenv("TRIAL", value)


def test_it_takes_a_postgresql_database_by_its_address():
    database = env.database_from("postgres://me:word@%2Frun%2Fpg/archive")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["HOST"]) == ("archive", "me", "/run/pg")
    options = database["OPTIONS"]["options"]
    assert "lock_timeout" in options
    assert "max_parallel_workers_per_gather=0" in options


@pytest.mark.parametrize("address", ["mysql://me@host/archive", "nonsense", "sqlite:///x.db"])
def test_it_takes_no_other_database(address):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database_from(address)
