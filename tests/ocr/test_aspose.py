from __future__ import annotations

import importlib.util
import re
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from documents.ocr.aspose import (
    AsposeEngine,
    as_line,
    explained,
    in_regions,
    license_file,
    refuse_trial,
    take_metered_keys,
)
from documents.ocr.aspose_options import language_name
from documents.ocr.base import EngineUnavailable, Line, OcrError
from documents.ocr.hosted import HostedEngine
from documents.ocr.lines import spread_words, with_confidence
from documents.ocr.openssl import build_shim

from .pictures import draw_text


def is_installed() -> bool:
    try:
        return importlib.util.find_spec("aspose.ocr") is not None
    except ModuleNotFoundError:
        return False


SERVICE = "documents.ocr.service"

needs_aspose = pytest.mark.skipif(not is_installed(), reason="the package aspose-ocr-python-net is not installed")


def refusal(picture: Path, license: str, *, service: str = SERVICE, page: dict | None = None, **options) -> str:
    """The sentence with which the real engine, in a child process, declines to read `picture`."""
    options = {"license": license, "cache": str(picture.parent / "cache"), **options}
    engine = HostedEngine("aspose", options, service=service)
    try:
        with pytest.raises(EngineUnavailable) as caught:
            engine.read(picture, **({"language": "en", "handwritten": False} | (page or {})))
    finally:
        engine.close()
    return str(caught.value)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    lines = ["Invoice number 4711 of 12 May", "Total amount due 128.50 EUR", "Please pay within fourteen days"]
    return draw_text(tmp_path / "page.png", [(30, 30 + 70 * n, text) for n, text in enumerate(lines)])


def test_it_does_not_start_without_a_licence(picture):
    assert "has no licence" in refusal(picture, "")


@needs_aspose
@pytest.mark.parametrize("license", ["/nowhere/aspose.lic", "<License><Data></Data></License>"])
def test_it_starts_here_and_refuses_a_licence_that_is_none(picture, license):
    assert "did not accept the licence" in refusal(picture, license)


@needs_aspose
def test_a_page_read_as_a_trial_is_no_reading(picture):
    assert "running as a trial" in refusal(picture, "<License/>", service="tests.ocr.trial_service")


@needs_aspose
@pytest.mark.parametrize(
    ("page", "options", "missing"),
    [
        ({"handwritten": True}, {}, "aspose-ocr-advanced-recognition-v1.ocr"),
        ({"language": "uk"}, {}, "aspose-ocr-cyrillic-v1.ocr"),
        ({"language": ""}, {"language_level": "by_paragraph"}, "aspose-ocr-language-classification-v1.ocr"),
        ({}, {"area_mode": "table"}, "aspose-ocr-advanced-recognition-v1.ocr"),
        ({}, {"filters": ["auto_denoising"]}, "aspose-ocr-advanced-preprocessing-v1.ocr"),
    ],
)
def test_what_needs_a_resource_file_says_which(picture, page, options, missing):
    told = refusal(picture, "<License/>", service="tests.ocr.trial_service", page=page, **options)
    assert f"needs the file {missing} for this page" in told


@needs_aspose
def test_every_name_is_one_of_the_package(picture):
    told = refusal(picture, "<License/>", service="tests.ocr.aspose_names_service")
    assert told == "Every name is known."


@needs_aspose
def test_filters_and_modes_that_need_no_file_are_accepted(picture):
    filters = ["auto_skew", "contrast_correction_filter", "median", "to_grayscale", "threshold:128"]
    options = {"area_mode": "lean", "filters": filters, "threads": 2}
    assert "running as a trial" in refusal(picture, "<License/>", service="tests.ocr.trial_service", **options)


@needs_aspose
@pytest.mark.parametrize(
    ("wishes", "missing"),
    [({"area_mode": "table"}, "aspose-ocr-advanced-recognition-v1.ocr"),
     ({"filters": ["auto_denoising"]}, "aspose-ocr-advanced-preprocessing-v1.ocr")],
)  # fmt: skip
def test_a_page_may_have_options_of_its_own(picture, wishes, missing):
    options = {"license": "<License/>", "cache": str(picture.parent / "cache"), "area_mode": "lean"}
    engine = HostedEngine("aspose", options, service="tests.ocr.trial_service")
    try:
        with pytest.raises(EngineUnavailable, match=missing):
            engine.wishing(wishes).read(picture, language="en", handwritten=False)
        with pytest.raises(EngineUnavailable, match="running as a trial"):
            engine.read(picture, language="en", handwritten=False)
    finally:
        engine.close()


class Meter:
    """The package's Metered, which asks the vendor's server."""

    def set_metered_key(self, public_key: str, private_key: str) -> None:
        if (public_key, private_key) == ("wrong", "wrong"):
            raise RuntimeError("Proxy error(InvalidOperationException): Authentication failed.")
        self.is_known = public_key == "paid"

    def is_metered_licensed(self) -> bool:
        return self.is_known


def test_metered_keys_take_the_place_of_a_licence():
    ocr = SimpleNamespace(Metered=Meter)
    take_metered_keys(ocr, "paid", "private")
    with pytest.raises(EngineUnavailable, match=r"did not accept the metered keys.*Authentication failed\.$"):
        take_metered_keys(ocr, "wrong", "wrong")
    with pytest.raises(EngineUnavailable, match="Check your account"):
        take_metered_keys(ocr, "unpaid", "private")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"area_mode": "columns"}, "no area mode called 'columns'. Choose one of: universal, lean"),
        ({"language_level": "by_page_"}, "no language level called 'by_page_'. Choose one of: by_page"),
        ({"filters": ["median", "rotate"]}, "no filter called 'rotate'. Choose one of: auto_skew"),
        ({"filters": ["threshold"]}, "wants a grey level, as in threshold:128, not 'threshold'"),
        ({"filters": ["threshold:300"]}, "wants a grey level"),
        ({"filters": ["median:3"]}, "takes no value"),
        ({"gpu": True}, "reads on the processor only"),
        ({"license": "/nowhere/my.lic"}, "there is no file /nowhere/my.lic"),
        ({"license": "", "metered_public_key": "public"}, "needs both metered keys"),
    ],
)
def test_options_that_it_has_not_are_answered_with_those_it_has(options, message):
    with pytest.raises(EngineUnavailable, match=re.escape(message)):
        AsposeEngine(**{"license": "<License/>", **options})


@pytest.mark.parametrize(
    ("code", "detect", "name"),
    [
        ("de", False, "DEU"), ("sr", False, "SRP"), ("sr-Latn", False, "HBS"), ("zh_Hant", False, "CHINESE"),
        ("pt-BR", False, "POR"), ("el", False, "EXT_LATIN"), ("", False, "EXT_LATIN"), ("", True, "AUTO"),
        ("de", True, "DEU"),
    ],
)  # fmt: skip
def test_a_language_goes_by_its_usual_code(code, detect, name):
    assert language_name(code, detect=detect) == name


def test_a_line_without_confidence_is_to_be_looked_at_and_lies_in_the_picture():
    edges = SimpleNamespace(left=-5, top=10, right=700, bottom=40)
    line = with_confidence(as_line(SimpleNamespace(text_in_line="two words ", confidence=0.0, line=edges), 600, 300))
    assert (line.text, line.box, line.confidence) == ("two words", (0, 10, 600, 40), 0.5)
    assert [word.confidence for word in line.words] == [0.5, 0.5]


def region(kind: str, top: int, bottom: int) -> SimpleNamespace:
    edges = SimpleNamespace(left=0, top=top, right=600, bottom=bottom)
    return SimpleNamespace(region=edges, region_type=SimpleNamespace(name=kind))


def test_its_regions_become_blocks():
    lines = [Line(f"line {n}", (0, 40 * n, 300, 40 * n + 30), 0.9) for n in range(5)]
    regions = [region("PARAGRAPH", 75, 200), region("TITLE", 0, 35), region("TABLE", 35, 75)]
    found = [(line.block, line.kind) for line in in_regions([*lines, Line("x", (0, 900, 9, 909), 0.9)], regions)]
    assert found == [(0, "heading"), (1, "table"), (2, ""), (2, ""), (2, ""), (2, "")]


def test_regions_of_single_lines_are_no_blocks():
    lines = [Line(f"line {n}", (0, 40 * n, 300, 40 * n + 30), 0.9) for n in range(2)]
    assert in_regions(lines, [region("LINE", 0, 35), region("LINE", 35, 75)]) == lines


@pytest.mark.parametrize(
    ("text", "warnings"),
    [("Invoice\nTota\n ************* Trial Licenses ************* \n", ()), ("Invoice", ("Trial Licenses",))],
)
def test_trial_text_and_trial_warnings_are_recognised(text, warnings):
    with pytest.raises(EngineUnavailable):
        refuse_trial(text, warnings)


def test_a_page_about_trial_licences_is_a_reading():
    refuse_trial("Trial Licenses are granted for thirty days.", ("The page is turned.",))


def test_a_licence_given_as_text_is_a_private_file_for_a_moment():
    with license_file("<License>ä</License>") as path:
        assert path.read_text(encoding="utf-8") == "<License>ä</License>"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()


def test_a_licence_given_as_a_path_is_used_as_it_is(tmp_path):
    with license_file(str(tmp_path / "my.lic")) as path:
        assert path == tmp_path / "my.lic"


def test_a_missing_resource_file_is_named():
    error = explained(RuntimeError("Proxy error(): Please install the 'aspose-ocr-cyrillic-v1.ocr' first, use ..."))
    assert isinstance(error, EngineUnavailable)
    assert "needs the file aspose-ocr-cyrillic-v1.ocr" in str(error)


def test_other_errors_are_told_without_the_bridge():
    error = explained(RuntimeError("Proxy error(IOException): Disk is full."))
    assert type(error) is OcrError
    assert str(error) == "Aspose.OCR could not read this page. Disk is full."


def test_words_share_the_line_by_length():
    words = spread_words("ab cde", (100, 10, 160, 30), 0.5)
    assert [(word.text, word.box) for word in words] == [("ab", (100, 10, 120, 30)), ("cde", (130, 10, 160, 30))]


def test_the_shim_is_compiled_once(tmp_path):
    shim = build_shim(tmp_path / "cache")
    made = shim.stat().st_mtime_ns
    assert build_shim(tmp_path / "cache") == shim
    assert shim.stat().st_mtime_ns == made
    assert [path.name for path in shim.parent.iterdir()] == ["libssl.so.1.1"]


def test_without_a_compiler_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("documents.ocr.openssl.shutil.which", lambda name: None)
    with pytest.raises(EngineUnavailable, match="Install the system package gcc"):
        build_shim(tmp_path)
