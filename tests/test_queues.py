"""Queues: what goes into a real Redis, and what a worker refuses to take out of it."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest
import redis
from rq import Queue
from rq.serializers import DefaultSerializer, JSONSerializer

from documents import jobs, queues


@pytest.fixture
def server(tmp_path_factory, settings):
    """A Redis of this test's own; the doorbell rings there."""
    program = shutil.which("redis-server")
    assert program, "redis-server is missing; make test installs it"
    path = tmp_path_factory.mktemp("r") / "s"
    options = {"port": "0", "unixsocket": str(path), "save": "", "appendonly": "no", "dir": str(path.parent)}
    command = [program, *(part for name, value in options.items() for part in (f"--{name}", value))]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    settings.REDIS_URL = f"unix://{path}?db=0"
    queues.doorbell.cache_clear()
    while not path.exists():
        time.sleep(0.01)
    yield process
    process.kill()
    process.wait()
    queues.doorbell.cache_clear()


@pytest.fixture
def done(monkeypatch) -> list[tuple]:
    """Stand in for the job itself; return what it was called with."""
    calls: list[tuple] = []
    monkeypatch.setattr(jobs, "read_page", lambda *args: calls.append(args))
    return calls


def work() -> None:
    """Run a worker until its queue is empty."""
    queue = queues._queue(queues.INTERACTIVE)
    queues.PageWorker([queue], connection=queues.doorbell(), serializer=JSONSerializer).work(burst=True)


def test_a_message_holds_ids_only_and_a_worker_does_it(server, done):
    queues.ring(queues.INTERACTIVE, "read", 7, 1, 3)
    assert queues.known_job_ids() == {"p7-r1-d3"}
    assert queues.room(queues.INTERACTIVE) == queues.WINDOW - 1
    work()
    assert done == [(7, 1)]
    assert queues.room(queues.INTERACTIVE) == queues.WINDOW


@pytest.mark.parametrize("poison", ["os.getcwd", "subprocess.call", "documents.states.cancel", "no.such.thing"])
def test_a_message_for_anything_else_is_refused_and_the_worker_lives(server, done, poison):
    Queue(queues.INTERACTIVE, connection=queues.doorbell(), serializer=JSONSerializer).enqueue(poison)
    queues.ring(queues.INTERACTIVE, "read", 7, 1, 1)
    work()
    assert done == [(7, 1)]


def test_a_pickled_message_is_not_unpickled(server, done, tmp_path):
    queue = Queue(queues.INTERACTIVE, connection=queues.doorbell(), serializer=DefaultSerializer)
    queue.enqueue("pathlib.Path.touch", tmp_path / "marker")
    queues.ring(queues.INTERACTIVE, "read", 7, 1, 1)
    work()
    assert not (tmp_path / "marker").exists()
    assert done == [(7, 1)]


def test_a_redis_that_is_gone_has_no_room_and_says_so_at_once(server):
    server.kill()
    server.wait()
    assert queues.room(queues.INTERACTIVE) == 0
    with pytest.raises(redis.RedisError):
        queues.known_job_ids()
