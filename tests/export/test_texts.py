"""Plain text, Markdown and Word hold the text as it stands on the page."""

from __future__ import annotations

import docx
import pytest

from documents.export.docx_file import write_docx
from documents.export.texts import escaped, write_markdown, write_text
from tests.export.scenes import TEXTS, make_document, make_page, page_of, stored_line

TITLE = [stored_line("A heading", top=50, block=0, kind="heading")]
PROSE = [stored_line("first line", top=100, block=1), stored_line("second line", top=150, block=1)]
TABLE = [
    stored_line("Tea 2 3.50", top=200, block=2, kind="table", cells=[[0, 0], [1, 1], [2, 2]]),
    stored_line("Cake 1.20", top=250, block=2, kind="table", cells=[[0, 0], [1, 2]]),
]


def markdown(tmp_path, *pages, **more):
    write_markdown(make_document(*pages, **more), tmp_path / "x.md", pages=len(pages))
    return (tmp_path / "x.md").read_text(encoding="utf-8")


def word(tmp_path, *pages, **more):
    write_docx(make_document(*pages, **more), tmp_path / "x.docx", pages=len(pages))
    return docx.Document(str(tmp_path / "x.docx"))


@pytest.mark.parametrize("language", TEXTS)
def test_plain_text_is_the_text(tmp_path, language):
    write_text(make_document(make_page(TEXTS[language])), tmp_path / "x.txt", pages=1)
    assert (tmp_path / "x.txt").read_text(encoding="utf-8") == "\n".join(TEXTS[language])


def test_plain_text_parts_pages_with_form_feeds(tmp_path):
    write_text(make_document(make_page(["one"]), make_page(note="Waiting")), tmp_path / "x.txt", pages=2)
    assert (tmp_path / "x.txt").read_text() == "one\n\f\n[Waiting]"


def test_markdown_has_headings_paragraphs_and_tables(tmp_path):
    told = markdown(tmp_path, page_of([*TITLE, *PROSE, *TABLE]), make_page(["next"]))
    assert told == (
        "# A title\n\n## A heading\n\nfirst line\nsecond line\n\n"
        "| Tea | 2 | 3.50 |\n| --- | --- | --- |\n| Cake |  | 1.20 |\n\n---\n\nnext\n"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [("a*b_c", r"a\*b\_c"), ("<b>", r"\<b\>"), ("# no heading", r"\# no heading"), ("- no list", r"\- no list"),
     ("1. no list", r"1\. no list"), ("1914 was", "1914 was"), ("well-known", "well-known"), ("a | b", r"a \| b"),
     ("===", r"\==="), ("[x](y)", r"\[x\](y)"), ("25) no list", r"25\) no list"), ("3.50", "3.50"), ("-", r"\-")],
)  # fmt: skip
def test_markdown_shows_signs_as_they_are(text, told):
    assert escaped(text) == told


def test_word_has_headings_paragraphs_and_tables(tmp_path):
    told = word(tmp_path, page_of([*TITLE, *PROSE, *TABLE]))
    assert [(p.style.name, p.text) for p in told.paragraphs] == [
        ("Heading 1", "A heading"), ("Normal", "first line\nsecond line")
    ]  # fmt: skip
    assert [[cell.text for cell in row.cells] for row in told.tables[0].rows] == [
        ["Tea", "2", "3.50"],
        ["Cake", "", "1.20"],
    ]


def test_word_keeps_pages_apart_and_says_why_there_is_no_text(tmp_path):
    told = word(tmp_path, make_page(["one"]), make_page(note="Waiting"), title="T" * 300)
    assert 'w:type="page"' in told.element.xml
    assert told.paragraphs[-1].text == "[Waiting]"
    assert told.core_properties.title == "T" * 255


@pytest.mark.parametrize("language", TEXTS)
def test_word_holds_all_scripts(tmp_path, language):
    told = word(tmp_path, make_page(TEXTS[language], language=language))
    assert told.paragraphs[0].text == "\n".join(TEXTS[language])
