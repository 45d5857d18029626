"""A small service that does, on request, what native engines do at their worst."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any


class Refused(Exception):
    pass


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    if options.get("refuse"):
        raise Refused("not today")
    if options.get("abort_at_start"):
        os.abort()
    return lambda request: ACTIONS[request["do"]](request, options)


def echo(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    return {"request": request, "options": options}


def fail(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    raise Refused("this request is wrong")


def abort(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    print("something broke", file=sys.stderr, flush=True)
    os.abort()


def leave(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    os._exit(3)


def hang(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    ctypes.PyDLL(None).sleep(600)  # native, and holding the interpreter's lock: nothing in Python can interrupt it
    return {}


def print_noise(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    print("noise from Python", flush=True)
    os.write(1, b"noise from a library\n")
    return {"quiet": False}


def start_grandchild(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    return {"pid": subprocess.Popen(["sleep", "600"]).pid}


def swell(request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    options["kept"] = b"x" * (request["mb"] * 2**20)
    return {}


ACTIONS = {action.__name__: action for action in (echo, fail, abort, leave, hang, print_noise, start_grandchild, swell)}
