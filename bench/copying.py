"""How much faster our loop is than plain chat completion of the whole page: same model, same text, one run.

The model has random weights of a real model's shape, so what it would say is told to it: where the reading has a
mistake, the true word gets the highest logit, everywhere else what was read. Each pass costs what it would cost with
real weights; the plain way writes as many tokens as the page has.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType
from llama_cpp import Llama
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from wordfreq import top_n_list

from bench import report, samples
from bench.correction import read
from documents.correction.alignment import Edit, apply_edits, edits_between
from documents.correction.base import NO_BRIEF, Brief, Question
from documents.correction.batching import Ask, Talk
from documents.correction.correct import correct_lines
from documents.correction.following import place_after
from documents.correction.guards import LARGE
from documents.correction.lexicon import Lexicon, lexicon_for
from documents.correction.llama import LlamaCorrector, Written
from documents.correction.prompts import INSTRUCTION
from documents.pipeline.options import ReadingOptions
from documents.pipeline.raw_lines import raw_line
from tests.correction.tiny_gguf import Shape, write_chat_model

WORDS = 20_000  # tokens of their own beside the bytes; as many as a real vocabulary has of one language's words
Q8 = GGMLQuantizationType.Q8_0
SHAPES = {
    "small": Shape(8, 512, 8, 2, 1536, 8192, 32_000, top_n_list("en", WORDS), Q8),
    "qwen2.5-0.5b": Shape(24, 896, 14, 2, 4864, 8192, 151_936, top_n_list("en", WORDS), Q8),
    "qwen2.5-3b": Shape(36, 2048, 16, 2, 11_008, 8192, 151_936, top_n_list("en", WORDS), Q8),
}
CONTEXT = 4096
SURE = 1000.0  # nats with which the model is told what to say
ALIKE = 70  # per cent that a piece of the truth must have in common with a line to be what was meant there
SIMILAR = 0.5  # the same for words


def main(options: list[str]) -> None:
    """Print, per set, the seconds of the plain way, of ours without and with the gate, and how many times as fast."""
    parser = argparse.ArgumentParser(prog="python -m bench copying")
    parser.add_argument("--sets", nargs="+", default=["typed-en", "print-es", "clean"], help="sets of scans")
    parser.add_argument("--pages", type=int, default=2, help="pages of each (2)")
    parser.add_argument("--shape", choices=SHAPES, default="small", help="of the random model (small)")
    parser.add_argument("--threads", type=int, default=1, help="for both ways (1)")
    parser.add_argument("--readings", type=Path, metavar="DIR", help="keep what was read here, and use it again")
    parser.add_argument("--no-plain", action="store_true", help="ours alone, to compare two versions of it")
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as folder:
        path = write_chat_model(Path(folder) / "model.gguf", shape=SHAPES[asked.shape])
        ours = Knowing(path, threads=asked.threads, context_size=CONTEXT)
        plain = None if asked.no_plain else plain_way(path, asked.threads)
        rows = [row(name, asked, ours, plain, Path(folder)) for name in asked.sets]
    report.say(f"Shape {asked.shape}, Q8_0, {asked.threads} threads, processor seconds.")
    report.table(
        ["set", "pages", "lines", "sent", "plain s", "no gate s", "gate s", "no gate: times", "gate: times"], rows
    )


def row(
    name: str, asked: argparse.Namespace, ours: Knowing, plain: Callable[[str], None] | None, folder: Path
) -> list[str | int | float]:
    """Return the figures of one set; the ways take turns page by page."""
    source = samples.clean(folder) if name == "clean" else samples.FOLDER / name
    pages = samples.in_folder(source)[: asked.pages]
    seconds, lines, sent = [0.0, 0.0, 0.0], 0, 0
    for page in pages:
        read_lines = reading(page, name, asked.readings)
        raw = [raw_line(line) for line in read_lines]
        texts = [line.text for line in raw]
        language = read_lines[0]["language"] or "en"
        ours.learn(texts, " ".join(page.text.split()), language)
        if plain:
            seconds[0] += timed(plain, "\n".join(texts))[0]
        seconds[1] += timed(ours.propose, texts, language=language)[0]
        took, correction = timed(correct_lines, ours, raw, language=language, trust=LARGE)
        seconds[2] += took
        lines, sent = lines + len(texts), sent + correction.sent
    times = [seconds[0] / one if plain else 0.0 for one in seconds[1:]]
    return [name, len(pages), lines, sent / lines, *seconds, *times]


def reading(page: samples.Sample, name: str, kept: Path | None) -> list[dict]:
    """Return the stored lines of a page, read anew unless they were kept."""
    file = kept / f"{name}--{page.picture.stem}.json" if kept else None
    return json.loads(file.read_text()) if file and file.is_file() else read(page.picture, ReadingOptions())


def timed(work: Callable[..., Any], *given: object, **options: object) -> tuple[float, Any]:
    """Return the processor's seconds, of all threads, that `work` takes, and what it returns."""
    started = time.process_time()
    result = work(*given, **options)
    return time.process_time() - started, result


def plain_way(path: Path, threads: int) -> Callable[[str], None]:
    """Return what corrects a page with one `create_chat_completion`, made to write as many tokens as the page has."""
    model = Llama(
        str(path), n_ctx=2 * CONTEXT, n_threads=threads, n_threads_batch=threads, flash_attn=True, verbose=False
    )
    never = {model.token_eos(): -100.0}

    def complete(text: str) -> None:
        count = len(model.tokenize(text.encode(), add_bos=False))
        model.reset()  # or the page before would be reused
        said = model.create_chat_completion(
            [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": text}],
            temperature=0, max_tokens=count, logit_bias=never,
        )  # fmt: skip
        assert said["usage"]["completion_tokens"] >= count - 1, "it was made to write all of it"

    return complete


class Knowing(LlamaCorrector):
    """Our loop on a model that is told what to say: the truth where the reading is wrong, else the reading."""

    def learn(self, lines: Sequence[str], truth: str, language: str) -> None:
        """Remember what was meant by each line."""
        self.meant = {line: meant(line, truth, lexicon_for(language)) for line in lines}

    def weigh(
        self, questions: Sequence[Question], *, language: str, brief: Brief = NO_BRIEF
    ) -> list[list[float | None]]:
        """Return no preference, after the work of having one."""
        return [[0.0] * len(said) for said in super().weigh(questions, language=language, brief=brief)]

    def _write(self, text: str, *options: object) -> Talk[Written]:
        """Do what the loop does, with the logits that a knowing model would give."""
        target = "\n".join(self.meant.get(line, line) for line in text.split("\n")).encode()
        start = len(self.style.prompt(text, options[-1].wish))
        talk, rows = super()._write(text, *options), None
        while True:
            try:
                ask = talk.send(rows)
            except StopIteration as end:
                return end.value
            rows = yield ask
            self._tell(rows, ask, start, target)

    def _tell(self, rows: np.ndarray, ask: Ask, start: int, target: bytes) -> None:
        """Raise, in each row, the token with which the target goes on, as a real model does behind any beginning.

        Where a word was held that the target has otherwise, the place in the target is found again as in the source.
        """
        for place, row_ in zip(ask.wanted, rows, strict=True):
            written = self.runtime.text(ask.sequence[start : place + 1])
            at = len(written)
            if not target.startswith(written):
                at = place_after(target, written, at, departed=0)
            row_[self._next_token(target[at:])] += SURE

    def _next_token(self, rest: bytes) -> int:
        """Return the token with which `rest` begins; within a character, which no tokenizer parts, that of its byte."""
        tokens = self.style.source(rest)
        return tokens[0] if tokens else next(n for n in range(256) if self.runtime.piece(n) == rest[:1])


def meant(line: str, truth: str, lexicon: Lexicon | None) -> str:
    """Return the line with its unknown words as the piece of the truth has them that is most like it."""
    found = fuzz.partial_ratio_alignment(line, truth, score_cutoff=ALIKE) if line.strip() else None
    if found is None or len(line) > len(truth):
        return line
    start = truth.rfind(" ", 0, found.dest_start + 1) + 1
    end = truth.find(" ", found.dest_end)
    there = truth[start : end if end >= 0 else None]
    return apply_edits(line, [edit for edit in edits_between(line, there) if is_misread(edit, lexicon)])


def is_misread(edit: Edit, lexicon: Lexicon | None) -> bool:
    """Tell whether a difference is one that a corrector could be meant to see; others are of the alignment's making."""
    unknown = any(lexicon is None or not lexicon.knows(word) for word in edit.before.split())
    return unknown and Levenshtein.normalized_similarity(edit.before, edit.after) >= SIMILAR
