"""What moves the weights: Muon for the matrices of the layers, AdamW for the embedding and the norms."""

from __future__ import annotations

from torch.optim import AdamW, Muon, Optimizer

from training.model import Corrector

OTHER_RATE = 0.2
"""AdamW's rate in parts of Muon's: 4e-3 for 0.02, the rates of the first model."""


def optimisers(model: Corrector) -> list[Optimizer]:
    """Return both optimisers; their rates are set by `set_rate` before each step."""
    matrices = [weights for weights in model.layers.parameters() if weights.ndim == 2]
    names = {id(weights) for weights in matrices}
    others = [weights for weights in model.parameters() if id(weights) not in names]
    return [
        Muon(matrices, lr=0.0, momentum=0.95, weight_decay=0.1, ns_steps=5),
        AdamW(others, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def set_rate(both: list[Optimizer], rate: float) -> None:
    """Set the rate of Muon, and AdamW's in proportion."""
    for optimiser, part in zip(both, (1.0, OTHER_RATE), strict=True):
        for group in optimiser.param_groups:
            group["lr"] = rate * part
