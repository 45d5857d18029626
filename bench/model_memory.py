"""Does the language model's process grow? Its memory while it corrects one small page after the other."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator

import psutil
from django.conf import settings
from wordfreq import top_n_list

from bench import report
from documents.correction.hosted import HostedCorrector
from documents.correction.models import ModelChoice
from documents.pipeline import engines

LINES, WORDS = 6, 9
MISREAD = {"h": "b", "m": "rn", "l": "1", "o": "0", "e": "c"}


def main(options: list[str]) -> None:
    """Print the memory after some of the pages, and the growth from the hundredth to the last."""
    parser = argparse.ArgumentParser(prog="python -m bench model_memory")
    parser.add_argument("--pages", type=int, default=1000, help="pages to correct (1000)")
    count = parser.parse_args(options).pages
    choice = engines.settings_model()
    report.say(f"Language model: {choice.name}; pages of {LINES} lines of {WORDS} words.")
    corrector = lasting_corrector(choice)
    rows = measured(corrector, count)
    corrector.close()
    report.table(["pages", "RSS MiB", "USS MiB", "characters/s"], rows)
    at = {row[0]: row[1] for row in rows}
    report.say(f"From page {min(100, count)} to page {count}: {at[count] - at[min(100, count)]:+.1f} MiB.")


def lasting_corrector(choice: ModelChoice) -> HostedCorrector:
    """Return a corrector as the product has it, but whose child is never replaced by a fresh one."""
    assert choice.path is not None, "a server's memory cannot be measured from here"
    return HostedCorrector(
        choice.path, name=choice.name, threads=settings.LLM_THREADS, context_size=settings.CONTEXT_SIZE,
        gpu_layers=settings.GPU_LAYERS, seconds=settings.CORRECTION_SECONDS, recycle_after=10**9,
    )  # fmt: skip


def measured(corrector: HostedCorrector, count: int) -> list[list[float]]:
    """Return pages so far, RSS and USS in MiB and characters per second since the start, at a few places."""
    places = {1, 10, 100, count // 2, count} & set(range(1, count + 1))
    rows, characters, started = [], 0, time.monotonic()
    for number, lines in enumerate(pages(count), 1):
        corrector.propose(lines, language="en")
        characters += sum(map(len, lines))
        if number in places:
            held = psutil.Process(corrector.pid).memory_full_info()
            rows.append([number, held.rss / 2**20, held.uss / 2**20, characters / (time.monotonic() - started)])
    return rows


def pages(count: int) -> Iterator[list[str]]:
    """Yield pages of common words in which some letters are misread; the same ones in every run."""
    chance, words = random.Random(7), top_n_list("en", 5000)
    for _ in range(count):
        yield [" ".join(misread(chance.choice(words), chance) for _word in range(WORDS)) for _line in range(LINES)]


def misread(word: str, chance: random.Random) -> str:
    """Return the word, every fifth one with its first confusable letter misread."""
    letter = next((letter for letter in word if letter in MISREAD), "")
    return word.replace(letter, MISREAD[letter], 1) if letter and chance.random() < 0.2 else word
