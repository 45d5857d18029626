"""Asking the site for its screens, and how long each takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import close_old_connections, connection
from django.test import Client

from bench.measures import percentile

WARM_UPS = 3  # templates are read once in a process, not once per request
Address = Callable[[], str]
HEADER = ["screen", "p50 ms", "p95 ms", "CPU p50 ms", "CPU p95 ms", "queries", "in SQL ms"]


def signed_in(username: str) -> Client:
    """Return somebody's browser: not the admin's, who is shown everything without a filter."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username=username), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def measured(client: Client, name: str, address: Address, count: int) -> list[str | float]:
    """Return the row of one screen: times of `count` requests, and the queries of one more."""
    times = [seconds(client, address()) for _ in range(WARM_UPS + count)][WARM_UPS:]
    wall, cpu = zip(*times, strict=True)
    clock = QueryClock()
    with connection.execute_wrapper(clock):
        client.get(address())
    return [name, *milliseconds(wall), *milliseconds(cpu), clock.count, 1000 * clock.seconds]


class QueryClock:
    """Counts the queries of a connection and the time in them; a query's rows may be fetched after its time."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable, sql: str, parameters: Any, many: bool, context: dict) -> Any:
        """Run one query for Django, see its documentation on database instrumentation."""
        started = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - started


def milliseconds(seconds: Sequence[float]) -> list[float]:
    """Return median and 95th percentile in milliseconds."""
    return [1000 * percentile(seconds, share) for share in (50, 95)]


def seconds(client: Client, url: str) -> tuple[float, float]:
    """Return how long the server takes to answer `url`, and its processor time.

    On a busy machine the processor time is what an idle one would take, or nearly. SQLite works in this very process;
    PostgreSQL's own process is counted too.
    """
    close_old_connections()  # as after every request: they are kept for a minute
    started, started_cpu = time.perf_counter(), processor_seconds()
    answer = client.get(url)
    taken = time.perf_counter() - started, processor_seconds() - started_cpu
    assert answer.status_code in (200, 204), f"{url} was answered with {answer.status_code}"
    return taken


def processor_seconds() -> float:
    """Return the processor time of this process and of the server's process that works for it.

    Linux tells that of other processes in nanoseconds as the first figure of schedstat (sched-stats.rst).
    """
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    connection.ensure_connection()
    served = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return own + int(served.split()[0]) / 1e9
