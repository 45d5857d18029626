"""Real pairs: lines drawn, read by the engines, and kept in shards. A shard that is there is never made again."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import zstandard

from documents.ocr.base import OcrError
from training.lines import LineMaker, TrueLine
from training.paper import Paper
from training.places import SHARDS, is_held_out

LINES = 400
"""Lines of one shard: about a minute's work of one core, which is what an interruption costs."""

ENGINES = ("rapidocr", "tesseract", "both")


@dataclass(frozen=True)
class Pair:
    """One line as it was read and as it stands on the paper."""

    raw: str
    truth: str
    language: str
    kind: str
    engine: str


def make_shards(count: int, workers: int) -> int:
    """Make what is missing of the shards 0 to `count` - 1 in `workers` processes; return how many were made.

    A shard at which an engine fails is left out, and said to be: in hours of reading a busy machine lets one time out.
    """
    SHARDS.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(count) if not shard_path(number).exists()]
    made = 0
    with ProcessPoolExecutor(workers) as pool:
        tries = {pool.submit(make_shard, number): number for number in missing}
        for done in as_completed(tries):
            try:
                done.result()
                made += 1
            except OcrError as exc:
                print(f"Shard {tries[done]} was left out; the same command makes it. {exc}")
    return made


def make_shard(number: int) -> Path:
    """Draw and read the lines of one shard and return its file, which appears only when it is whole.

    The number is the seed; held-out shards have held-out text and held-out fonts.
    """
    from training.read import LineReaders  # loads the engines: in the worker, not where the shards are only read

    held_out = is_held_out(number)
    maker, paper = LineMaker(number, held_out=held_out), Paper(number, held_out=held_out)
    by_language: dict[str, list[tuple[TrueLine, object]]] = defaultdict(list)
    drawn = 0
    while drawn < LINES:
        line = maker.line()
        picture = paper.picture(line)
        if picture is not None:
            by_language[line.language].append((line, picture))
            drawn += 1
    readers, rows = LineReaders(), []
    for language, some in by_language.items():
        for (line, _), read in zip(some, readers.read([picture for _, picture in some], language), strict=True):
            rows.append({"text": line.text, "language": language, "kind": line.kind, **read})
    return _write(shard_path(number), rows)


def shard_path(number: int) -> Path:
    """Return where the shard of that number lies."""
    return SHARDS / f"shard-{number:05d}.jsonl.zst"


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    whole = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    draft = path.with_suffix(".draft")
    draft.write_bytes(zstandard.compress(whole, 12))
    return draft.rename(path)


def read_pairs(*, held_out: bool) -> Iterator[Pair]:
    """Yield the pairs of all shards for training, or of the held-out ones; two or three of a line, none of them twice.

    The consensus is left out where it is the same as one engine's reading. The lines of a shard come in an order by
    chance, the shards in theirs: what a longer collection begins with is the shorter one.
    """
    for path in sorted(SHARDS.glob("shard-*.jsonl.zst")):
        if is_held_out(int(path.name[6:11])) == held_out:
            found = [
                pair
                for line in zstandard.decompress(path.read_bytes()).decode().splitlines()
                for pair in _pairs_of(json.loads(line))
            ]
            random.Random(path.name).shuffle(found)
            yield from found


def _pairs_of(row: dict[str, str]) -> Iterator[Pair]:
    seen: set[str] = set()
    for engine in ENGINES:
        raw = " ".join(row[engine].split())
        if raw and raw not in seen:
            seen.add(raw)
            yield Pair(raw, row["text"], row["language"], row["kind"], engine)
