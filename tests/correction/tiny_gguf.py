"""GGUF files with random weights: everything of a model but its knowledge. Tiny ones for tests, others for bench/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType, quants

CONTROL = [
    "<|im_start|>", "<|im_end|>", "<pad>", "<s>", "<start_of_turn>", "<end_of_turn>", "[INST]", "[/INST]",
    "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
]  # fmt: skip
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True)
class Shape:
    """What decides a model's speed. `kv_heads` share their keys among `heads`; `vocabulary` is filled up to that many
    tokens; `words` are tokens of their own, so that a text has as few of them as with a real model."""

    layers: int = 1
    width: int = 32
    heads: int = 2
    kv_heads: int = 2
    hidden: int = 64
    context: int = 2048
    vocabulary: int = 0
    words: Sequence[str] = ()
    weights: GGMLQuantizationType = GGMLQuantizationType.F32


TINY = Shape()


def write_chat_model(
    path: Path, *, template: str | None = CHATML, pieces: bool = False, starts: bool = False, shape: Shape = TINY
) -> Path:
    """Write a llama model and return its path.

    Its vocabulary is byte-level as Qwen's, or of `pieces` as SentencePiece makes them (Llama 2, Mistral); `starts` has
    every text begin with `<s>`.
    """
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny-chat")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    tokens = _pieces(writer) if pieces else _vocabulary(writer, shape)
    if starts:
        writer.add_bos_token_id(tokens.index("<s>"))
    writer.add_add_bos_token(starts)
    if template is not None:
        writer.add_chat_template(template)
    _weights(writer, len(tokens), shape)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(writer: GGUFWriter, shape: Shape) -> list[str]:
    """Add 256 byte tokens in GPT-2's spelling, words with the merges that make them, and the control tokens."""
    letters = _byte_letters()
    merges = _merges(shape.words, letters) or {letters[0] * 2: f"{letters[0]} {letters[0]}"}  # the loader wants one
    usual = [*letters, *merges]
    unused = [f"[unused{number}]" for number in range(shape.vocabulary - len(usual) - len(CONTROL))]
    tokens = [*usual, *CONTROL, *unused]
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    kinds = [TokenType.NORMAL] * len(usual) + [TokenType.CONTROL] * len(CONTROL) + [TokenType.UNUSED] * len(unused)
    writer.add_token_types(kinds)
    writer.add_token_merges(list(merges.values()))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    return tokens


def _merges(words: Sequence[str], letters: Sequence[str]) -> dict[str, str]:
    """Return the tokens that make up `words` (with the blank before them), each with the two that it is merged from."""
    found: dict[str, str] = {}
    for word in words:
        spelt = [letters[byte] for byte in f" {word}".encode()]
        for end in range(2, len(spelt) + 1):
            found.setdefault("".join(spelt[:end]), f"{''.join(spelt[: end - 1])} {spelt[end - 1]}")
    return found


def _pieces(writer: GGUFWriter) -> list[str]:
    """Add what SentencePiece knows: control tokens, bytes, letters and a few words with the space before them."""
    control = ["<unk>", *CONTROL]
    letters = [chr(code) for code in range(33, 127)]
    words = ["\u2581", "\u2581t", "he", "\u2581the", "\u2581house"]
    raw = [f"<0x{byte:02X}>" for byte in range(256)]
    tokens = [*control, *raw, *letters, *words]
    kinds = [TokenType.UNKNOWN, *[TokenType.CONTROL] * len(CONTROL), *[TokenType.BYTE] * 256]
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(number) for number in range(len(tokens))])
    writer.add_token_types([*kinds, *[TokenType.NORMAL] * (len(tokens) - len(kinds))])
    writer.add_unk_token_id(0)
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    return tokens


def _byte_letters() -> list[str]:
    """Return the printable character that stands for each byte in GPT-2's vocabulary."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(spare)) for byte in range(256)]


def _weights(writer: GGUFWriter, vocabulary: int, shape: Shape) -> None:
    """Add the weights; all layers have the same ones, and a model of several layers writes with its embedding."""
    random, keys = np.random.default_rng(7), shape.width // shape.heads * shape.kv_heads
    sizes = {"attn_q": (shape.width, shape.width), "attn_k": (keys, shape.width), "attn_v": (keys, shape.width),
             "attn_output": (shape.width, shape.width), "ffn_gate": (shape.hidden, shape.width),
             "ffn_up": (shape.hidden, shape.width), "ffn_down": (shape.width, shape.hidden)}  # fmt: skip

    def add(names: Sequence[str], size: tuple[int, int], scale: float = 1.0) -> None:
        weights = random.standard_normal(size, dtype=np.float32) * scale
        packed = weights if shape.weights == GGMLQuantizationType.F32 else quants.quantize(weights, shape.weights)
        for name in names:
            writer.add_tensor(f"{name}.weight", packed, raw_dtype=shape.weights)

    add(["token_embd"], (vocabulary, shape.width))
    blocks = [f"blk.{number}" for number in range(shape.layers)]
    for block in blocks:
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{block}.{name}.weight", np.ones(shape.width, dtype=np.float32))
    for name, size in sizes.items():
        add([f"{block}.{name}" for block in blocks], size)
    writer.add_tensor("output_norm.weight", np.ones(shape.width, dtype=np.float32))
    if shape.layers == 1:
        add(["output"], (vocabulary, shape.width), 4)
