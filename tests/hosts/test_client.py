from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from documents.hosts.client import ROOT, Host, HostAnswer, HostDied, HostTimeout, exit_reason

SERVICE = "tests.hosts.services"
PATIENCE = 30  # seconds; only a broken host ever waits this long


@pytest.fixture
def host() -> Iterator[Host]:
    host = make_host()
    yield host
    host.close()


def make_host(options: dict | None = None, **settings) -> Host:
    return Host(SERVICE, options or {}, name="test", start_seconds=PATIENCE, **settings)


def ask(host: Host, action: str, **more) -> dict:
    return host.ask({"do": action, **more}, seconds=PATIENCE)


def is_gone(pid: int) -> bool:
    """Whether the process ends within a moment; a zombie waiting for init counts as ended."""
    for _ in range(200):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_it_answers_with_its_options_at_hand():
    host = make_host({"engine": "é"})
    assert ask(host, "echo", text="line\nbreak ¬") == {
        "request": {"do": "echo", "text": "line\nbreak ¬"},
        "options": {"engine": "é"},
    }
    host.close()


def test_it_starts_with_the_first_request_and_stays_warm(host):
    assert not host.is_running and host.pid is None
    ask(host, "echo")
    first = host.pid
    ask(host, "echo")
    assert host.is_running and host.pid == first
    assert host.rss_mb > 0


def test_it_carries_messages_larger_than_a_pipe(host):
    text = "x" * 3_000_000
    assert ask(host, "echo", text=text)["request"]["text"] == text


def test_it_passes_on_what_the_service_raised_and_stays_warm(host):
    ask(host, "echo")
    first = host.pid
    with pytest.raises(HostAnswer) as caught:
        ask(host, "fail")
    assert (caught.value.kind, caught.value.message) == ("Refused", "this request is wrong")
    assert host.pid == first


def test_it_passes_on_why_the_service_would_not_open():
    host = make_host({"refuse": True})
    with pytest.raises(HostAnswer, match="not today") as caught:
        ask(host, "echo")
    assert caught.value.kind == "Refused"
    assert not host.is_running


def test_it_reports_a_child_that_dies_while_it_starts():
    with pytest.raises(HostDied) as caught:
        ask(make_host({"abort_at_start": True}), "echo")
    assert caught.value.reason == "killed by SIGABRT"


def test_it_names_the_signal_of_a_crash_and_works_again_with_a_new_child(host):
    ask(host, "echo")
    first = host.pid
    with pytest.raises(HostDied) as caught:
        ask(host, "abort")
    assert caught.value.reason == "killed by SIGABRT"
    assert "something broke" in caught.value.stderr
    assert ask(host, "echo")
    assert host.pid != first


def test_it_names_the_status_of_a_child_that_left(host):
    with pytest.raises(HostDied) as caught:
        ask(host, "leave")
    assert caught.value.reason == "exit status 3"


def test_it_starts_anew_when_the_child_was_killed_while_idle(host):
    ask(host, "echo")
    first = host.pid
    os.kill(first, signal.SIGKILL)
    assert is_gone(first)
    assert ask(host, "echo")
    assert host.pid != first


def test_it_kills_a_hanging_child_at_the_deadline(host):
    ask(host, "echo")
    pid = host.pid
    with pytest.raises(HostTimeout) as caught:
        host.ask({"do": "hang"}, seconds=0.2)
    assert caught.value.reason == "no answer within 0.2 seconds"
    assert is_gone(pid) and not host.is_running


def test_it_kills_grandchildren_too(host):
    grandchild = ask(host, "start_grandchild")["pid"]
    assert psutil.pid_exists(grandchild)
    with pytest.raises(HostTimeout):
        host.ask({"do": "hang"}, seconds=0.2)
    assert is_gone(grandchild)


def test_it_is_not_disturbed_by_what_is_printed_on_stdout(host):
    assert ask(host, "print_noise") == {"quiet": False}
    assert ask(host, "echo")["request"] == {"do": "echo"}


def test_it_leaves_no_child_that_owes_an_answer_when_a_time_limit_strikes(host):
    ask(host, "echo")
    pid = host.pid

    def strike(signum: int, frame: object) -> None:
        raise InterruptedError("the job's time is over")

    before = signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(InterruptedError):
            ask(host, "hang")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert is_gone(pid)
    assert ask(host, "echo")["request"] == {"do": "echo"}


def test_it_is_recycled_after_so_many_requests():
    host = make_host(recycle_after=2)
    ask(host, "echo")
    first = host.pid
    ask(host, "echo")
    assert not host.is_running
    ask(host, "echo")
    assert host.pid != first
    host.close()


def test_it_is_recycled_when_it_has_grown_too_large():
    host = make_host(max_rss_mb=100)
    ask(host, "echo")
    assert host.is_running
    ask(host, "swell", mb=150)
    assert not host.is_running


def test_its_child_dies_with_the_parent():
    script = (
        "import time; from tests.hosts.test_client import make_host, ask\n"
        "host = make_host(); ask(host, 'echo'); print(host.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.communicate()
    assert is_gone(child)


def test_its_child_leaves_after_a_while_without_work():
    host = make_host(idle_seconds=0.5)
    ask(host, "echo")
    pid = host.pid
    assert is_gone(pid)
    ask(host, "echo")
    assert host.pid != pid
    host.close()


def test_a_child_that_leaves_just_as_it_is_asked_is_replaced_at_once(monkeypatch):
    host = make_host(idle_seconds=0.5)
    ask(host, "echo")
    pid = host.pid
    assert is_gone(pid)
    started = Host._ensure_started
    skipped = []

    def late(self) -> None:  # as if the child had still been there a moment ago
        started(self) if skipped else skipped.append(True)

    monkeypatch.setattr(Host, "_ensure_started", late)
    assert ask(host, "echo", text="a")["request"]["text"] == "a"
    host.close()


def test_it_can_be_closed_twice(host):
    ask(host, "echo")
    pid = host.pid
    host.close()
    host.close()
    assert is_gone(pid)


def test_exit_reason_covers_signals_without_a_name():
    assert exit_reason(-signal.SIGSEGV) == "killed by SIGSEGV"
    assert exit_reason(-(signal.SIGRTMIN + 3)) == f"killed by signal {signal.SIGRTMIN + 3}"
