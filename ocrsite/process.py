"""Work in a process of its own, which knows Django."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

import django
from django.utils.module_loading import import_string


class ChildFailed(Exception):
    """The process ended before its work did; what it said is on stderr."""


def from_child(target: str) -> Iterator[Any]:
    """Yield what the function named "module.function" yields in another process, one piece ahead of us.

    The process is a fresh one, with its own connections to the database. It ends when nobody listens any more. Raises
    ChildFailed.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(target=_send, args=(target, sender), daemon=True)
    child.start()
    sender.close()  # the child's copy is the only one now: when it ends, so does what we receive
    try:
        while piece := receiver.recv():
            yield piece[0]
    except EOFError:
        # However it ended: what was yielded is not all.
        child.join()
        raise ChildFailed(f"The process that worked on {target} ended with {child.exitcode}.") from None
    finally:
        receiver.close()
        child.join()


def _send(target: str, sender: Connection) -> None:
    django.setup()
    try:
        for piece in import_string(target)():
            sender.send((piece,))
        sender.send(())  # that was all
    except BrokenPipeError:
        pass  # nobody listens
