"""Trained weights in files small enough to be brought back from a machine that gives back small files only."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from training.model import Corrector, Shape

LARGEST = 12_000_000
"""Bytes of one file, in float16, which holds Q8_0's precision many times over."""

SHAPE = "shape.json"


def write_parts(model: Corrector, folder: Path) -> list[Path]:
    """Write the weights to part-0.npz, part-1.npz, ... and the shape beside them; return the parts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SHAPE).write_text(json.dumps(asdict(model.shape)))
    parts: list[dict[str, np.ndarray]] = [{}]
    for name, weights in model.state_dict().items():
        array = weights.detach().cpu().numpy().astype(np.float16)
        if sum(one.nbytes for one in parts[-1].values()) + array.nbytes > LARGEST:
            parts.append({})
        parts[-1][name] = array
    paths = [folder / f"part-{number}.npz" for number in range(len(parts))]
    for path, arrays in zip(paths, parts, strict=True):
        np.savez(path, **arrays)
    return paths


def read_parts(folder: Path) -> Corrector:
    """Return the model of a folder that `write_parts` wrote. Raises KeyError or RuntimeError when a part is missing."""
    model = Corrector(Shape(**json.loads((folder / SHAPE).read_text())))
    arrays = {
        name: part[name] for path in sorted(folder.glob("part-*.npz")) for part in [np.load(path)] for name in part
    }
    model.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()})
    return model
