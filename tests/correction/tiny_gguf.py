"""Small GGUF files with random weights, made by the tests: everything of a model but its knowledge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

CONTROL = [
    "<|im_start|>", "<|im_end|>", "<pad>", "<s>", "<start_of_turn>", "<end_of_turn>", "[INST]", "[/INST]",
    "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
]  # fmt: skip
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WIDTH, HEADS, HIDDEN, CONTEXT = 32, 2, 64, 2048


def write_chat_model(path: Path, *, template: str | None = CHATML, pieces: bool = False, starts: bool = False) -> Path:
    """Write a llama model of one layer and return its path.

    Its vocabulary is byte-level as Qwen's, or of `pieces` as SentencePiece makes them (Llama 2, Mistral); `starts` has
    every text begin with `<s>`.
    """
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny-chat")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    tokens = _pieces(writer) if pieces else _vocabulary(writer)
    if starts:
        writer.add_bos_token_id(tokens.index("<s>"))
    writer.add_add_bos_token(starts)
    if template is not None:
        writer.add_chat_template(template)
    _weights(writer, len(tokens))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(writer: GGUFWriter) -> list[str]:
    """Add 256 byte tokens in GPT-2's spelling, one merge (the loader wants one) and the control tokens."""
    letters = _byte_letters()
    tokens = [*letters, letters[0] * 2, *CONTROL]
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.NORMAL] * 257 + [TokenType.CONTROL] * len(CONTROL))
    writer.add_token_merges([f"{letters[0]} {letters[0]}"])
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    return tokens


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


def _weights(writer: GGUFWriter, vocabulary: int) -> None:
    random = np.random.default_rng(7)
    shapes = {"attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH, WIDTH), "attn_v": (WIDTH, WIDTH),
              "attn_output": (WIDTH, WIDTH), "ffn_gate": (HIDDEN, WIDTH), "ffn_up": (HIDDEN, WIDTH),
              "ffn_down": (WIDTH, HIDDEN)}  # fmt: skip
    writer.add_tensor("token_embd.weight", random.standard_normal((vocabulary, WIDTH), dtype=np.float32))
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(WIDTH, dtype=np.float32))
    for name, shape in shapes.items():
        writer.add_tensor(f"blk.0.{name}.weight", random.standard_normal(shape, dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, dtype=np.float32))
    writer.add_tensor("output.weight", random.standard_normal((vocabulary, WIDTH), dtype=np.float32) * 4)
