"""One GGUF model loaded in this process, and its vocabulary. What of llama.cpp we use is here and in sequences.py.

The low-level interface of llama-cpp-python is used on purpose: its high-level `Llama` needs n_ctx x vocabulary x 4
bytes (2.5 GB for Qwen2.5 at 4096 tokens) to give logits for more than the last token, and its `detokenize` drops
pieces above 32 bytes, which receipts hold (runs of spaces and dashes).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from llama_cpp import llama_cpp as api

from documents.correction.base import CorrectionError, ModelTooBig, ModelUnavailable
from documents.correction.batching import Ask
from documents.correction.device_log import placement
from documents.correction.sequences import BATCH_TOKENS, Sequences

MOST_SLOTS = 8  # texts that are under way at once
PIECE_BYTES = 512  # Qwen2.5's longest token is 128 bytes
LAST_LOG_LINES = 500  # loading a model of 80 layers says about 200
LOG_INFO, LOG_ERROR = 2, 4  # from ggml.h: below are debugging lines by the hundred

_log_lines: list[str] = []


@api.llama_log_callback
def _keep_log_line(level: int, text: bytes, user_data: ctypes.c_void_p) -> None:
    """Keep what llama.cpp would print: its errors explain a failed load. They are printed too, for a crash's report."""
    if level >= LOG_INFO:
        _log_lines.append(text.decode("utf-8", "replace"))
        del _log_lines[:-LAST_LOG_LINES]
    if level == LOG_ERROR:
        sys.stderr.write(_log_lines[-1])
        sys.stderr.flush()


def _why_it_failed() -> str:
    """Return llama.cpp's last line that speaks of an error, or a plain phrase."""
    errors = [line.strip() for line in _log_lines if "error" in line.lower() or "failed" in line.lower()]
    return errors[0] if errors else "llama.cpp gave no reason"


class Runtime:
    """A loaded model with room for several texts. Not for use from two threads at once: llama.cpp would abort."""

    def __init__(self, path: Path, *, threads: int, context_size: int, gpu_layers: int = 0) -> None:
        """Load `path`; `gpu_layers` -1 means all. Raises ModelUnavailable with llama.cpp's own reason.

        With layers on the GPU that is ModelTooBig: with fewer of them it may do.
        """
        api.llama_log_set(_keep_log_line, ctypes.c_void_p(0))
        api.llama_backend_init()
        _log_lines.clear()
        on_gpu = gpu_layers != 0 and bool(api.llama_supports_gpu_offload())
        self.device = "gpu" if on_gpu else "cpu"
        self._failure = ModelTooBig if on_gpu else ModelUnavailable
        self.model = self._load(path, gpu_layers if on_gpu else 0)
        self.vocab = api.llama_model_get_vocab(self.model)
        self._pieces: dict[int, bytes] = {}
        self.vocab_size = int(api.llama_vocab_n_tokens(self.vocab))
        # A text may be as long as in training; several fit where that is less than the context that is asked for.
        trained = int(api.llama_model_n_ctx_train(self.model)) or context_size
        self.context_size, self.cells = min(context_size, trained), min(context_size, trained * MOST_SLOTS)
        self.context = self._open_context(path, threads)
        self.placement = placement(_log_lines)
        rolls_back = not (api.llama_model_is_recurrent(self.model) or api.llama_model_is_hybrid(self.model))
        self.sequences = Sequences(
            self.context, count=MOST_SLOTS, cells=self.cells, vocab_size=self.vocab_size, shares=rolls_back
        )

    def _load(self, path: Path, gpu_layers: int) -> api.llama_model_p:
        params = api.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        model = api.llama_model_load_from_file(os.fsencode(path), params)
        if not model:
            raise self._failure(f"The model file {path.name} cannot be loaded: {_why_it_failed()}.")
        return model

    def _open_context(self, path: Path, threads: int) -> api.llama_context_p:
        params = api.llama_context_default_params()
        params.n_ctx = self.cells
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        params.n_seq_max, params.kv_unified = MOST_SLOTS, True  # one store for all, so that beginnings can be shared
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_AUTO  # on wherever the device can; the default is off
        context = api.llama_init_from_model(self.model, params)
        if not context:
            api.llama_model_free(self.model)
            raise self._failure(
                f"There is not enough memory to open the model {path.name} with CONTEXT_SIZE={self.context_size}: "
                f"{_why_it_failed()}. Set a smaller CONTEXT_SIZE or a smaller model."
            )
        return context

    def close(self) -> None:
        """Free the model. Nothing may be asked afterwards."""
        self.sequences.close()
        api.llama_free(self.context)
        api.llama_model_free(self.model)

    def metadata(self, key: str) -> str | None:
        """Return the GGUF metadata value under `key` as text, or None."""
        size = api.llama_model_meta_val_str(self.model, key.encode(), None, 0)
        if size < 0:
            return None
        buffer = ctypes.create_string_buffer(size + 1)
        api.llama_model_meta_val_str(self.model, key.encode(), buffer, size + 1)
        return buffer.value.decode("utf-8", "replace")

    def tokens(self, text: bytes, *, special: bool) -> list[int]:
        """Return `text` as token ids. With `special` False, `<|im_end|>` in the text is mere characters."""
        room = len(text) + 8
        ids = (api.llama_token * room)()
        count = api.llama_tokenize(self.vocab, text, len(text), ids, room, False, special)
        if count < 0:
            raise CorrectionError("The model's tokenizer could not read this text.")
        return list(ids[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes that `token` stands for; control tokens stand for none."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._ask_piece(token)
        return known

    def _ask_piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        size = api.llama_token_to_piece(self.vocab, token, buffer, PIECE_BYTES, 0, False)
        return buffer.raw[: max(size, 0)]

    def text(self, tokens: Sequence[int]) -> bytes:
        """Return the bytes of `tokens`, joined."""
        return b"".join(self.piece(token) for token in tokens)

    def is_end(self, token: int) -> bool:
        """Tell whether the model ends its answer with `token`."""
        return bool(api.llama_vocab_is_eog(self.vocab, token))

    def end_token(self) -> int:
        """Return the token with which a chat model ends its turn."""
        eot = int(api.llama_vocab_eot(self.vocab))
        return eot if eot >= 0 else int(api.llama_vocab_eos(self.vocab))

    def start_token(self) -> int | None:
        """Return the token that has to come before every prompt, None when the model wants none."""
        return int(api.llama_vocab_bos(self.vocab)) if api.llama_vocab_get_add_bos(self.vocab) else None

    def slots_for(self, tokens: int) -> int:
        """Return how many texts of that many tokens, answers counted in, can be under way at once."""
        return max(1, min(MOST_SLOTS, self.cells // max(tokens, 1)))

    def rows_of(self, asks: Mapping[int, Ask]) -> dict[int, np.ndarray]:
        """Return for each slot the logits that are asked for there: (wanted, vocab_size) float32.

        Raises CorrectionError when a sequence does not fit into the context or llama.cpp refuses it.
        """
        if any(len(ask.sequence) > self.context_size for ask in asks.values()):
            raise CorrectionError("This passage is too long for the model's CONTEXT_SIZE.")
        return self.sequences.rows(asks)

    def rows(self, sequence: Sequence[int], count: int) -> np.ndarray:
        """Return the logits after each of the last `count` tokens of one sequence. Raises as `rows_of` does."""
        return self.rows_of({0: Ask(sequence, range(len(sequence) - count, len(sequence)))})[0]
