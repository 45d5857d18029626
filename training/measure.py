"""What a model in training makes of held-out windows, without writing any text: one pass over the true answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.model import Corrector
from training.windows import TRUTH, Window, encoded

AT_ONCE = 128  # windows


@dataclass(frozen=True)
class Held:
    """Held-out windows as ids and masks: those with a mistake, and the true side of as many as clean ones."""

    wrong: tuple[Tensor, Tensor]
    clean: tuple[Tensor, Tensor]


def held(windows: Sequence[Window], size: int, most: int) -> Held:
    """Return at most `most` windows of each sort."""
    wrong = [one for one in windows if one.raw != one.truth][:most]
    clean = [Window(one.raw, one.truth) for one in windows if one.raw == one.truth][:most]
    return Held(_tensors(wrong, size), _tensors(clean, size))


def _tensors(windows: Sequence[Window], size: int) -> tuple[Tensor, Tensor]:
    both = [encoded(window, size) for window in windows]
    ids, mask = (np.stack([one[side] for one in both]).astype(np.int64) for side in (0, 1))
    return torch.from_numpy(ids), torch.from_numpy(mask)


def measured(model: Corrector, windows: Held, device: torch.device) -> dict[str, float]:
    """Return figures on held-out windows.

    `nats` are lost per byte of the answers of windows with mistakes; `repaired` is the part of these windows that come
    out wholly right, `harmed` the part of the clean windows that do not come out as they went in.
    """
    nats, right = _passed(model, *windows.wrong, device)
    _, kept = _passed(model, *windows.clean, device)
    return {"nats": round(nats, 4), "repaired": round(right, 4), "harmed": round(1 - kept, 4)}


@torch.no_grad()
def _passed(model: Corrector, ids: Tensor, mask: Tensor, device: torch.device) -> tuple[float, float]:
    """Return nats per answer byte, and the part of the windows whose every next byte is the likeliest one."""
    nats, count, whole = 0.0, 0, 0
    for start in range(0, len(ids), AT_ONCE):
        some, wanted = ids[start : start + AT_ONCE].to(device), mask[start : start + AT_ONCE, 1:].to(device) == TRUTH
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits = model(some[:, :-1]).float()
        losses = F.cross_entropy(logits.transpose(1, 2), some[:, 1:], reduction="none")
        nats += float((losses * wanted).sum())
        count += int(wanted.sum())
        whole += int(((logits.argmax(-1) == some[:, 1:]) | ~wanted).all(1).sum())
    return nats / max(count, 1), whole / max(len(ids), 1)
