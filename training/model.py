"""The model in torch: a small llama with tied embeddings, as llama.cpp computes it (RoPE over neighbouring pairs)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from documents.correction.byte_window import BYTE_VOCABULARY as VOCABULARY
from documents.correction.byte_window import positions

ROPE_BASE = 10_000.0
NORM_EPSILON = 1e-5


@dataclass(frozen=True)
class Shape:
    """How big a model is. `window` is the number of raw bytes it takes at once."""

    width: int
    layers: int
    heads: int
    hidden: int
    window: int

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        layer = 4 * self.width**2 + 3 * self.width * self.hidden + 2 * self.width
        return VOCABULARY * self.width + self.layers * layer + self.width


FIRST = Shape(width=256, layers=5, heads=4, hidden=704, window=63)  # the first embedded model's: 4.1 million
LARGE = Shape(width=384, layers=7, heads=6, hidden=1024, window=95)  # 12.5 million, for a GPU


class Norm(nn.Module):
    """Root mean square normalisation, computed in float32."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x, (..., width), at length 1 per feature, times the weights."""
        y = x.float()
        return (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + NORM_EPSILON)).to(x.dtype) * self.weight.to(x.dtype)


class Layer(nn.Module):
    """Attention and feed-forward, each behind a norm and added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, hidden = shape.width, shape.hidden
        self.heads = shape.heads
        self.attention_norm, self.feed_norm = Norm(width), Norm(width)
        self.query, self.key, self.value = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.output = nn.Linear(width, width, bias=False)
        self.gate, self.up = (nn.Linear(width, hidden, bias=False) for _ in range(2))
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """Return (batch, positions, width)."""
        batch, length, width = x.shape
        h = self.attention_norm(x)
        q, k, v = (
            part(h).view(batch, length, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        mixed = attention(turned(q, cosine, sine), turned(k, cosine, sine), v)
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, length, width))
        h = self.feed_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Corrector(nn.Module):
    """Byte ids in, logits of the next id out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(VOCABULARY, shape.width) * 0.05)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width)
        cosine, sine = rope_tables(positions(shape.window), shape.width // shape.heads)
        self.register_buffer("cosine", cosine, persistent=False)
        self.register_buffer("sine", sine, persistent=False)
        self._start_small()

    def _start_small(self) -> None:
        """Draw the weights so that each layer adds little at first."""
        for name, weights in self.layers.named_parameters():
            if weights.ndim == 2:
                added = name.endswith(("output.weight", "down.weight"))
                scale = 0.5 / self.shape.layers**0.5 if added else 0.7
                nn.init.normal_(weights, std=scale / weights.shape[1] ** 0.5)

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits (batch, positions, VOCABULARY) for ids (batch, positions), int64."""
        x = F.embedding(ids, self.embedding)
        length = ids.shape[1]
        for layer in self.layers:
            x = layer(x, self.cosine[:length], self.sine[:length])
        return F.linear(self.norm(x), self.embedding)


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return causal attention, all of (batch, heads, positions, head width)."""
    if q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    # On a CPU, written out and compiled, forward and backward take 45 ms where the fused function takes 119.
    length = q.shape[2]
    scores = torch.matmul(q, k.transpose(-1, -2)).float() * q.shape[-1] ** -0.5
    hidden = torch.ones(length, length, dtype=torch.bool, device=q.device).triu(1)
    return torch.matmul(scores.masked_fill(hidden, float("-inf")).softmax(-1).to(v.dtype), v)


def rope_tables(length: int, head_width: int) -> tuple[Tensor, Tensor]:
    """Return cosines and sines, (length, head_width / 2), float32."""
    frequencies = ROPE_BASE ** (-torch.arange(0, head_width, 2).float() / head_width)
    angles = torch.arange(length).float()[:, None] * frequencies[None]
    return angles.cos(), angles.sin()


def turned(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Return x, (batch, heads, positions, head width), with each pair of features turned by its position's angle."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cosine - b * sine, a * sine + b * cosine), -1).flatten(-2).to(x.dtype)
