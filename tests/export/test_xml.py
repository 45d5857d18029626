"""hOCR, ALTO and PAGE: valid, and every word in its place."""

from __future__ import annotations

import json
import zipfile

import pytest
from lxml import etree

from documents.export.alto import write_alto
from documents.export.formats import FORMATS, ORIGINAL, suffix_of, write
from documents.export.hocr import write_hocr
from documents.export.json_file import write_json
from documents.export.page_xml import write_page_xml
from documents.ocr.hocr import hocr_lines
from tests.export.scenes import SIZE, TEXTS, make_document, make_page, page_of, stored_line, validate
from tests.export.test_texts import PROSE, TABLE, TITLE

ALTO = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
PAGE = {"p": "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"}
HTML = {"h": "http://www.w3.org/1999/xhtml"}
PAGES = [
    *(make_page(texts, language=language) for language, texts in TEXTS.items()),
    page_of([*TITLE, *PROSE, *TABLE]),
    page_of([{"text": "by hand", "box": None}, stored_line("<&> \"'", top=200, language="de")]),
    make_page((), number=2, dpi=None, language=""),
    make_page((), width=0, height=0, note="Waiting"),
]


@pytest.mark.parametrize("page", PAGES)
def test_alto_is_valid_and_tells_every_word(tmp_path, page):
    write_alto(make_document(page), tmp_path / "x.xml", pages=1)
    tree = validate(tmp_path / "x.xml", "alto-4-3.xsd")
    strings = tree.findall(".//a:String", ALTO)
    words = [word for line in page.lines for word in line.words]
    assert [string.get("CONTENT") for string in strings] == [word.text for word in words]
    assert [int(string.get("HPOS")) for string in strings] == [word.box[0] for word in words]


def test_alto_joins_to_the_very_lines(tmp_path):
    page = make_page(TEXTS["ja"])
    write_alto(make_document(page), tmp_path / "x.xml", pages=1)
    lines = etree.parse(tmp_path / "x.xml").findall(".//a:TextLine", ALTO)
    told = ["".join(part.get("CONTENT", " ") for part in line) for line in lines]
    assert told == TEXTS["ja"]


@pytest.mark.parametrize("page", PAGES)
def test_page_xml_is_valid_and_tells_every_line(tmp_path, page):
    write_page_xml(make_document(page), tmp_path / "x.xml", pages=1)
    tree = validate(tmp_path / "x.xml", "page-2019-07-15.xsd")
    lines = tree.findall(".//p:TextLine/p:TextEquiv/p:Unicode", PAGE)
    assert [line.text for line in lines] == [line.text for line in page.lines]


def test_page_xml_tells_the_reading_order_and_kinds(tmp_path):
    write_page_xml(make_document(page_of([*TITLE, *PROSE, *TABLE])), tmp_path / "x.xml", pages=1)
    tree = etree.parse(tmp_path / "x.xml")
    order = [ref.get("regionRef") for ref in tree.findall(".//p:RegionRefIndexed", PAGE)]
    regions = tree.findall(".//p:TextRegion", PAGE)
    assert [region.get("id") for region in regions] == order
    assert [region.get("type") for region in regions] == ["heading", "paragraph", "other"]


@pytest.mark.parametrize("page", PAGES)
def test_hocr_is_well_formed_and_tells_every_word(tmp_path, page):
    write_hocr(make_document(page), tmp_path / "x.hocr", pages=1)
    tree = etree.parse(tmp_path / "x.hocr")
    words = tree.findall(".//h:span[@class='ocrx_word']", HTML)
    assert [word.text for word in words] == [word.text for line in page.lines for word in line.words]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_our_own_reader_reads_our_hocr(tmp_path):
    page = make_page(TEXTS["es"])
    write_hocr(make_document(page), tmp_path / "x.hocr", pages=1)
    lines = hocr_lines((tmp_path / "x.hocr").read_text(), *SIZE)
    assert [line.text for line in lines] == TEXTS["es"]
    assert [word.box for line in lines for word in line.words] == [w.box for line in page.lines for w in line.words]
    assert {word.confidence for line in lines for word in line.words} == {0.9}


def test_words_that_a_person_wrote_have_no_confidence(tmp_path):
    document = make_document(page_of([{"text": "by hand", "box": [10, 10, 100, 30]}]))
    write_alto(document, tmp_path / "alto.xml", pages=1)
    assert b"WC=" not in (tmp_path / "alto.xml").read_bytes()
    write_hocr(document, tmp_path / "x.hocr", pages=1)
    assert b"x_wconf " not in (tmp_path / "x.hocr").read_bytes()


def test_json_tells_places_and_facts(tmp_path):
    page = make_page(["a b"], facts={"status": "done"})
    write_json(make_document(page, facts={"id": 7}), tmp_path / "x.json", pages=1)
    told = json.loads((tmp_path / "x.json").read_text())
    assert (told["version"], told["id"], told["pages"][0]["status"]) == (1, 7, "done")
    assert told["pages"][0]["lines"][0]["words"][1] == {
        "text": "b", "box": [144, 101, 166, 139], "confidence": 0.9, "glued": False
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted({*FORMATS} - {ORIGINAL}))
def test_files_of_one_page_and_of_many_are_named_by_what_they_are(name):
    one, many = suffix_of(name, 1), suffix_of(name, 2)
    assert (many == f"{name}.zip") is FORMATS[name].is_per_page
    assert one == FORMATS[name].suffix


def test_the_page_files_of_a_document_are_each_valid(tmp_path):
    pages = [make_page(["one"]), make_page(["two"], number=2)]
    write("page", make_document(*pages), tmp_path / "x.zip", pages=2)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path)
    for name in ("0001.page.xml", "0002.page.xml"):
        validate(tmp_path / name, "page-2019-07-15.xsd")
