"""Setting up and serving, as far as it can be told without starting anything; tests/browser starts the real site."""

from __future__ import annotations

import configparser
import io
import os
import shlex
import socket
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from documents import serving
from documents.management.commands.bootstrap import Command as Bootstrap
from ocrsite.sockets import private_folder, socket_path


@pytest.fixture
def places(settings, tmp_path) -> serving.Places:
    settings.DATA_DIR = tmp_path
    settings.REDIS_SOCKET = tmp_path / "redis" / "redis.sock"
    return serving.prepare_places()


def config_of(places: serving.Places, redis: serving.Program | None = None) -> configparser.RawConfigParser:
    config = configparser.RawConfigParser()
    config.read_string(serving.config_text(places, serving.site_programs(places), redis))
    return config


def make_first_admin() -> str:
    said = io.StringIO()
    Bootstrap(stdout=said).make_first_admin()
    return said.getvalue()


# --- the configuration for supervisord --------------------------------------------------------------------------


def test_every_worker_listens_to_one_queue_only(places):
    workers = [p for p in serving.site_programs(places) if "rqworker" in p.command]
    queues = [[part for part in p.command[p.command.index("rqworker") + 1 :] if part[0] != "-"] for p in workers]
    assert queues == [["look"], ["interactive"], ["bulk"], ["correct"], ["export"]]


def test_more_bulk_workers_get_names_of_their_own(places, settings):
    settings.BULK_WORKERS = 2
    names = [program.name for program in serving.site_programs(places)]
    workers = ["worker-look", "worker-interactive", "worker-bulk-1", "worker-bulk-2", "worker-correct", "worker-export"]
    assert names == ["web", *workers, "sweeper"]


def test_every_program_is_started_again_and_dies_with_supervisord(places):
    config = config_of(places)
    sections = [config[name] for name in config.sections() if name.startswith("program:")]
    assert len(sections) == 7
    for section in sections:
        assert section["autorestart"] == "true"
        assert section["command"].startswith("setpriv --pdeathsig TERM ")


def test_redis_stops_after_all_others(places):
    config = config_of(places, serving.Program("redis", ("redis-server",)))
    assert "redis" not in config["group:site"]["programs"].split(",")
    assert config.getint("program:redis", "priority") < config.getint("group:site", "priority")


def test_our_redis_has_no_network_port_and_forgets_nothing(places):
    command = shlex.join(serving.redis_program().command)
    assert "--port 0" in command
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_supervisord_can_be_reached_only_through_its_socket(places):
    config = config_of(places)
    assert "inet_http_server" not in config
    assert config["unix_http_server"]["chmod"] == "0700"


def test_a_percent_sign_in_a_path_survives_supervisord(places):
    strange = serving.Places(Path("/data/50%/run"), Path("/data/50%/logs"), Path("/data/50%/run/s.sock"))
    assert config_of(strange)["program:web"]["stdout_logfile"] == "/data/50%%/logs/web.log"


# --- what must hold before a start ------------------------------------------------------------------------------


def test_a_port_in_use_is_named_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(serving.CannotServe, match=rf"127.0.0.1:{port} .* PORT={port + 1}"):
            serving.check_port("127.0.0.1", port)


def test_a_second_site_on_the_same_data_is_refused(places):
    with serving.take_lock(places), pytest.raises(serving.CannotServe, match="already running on"):
        serving.take_lock(places)


def test_the_lock_is_free_again_after_the_first_site(places):
    serving.take_lock(places).close()
    serving.take_lock(places).close()


def test_a_missing_redis_is_told_with_what_to_type(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(serving.CannotServe, match="apt-get install redis-server"):
        serving.redis_program()


def test_serve_ends_with_the_sentence_instead_of_a_traceback(places, settings):
    with serving.take_lock(places), pytest.raises(CommandError, match="already running"):
        call_command("serve")


def test_a_socket_path_that_the_kernel_cannot_take_is_replaced_by_a_short_one():
    long = Path("/srv") / ("x" * 100) / "redis.sock"
    assert socket_path(Path("/srv/redis.sock")) == Path("/srv/redis.sock")
    assert socket_path(long) == socket_path(long)
    assert len(str(socket_path(long))) < 60
    assert socket_path(long) != socket_path(long.parent / "other" / "redis.sock")


def test_a_private_folder_is_closed_to_others(tmp_path):
    folder = private_folder(tmp_path / "run")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_private_folder_is_not_taken_over_from_somebody_else(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="belongs to another user"):
        private_folder(tmp_path)


def test_the_site_is_asked_for_on_this_machine_when_it_listens_everywhere():
    assert serving.local_host("0.0.0.0") == "127.0.0.1"
    assert serving.address(serving.local_host("::"), 8000) == "[::1]:8000"


def test_only_the_end_of_a_log_is_shown(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("".join(f"line {n}\n" for n in range(100)))
    assert serving.last_lines(log, 2) == "line 98\nline 99"
    assert serving.last_lines(tmp_path / "none.log") == ""


# --- the first admin --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_made_password_is_printed_once_and_works(monkeypatch):
    monkeypatch.delenv("ADMIN_USERNAME", raising=False)
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    said = make_first_admin()
    password = said.split("Its password is ")[1].split()[0]
    assert get_user_model().objects.get(username="admin", is_superuser=True).check_password(password)
    assert make_first_admin() == ""


@pytest.mark.django_db
def test_a_given_password_is_used_and_never_printed(monkeypatch):
    monkeypatch.setenv("ADMIN_USERNAME", "ruth")
    monkeypatch.setenv("ADMIN_PASSWORD", "correct horse battery")
    assert "correct horse" not in make_first_admin()
    assert get_user_model().objects.get(username="ruth", is_superuser=True).check_password("correct horse battery")


@pytest.mark.django_db
def test_a_member_of_staff_is_not_made_admin_by_a_setting(monkeypatch):
    get_user_model().objects.create_user("ruth")
    monkeypatch.setenv("ADMIN_USERNAME", "ruth")
    with pytest.raises(CommandError, match="ruth exists but is no admin"):
        make_first_admin()
