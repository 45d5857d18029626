"""From torch to a GGUF file and back: names, layout, tokenizer. llama.cpp loads it as a plain llama."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import gguf
import numpy as np
import torch
from gguf.quants import dequantize, quantize
from torch import Tensor

from documents.correction.byte_window import BYTE_VOCABULARY, END, PADDING, SEPARATOR, SIZE_KEY, START, positions
from training.model import NORM_EPSILON, ROPE_BASE, Corrector, Shape

Format = Literal["f32", "f16", "q8_0"]

_FILE_TYPES = {
    "f32": gguf.LlamaFileType.ALL_F32, "f16": gguf.LlamaFileType.MOSTLY_F16, "q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
}  # fmt: skip
_CONTEXT = 256  # tokens, at least
_WHOLE = {"embedding": "token_embd.weight", "norm.weight": "output_norm.weight"}
_LAYER = {
    "attention_norm.weight": "attn_norm.weight", "feed_norm.weight": "ffn_norm.weight", "query.weight": "attn_q.weight",
    "key.weight": "attn_k.weight", "value.weight": "attn_v.weight", "output.weight": "attn_output.weight",
    "gate.weight": "ffn_gate.weight", "up.weight": "ffn_up.weight", "down.weight": "ffn_down.weight",
}  # fmt: skip


def gguf_name(name: str) -> str:
    """Return llama.cpp's name of one of our weights: "layers.3.up.weight" is "blk.3.ffn_up.weight"."""
    if name in _WHOLE:
        return _WHOLE[name]
    _, number, rest = name.split(".", 2)
    return f"blk.{number}.{_LAYER[rest]}"


def export(model: Corrector, path: Path, *, name: str, kind: Format = "q8_0") -> None:
    """Write the model to `path`; matrices in the format `kind`, norms in float32. `name` is shown to people."""
    writer = gguf.GGUFWriter(path, "llama")
    _write_shape(writer, model.shape, name, kind)
    _write_tokenizer(writer)
    for ours, weights in model.state_dict().items():
        array = np.ascontiguousarray(weights.detach().float().cpu().numpy())
        if weights.ndim == 1 or kind == "f32":
            writer.add_tensor(gguf_name(ours), array)
        elif kind == "f16":
            writer.add_tensor(gguf_name(ours), array.astype(np.float16))
        else:
            eight = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(gguf_name(ours), quantize(array, eight), raw_dtype=eight)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_shape(writer: gguf.GGUFWriter, shape: Shape, name: str, kind: Format) -> None:
    head = shape.width // shape.heads
    writer.add_name(name)
    writer.add_context_length(max(_CONTEXT, positions(shape.window)))
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_vocab_size(BYTE_VOCABULARY)
    writer.add_file_type(_FILE_TYPES[kind])
    writer.add_uint32(SIZE_KEY, shape.window)


def _write_tokenizer(writer: gguf.GGUFWriter) -> None:
    """Write a GPT-2 tokenizer of single bytes, and one merge that never happens, as llama.cpp wants one."""
    letters = _letters_of_bytes()
    tokens = [*letters, "<s>", "<sep>", "</s>", "<pad>", letters[0] * 2]
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * 4 + [gguf.TokenType.NORMAL]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{letters[0]} {letters[0]}"])
    writer.add_bos_token_id(START)
    writer.add_sep_token_id(SEPARATOR)
    writer.add_eos_token_id(END)
    writer.add_pad_token_id(PADDING)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def _letters_of_bytes() -> list[str]:
    """Return the letter that GPT-2's tokenizer writes for each byte: itself where it can be seen, else 256 and on."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in seen else chr(next(others)) for byte in range(256)]


def imported(path: Path) -> Corrector:
    """Return the model that a GGUF file of ours holds, dequantized. Raises KeyError for any other model's file."""
    reader = gguf.GGUFReader(path)

    def fact(key: str) -> int:
        return int(reader.fields[key].parts[-1][0])

    window = fact(SIZE_KEY) if SIZE_KEY in reader.fields else 63
    keys = ("embedding_length", "block_count", "attention.head_count", "feed_forward_length")
    shape = Shape(*(fact(f"llama.{key}") for key in keys), window)
    arrays = {tensor.name: dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    model = Corrector(shape)
    weights: dict[str, Tensor] = {
        name: torch.from_numpy(arrays[gguf_name(name)].reshape(old.shape).astype(np.float32))
        for name, old in model.state_dict().items()
    }
    model.load_state_dict(weights)
    return model
