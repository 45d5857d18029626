"""A chat model's own template, as its GGUF file carries it: what stands before the document and behind it."""

from __future__ import annotations

import itertools
from datetime import datetime

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.correction.base import ModelUnavailable

# Private-use character that stands for the document while a template is rendered; no template holds it.
DOCUMENT = "\ue000"
GENERIC_TEMPLATE = (
    "### Instruction:\n{{ messages[0]['content'] }}\n\n### Text:\n{{ messages[1]['content'] }}\n\n### Corrected text:\n"
)


def render(template: str, instruction: str) -> tuple[str, str]:
    """Return what the template writes before and after the document. Raises ModelUnavailable."""
    system = [{"role": "system", "content": instruction}, {"role": "user", "content": DOCUMENT}]
    # Some templates (Gemma) refuse a system message.
    alone = [{"role": "user", "content": f"{instruction}\n\n{DOCUMENT}"}]
    # "No tools" is None to most templates, and to some (Phi) an undefined name.
    for messages, tools in itertools.product((system, alone), ({"tools": None}, {})):
        try:
            head, found, tail = _fill(template, messages, tools).partition(DOCUMENT)
        except (TemplateError, TypeError):  # TypeError: templates for pictures want lists where we have text
            continue
        if found and instruction in head:
            return head, tail
    raise ModelUnavailable("The model's chat template cannot be used. Choose an instruction model with a template.")


def _fill(template: str, messages: list[dict[str, str]], tools: dict[str, None]) -> str:
    """Return the rendered template. It comes from a downloaded file, hence the sandbox."""

    def refuse(message: str) -> None:
        raise TemplateError(message)

    # As in transformers, for which the templates are written.
    world = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
    world.globals.update(raise_exception=refuse, strftime_now=datetime.now().strftime)
    return world.from_string(template).render(
        messages=messages, add_generation_prompt=True, bos_token="", eos_token="", enable_thinking=False, **tools
    )
