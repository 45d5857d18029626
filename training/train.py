"""Training, in two stages, on a CPU or a GPU; it goes on from its last checkpoint.

"broad" sees much made-up noise at a constant rate, "fine" the real pairs too, and as many clean lines as not, at a
falling rate. It is the second that makes a model usable: after the first alone, the first one did more harm than good.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader

from training.batches import Batches, Mix
from training.material import Material
from training.measure import Held, measured
from training.model import Corrector, Shape
from training.optimiser import optimisers, set_rate
from training.windows import RAW, TRUTH

STAGES = {
    "broad": Mix(real=0.0, clean=0.15, strength=1.5),
    "fine": Mix(real=0.25, clean=0.5, strength=1.0),
}
RAW_LOSS = {"broad": 0.3, "fine": 0.1}
"""Weight of predicting the raw side too, against 1 for the answer: it teaches the languages' letters for nothing."""

WARM_UP = 40  # batches
LAST_RATE = 0.02  # part of the rate at the end of "fine"
SAVE_SECONDS = 120.0


@dataclass(frozen=True)
class Plan:
    """One run: its model, the batches of each stage, the windows in a batch and Muon's highest rate."""

    shape: Shape
    broad: int
    fine: int
    size: int = 64
    rate: float = 0.02

    def rate_at(self, stage: str, number: int) -> float:
        """Return the rate for a batch of a stage."""
        if stage == "fine":
            return self.rate * max(LAST_RATE, 1 - number / self.fine)
        return self.rate * min(1.0, (number + 1) / WARM_UP)


@dataclass
class Place:
    """Where a run is: the stage, the next batch in it, and the real windows that earlier stages used."""

    stage: str = "broad"
    batch: int = 0
    real_before: int = 0


class Run:
    """A model in training and its folder: checkpoint.pt and log.jsonl."""

    def __init__(self, folder: Path, plan: Plan, *, start: dict[str, Tensor] | None = None) -> None:
        """Go on from the folder's checkpoint, else begin with the weights `start`, else with random ones."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.plan, self.place = folder, plan, Place()
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(0)
        self.model = Corrector(plan.shape).to(self.device)
        self._optimisers = optimisers(self.model)
        if self.checkpoint.is_file():
            self._load()
        elif start is not None:
            self.model.load_state_dict(start)
        # Compiling takes a minute or more: a test of a few batches is not worth it.
        worth_it = plan.broad + plan.fine >= 100
        self._compiled = torch.compile(self.model) if worth_it else self.model

    @property
    def checkpoint(self) -> Path:
        """The file that the run goes on from."""
        return self.folder / "checkpoint.pt"

    def go(self, material: Material, held: Held, *, seconds: float = float("inf"), workers: int = 0) -> bool:
        """Train until the plan is done (True) or `seconds` have passed (False); `workers` processes make batches."""
        until = time.monotonic() + seconds
        for stage in ("broad", "fine"):
            if stage != self.place.stage:
                continue
            if not self._stage(material, held, until, workers):
                return False
            if stage == "broad":
                used = self._batches(material).real_after(self.plan.broad)
                self.place = Place("fine", 0, used)
        return True

    def _stage(self, material: Material, held: Held, until: float, workers: int) -> bool:
        """Do what is left of the current stage; return whether it is done."""
        last = self._length
        saved, losses, started, first = time.monotonic(), [], time.monotonic(), self.place.batch
        for ids, mask in self._loaded(self._batches(material), self.place.batch, last, workers):
            losses.append(self._learn(ids.to(self.device).long(), mask.to(self.device)))
            self.place.batch += 1
            now = time.monotonic()
            if now - saved > SAVE_SECONDS or now > until or self.place.batch == last:
                speed = (self.place.batch - first) * ids.numel() / (now - started)
                self._log(held, sum(float(loss) for loss in losses) / len(losses), speed)
                self._save()
                saved, losses = time.monotonic(), []
            if now > until and self.place.batch < last:
                return False
        return True

    @property
    def _length(self) -> int:
        """How many batches the current stage has."""
        return self.plan.broad if self.place.stage == "broad" else self.plan.fine

    def _batches(self, material: Material) -> Batches:
        return Batches(
            material, STAGES[self.place.stage], size=self.plan.size, window=self.plan.shape.window,
            count=self._length, real_before=self.place.real_before,
        )  # fmt: skip

    @staticmethod
    def _loaded(batches: Batches, first: int, last: int, workers: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield ids and masks, int16, in the order of their numbers."""
        ahead = {"prefetch_factor": 16} if workers else {}
        yield from DataLoader(batches, batch_size=None, sampler=range(first, last), num_workers=workers, **ahead)

    def _learn(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Do one step; return the loss on the answers, nats per byte."""
        stage = self.place.stage
        set_rate(self._optimisers, self.plan.rate_at(stage, self.place.batch))
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            logits = self._compiled(ids[:, :-1])
        losses = F.cross_entropy(logits.float().flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
        wanted = mask[:, 1:].flatten()
        answer, raw = (wanted == TRUTH).float(), (wanted == RAW).float()
        loss = (losses * (answer + RAW_LOSS[stage] * raw)).sum() / answer.sum()
        loss.backward()
        for optimiser in self._optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return (losses.detach() * answer).sum() / answer.sum()

    def _log(self, held: Held, loss: float, speed: float) -> None:
        """Add a line to log.jsonl: where the run is, its loss, positions per second, and held-out figures."""
        facts: dict[str, Any] = {**asdict(self.place), "loss": round(loss, 4), "speed": round(speed)}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**facts, **measured(self.model, held, self.device)}) + "\n")

    def _save(self) -> None:
        """Write the checkpoint in one step, so that a run that is killed while writing has its last one."""
        draft = self.checkpoint.with_suffix(".draft")
        states = [optimiser.state_dict() for optimiser in self._optimisers]
        whole = {"shape": asdict(self.plan.shape), "model": self.model.state_dict(), "optimisers": states}
        torch.save({**whole, "place": asdict(self.place)}, draft)
        draft.replace(self.checkpoint)

    def _load(self) -> None:
        whole = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        if Shape(**whole["shape"]) != self.plan.shape:
            raise ValueError(f"The run in {self.folder} has another shape. Give the new one another name.")
        self.model.load_state_dict(whole["model"])
        for optimiser, state in zip(self._optimisers, whole["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.place = Place(**whole["place"])
