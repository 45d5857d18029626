"""How much faster verifying a copy is than writing it: our loop against `create_chat_completion`, same model and text.

The model has random weights, so it is made to copy: ours by an endless bias, the other by as many tokens as the text
has. Its size decides the ratio: the bigger the model, the more a pass costs and the fewer of them count.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from pathlib import Path

from llama_cpp import Llama

from bench import report
from documents.correction.llama import LlamaCorrector
from documents.correction.prompts import INSTRUCTION
from tests.correction import tiny_gguf

LINE = "The house was quiet and we could hear the rain on the roof, {number} times"
LINES = 8  # what fits with prompt and answer, one token per byte, into the context of the model


def main(options: list[str]) -> None:
    """Print seconds and ratio per width of the model."""
    parser = argparse.ArgumentParser(prog="python -m bench copying")
    parser.add_argument("--widths", type=int, nargs="+", default=[256, 1024], help="of the random models (256 1024)")
    parser.add_argument("--rounds", type=int, default=3, help="texts per model (3)")
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(Path(folder) / f"{width}.gguf", width, asked.rounds) for width in asked.widths]
    report.table(["width", "tokens", "verified s", "written s", "times as fast"], rows)


def row(path: Path, width: int, rounds: int) -> list[int | float]:
    """Return the figures for a random model of one layer, the two ways taking turns; in processor time."""
    tiny_gguf.WIDTH, tiny_gguf.HEADS, tiny_gguf.HIDDEN = width, width // 64, width * 11 // 4
    tiny_gguf.write_chat_model(path)
    ours, theirs = (
        LlamaCorrector(path, threads=1, context_size=2048),
        Llama(str(path), n_ctx=2048, n_threads=1, verbose=False),
    )
    ours.style.bias = math.inf
    never = {token: -100.0 for token in range(ours.runtime.vocab_size) if ours.runtime.is_end(token)}
    verified = written = 0.0
    tokens = 0
    for turn in range(rounds):
        text = [LINE.format(number=100 * turn + number) for number in range(LINES)]
        started = time.process_time()
        answer = ours.propose(text, language="en")
        verified += time.process_time() - started
        assert [one.text for one in answer] == text, "it was made to copy"
        started = time.process_time()
        said = theirs.create_chat_completion(
            [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": "\n".join(text)}],
            temperature=0, max_tokens=len("\n".join(text)), logit_bias=never,
        )  # fmt: skip
        written += time.process_time() - started
        tokens += said["usage"]["completion_tokens"]
    ours.close()
    return [width, tokens, verified, written, written / verified]
