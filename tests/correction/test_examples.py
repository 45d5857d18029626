"""The examples that this product grew from, with the model that ships."""

from __future__ import annotations

import pytest

from documents.correction.correct import correct_lines
from documents.correction.llama import LlamaCorrector
from documents.correction.models import EMBEDDED, EMBEDDED_CHOICE


@pytest.fixture(scope="module")
def model():
    corrector = LlamaCorrector(EMBEDDED, threads=1, context_size=512)
    yield corrector
    corrector.close()


def corrected(model: LlamaCorrector, lines: list[str], language: str) -> list[str]:
    return list(correct_lines(model, lines, language=language, languages=EMBEDDED_CHOICE.languages).lines)


@pytest.mark.parametrize("language", ["", "en"])
@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (
            ["Inv0ice No: 12345", "Date: 2023/07/15", "Total Am0unt: $1,200.00"],
            ["Invoice No: 12345", "Date: 2023/07/15", "Total Amount: $1,200.00"],
        ),
        (["Inv0ice N0: 12345", "Tot@l Amt: $1,23O.00"], ["Invoice No: 12345", "Total Amt: $1,230.00"]),
        (["Helllo wrold"], ["Hello world"]),
        (
            ["The house was qu1et and |  could hear tbe rain."],
            ["The house was quiet and I  could hear the rain."],
        ),
        (["tbe quick brown fox jumps over tlie lazy dog"], ["the quick brown fox jumps over the lazy dog"]),
    ],
)
def test_it_repairs_the_examples(model, read, meant, language):
    assert corrected(model, read, language) == meant


@pytest.mark.parametrize("language", ["", "en"])
@pytest.mark.parametrize(
    "line",
    [
        "Bonjour le monde",
        "Le loisir, le sommeil et la rêverie sont des biens précieux pour chacun.",
        "Merci de votre visite",
        "La casa era tranquila y podíamos oír la lluvia toda la noche.",
        "Gracias por su compra",
        "吾輩は猫である。名前はまだ無い。",
        "我们都很喜欢这本书的内容。",
        "GEDUNG MAJU SDN BHD",
        "AEON CO. (M) BHD, TAMAN TEBRAU, JOHOR BAHRU",
        "Page 3 of 12, ref. AB-2041/7",
    ],
)
def test_it_leaves_a_clean_line_alone_whatever_its_language_is_taken_for(model, line, language):
    assert corrected(model, [line], language) == [line]
