"""What llama.cpp says while it loads a model: on which device it is, and how much of it.

Its C interface does not tell how many layers went to the GPU nor what they take there; its log does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# As the library of llama-cpp-python 0.3.36 spells them; of what is not found, nothing is claimed.
_DEVICE = re.compile(r"using device \S+ \(([^)]+)\)")
_OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers to GPU")
_BUFFER = re.compile(r"(\S+)\s+(?:model|KV|RS|compute)\s+buffer size\s*=\s*([\d.]+) MiB")
_HOST_BUFFER = re.compile(r"^CPU|_Host$")


@dataclass(frozen=True)
class Placement:
    """Where a model lies: the GPU's name ("" for the processor), the layers there of all (the output counts as one),
    and MiB of the GPU's memory that model, context and scratch space take."""

    device: str = ""
    gpu_layers: int = 0
    layers: int = 0
    gpu_mb: float = 0.0


def placement(lines: Iterable[str]) -> Placement:
    """Return what the lines of llama.cpp's log say about one model's loading."""
    text = "\n".join(lines)
    offloaded = _OFFLOADED.search(text)
    gpu_layers, layers = map(int, offloaded.groups()) if offloaded else (0, 0)
    if not gpu_layers:
        return Placement(layers=layers)
    device = _DEVICE.search(text)
    sizes = [float(size) for name, size in _BUFFER.findall(text) if not _HOST_BUFFER.search(name)]
    return Placement(device.group(1) if device else "GPU", gpu_layers, layers, round(sum(sizes), 1))
