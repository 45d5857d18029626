"""`python -m bench.run NAME`: the inner half of `python -m bench`, in the environment that it prepares."""

from __future__ import annotations

import importlib
import sys

import django

from bench import report


def main(name: str, options: list[str]) -> None:
    """Print where and when, then the figures of the benchmark `name`."""
    django.setup()
    report.heading(name, options)
    importlib.import_module(f"bench.{name}").main(options)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
