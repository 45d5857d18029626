"""What parallel requests to a correction server gain: the same pages with one request at a time and with several."""

from __future__ import annotations

import argparse
import statistics
import time

from bench import report
from bench.model_memory import pages
from documents.correction.models import Server
from documents.correction.server import ServerCorrector, segments
from tests.correction.chat_server import ChatServer

ROUNDS = 3


def main(options: list[str]) -> None:
    """Print the seconds for a page of many passages, one and several at a time, taking turns."""
    parser = argparse.ArgumentParser(prog="python -m bench server")
    parser.add_argument("--url", help="a real server, up to /v1; else a stand-in that answers after --seconds")
    parser.add_argument("--model", default="", help="the model's name there")
    parser.add_argument("--seconds", type=float, default=0.1, help="what one answer of the stand-in takes (0.1)")
    parser.add_argument("--parallel", type=int, default=8, help="requests at a time (8)")
    parser.add_argument("--pages", type=int, default=40, help="pages of 6 lines put together (40)")
    asked = parser.parse_args(options)
    lines = [line for page in pages(asked.pages) for line in page]
    stand_in = None if asked.url else ChatServer(seconds=asked.seconds)
    server = Server(stand_in.url if stand_in else asked.url, asked.model)
    report.say(f"{len(segments(lines))} passages; {'a stand-in' if stand_in else server.name}.")
    took = {count: [] for count in (1, asked.parallel)}
    for _ in range(ROUNDS):
        for count, seconds in took.items():
            seconds.append(timed(server, count, lines))
    alone, together = (statistics.median(seconds) for seconds in took.values())
    report.table(["requests at a time", "seconds"], [[count, statistics.median(took[count])] for count in took])
    report.say(f"{asked.parallel} at a time are {alone / together:.1f} times as fast as one.")
    if stand_in:
        stand_in.stop()


def timed(server: Server, parallel: int, lines: list[str]) -> float:
    """Return the seconds that one propose takes, connections opened beforehand."""
    corrector = ServerCorrector(server, parallel=parallel, seconds=600)
    corrector.propose(lines[:1], language="en")
    started = time.monotonic()
    corrector.propose(lines, language="en")
    seconds = time.monotonic() - started
    corrector.close()
    return seconds
