"""`python -m training all`, or one step of it: fonts, text, contexts, pairs, pack, train, export, parity, evaluate.

Each step goes on where it stopped, and does nothing when its work is there.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from training.places import MODELS, PACK, RUNS

if TYPE_CHECKING:  # torch is imported only where a step needs it
    from training.model import Corrector, Shape


def fonts(asked: argparse.Namespace) -> None:
    """Fetch the fonts."""
    from training.fonts import fetch_fonts

    print(f"{fetch_fonts()} fonts.")


def text(asked: argparse.Namespace) -> None:
    """Make the Danish text; the others are put there by hand, see README.md."""
    from training.danish import make_text

    print(make_text())


def contexts(asked: argparse.Namespace) -> None:
    """Count which words follow which, for the choosing of words."""
    from training.contexts import make_contexts

    print(*make_contexts(), sep="\n")


def pairs(asked: argparse.Namespace) -> None:
    """Draw and read lines, 400 a shard."""
    from training.pairs import make_shards

    print(f"{make_shards(asked.shards, asked.workers)} shards made.")


def pack(asked: argparse.Namespace) -> None:
    """Put together what a training run needs."""
    from training.pack import make_pack

    print(json.dumps(make_pack(shape_of(asked.shape).window)))


def train(asked: argparse.Namespace) -> None:
    """Train for so many batches, or until the minutes are over; the same command goes on."""
    from training.material import held_out, material
    from training.measure import held
    from training.train import Plan, Run

    shape = shape_of(asked.shape)
    plan = Plan(shape, asked.broad, asked.fine, asked.size, asked.rate)
    start = None
    if asked.start:
        from training.export import imported

        start = imported(asked.start).state_dict()
    run = Run(RUNS / asked.name, plan, start=start)
    windows = held(held_out(PACK), shape.window, asked.measured)
    done = run.go(material(PACK), windows, seconds=60 * asked.minutes, workers=asked.loaders)
    print("Done." if done else "Stopped in time; the same command goes on.")


def export(asked: argparse.Namespace) -> None:
    """Write the GGUF files of a run's last checkpoint."""
    from training import export as gguf_export

    MODELS.mkdir(parents=True, exist_ok=True)
    for kind in ("f32", "q8_0"):
        path = MODELS / f"{asked.name}-{kind}.gguf"
        gguf_export.export(trained(asked.name), path, name=asked.name, kind=kind)
        print(path, path.stat().st_size)


def parity(asked: argparse.Namespace) -> None:
    """Compare the GGUF files with the checkpoint. Ends with 1 when tokenizer or logits differ."""
    from training.material import held_out
    from training.parity import compared, is_same

    windows = held_out(PACK)[:40]
    found = {kind: compared(trained(asked.name), MODELS / f"{asked.name}-{kind}.gguf", windows)
             for kind in ("f32", "q8_0")}  # fmt: skip
    print(json.dumps({kind: asdict(one) for kind, one in found.items()}))
    if not all(is_same(one, kind) for kind, one in found.items()):
        raise SystemExit(1)


def evaluate(asked: argparse.Namespace) -> None:
    """Measure a GGUF file on held-out pairs, with the guards and without."""
    from training.evaluate import table

    print(table(asked.model or MODELS / f"{asked.name}-q8_0.gguf", asked.pairs))


def parts(asked: argparse.Namespace) -> None:
    """Write a run's weights in small files, to be carried away."""
    from training.parts import write_parts

    print(*write_parts(trained(asked.name), asked.to or RUNS / asked.name), sep="\n")


STEPS: dict[str, Callable[[argparse.Namespace], None]] = {
    "fonts": fonts, "text": text, "contexts": contexts, "pairs": pairs, "pack": pack, "train": train, "export": export,
    "parity": parity, "evaluate": evaluate,
}  # fmt: skip


def shape_of(name: str) -> Shape:
    """Return the shape called `name`: "first" or "large"."""
    from training.model import FIRST, LARGE

    return {"first": FIRST, "large": LARGE}[name]


def trained(name: str) -> Corrector:
    """Return the model of a run's last checkpoint, or of its weights that were brought in parts, on the CPU."""
    import torch

    from training.model import Corrector, Shape
    from training.parts import read_parts

    checkpoint = RUNS / name / "checkpoint.pt"
    if not checkpoint.is_file():
        return read_parts(RUNS / name)
    whole = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = Corrector(Shape(**whole["shape"]))
    model.load_state_dict(whole["model"])
    return model


def main() -> None:
    """Run the steps asked for."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("step", choices=[*STEPS, "parts", "all"])
    parser.add_argument("--name", default="corrector", help="of the run and its files (corrector)")
    parser.add_argument("--shape", default="large", choices=("first", "large"), help="of the model (large)")
    parser.add_argument("--start", type=Path, help="a GGUF file of ours to begin with, instead of random weights")
    parser.add_argument("--shards", type=int, default=400, help="of 400 lines each, two or three pairs a line (400)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes that draw and read (all cores)")
    parser.add_argument("--loaders", type=int, default=0, help="processes that make batches (0; on a GPU 12)")
    parser.add_argument("--broad", type=int, default=8_000, help="batches of the first stage (8000)")
    parser.add_argument("--fine", type=int, default=5_000, help="batches of the second stage (5000)")
    parser.add_argument("--size", type=int, default=64, help="windows in a batch (64; on a GPU 1024)")
    parser.add_argument("--rate", type=float, default=0.02, help="of Muon (0.02)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after which training stops (never)")
    parser.add_argument("--measured", type=int, default=512, help="held-out windows in each measuring (512)")
    parser.add_argument("--to", type=Path, help="folder for the parts of the weights (the run's own)")
    parser.add_argument("--model", type=Path, help="GGUF file to evaluate (the run's own)")
    parser.add_argument("--pairs", type=int, default=200, help="held-out pairs per language to evaluate (200)")
    asked = parser.parse_args()
    for step in STEPS if asked.step == "all" else (asked.step,):
        {**STEPS, "parts": parts}[step](asked)


if __name__ == "__main__":
    main()
