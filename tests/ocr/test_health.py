from __future__ import annotations

import subprocess
import sys

import pytest

from documents.hosts.client import ROOT
from documents.ocr import health
from documents.ocr.engines import ENGINES
from documents.ocr.health import engine_problem

CLOUD = {"client_id": "id", "client_secret": "secret"}


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Every package is there, wherever the tests run."""
    monkeypatch.setattr(health, "version", lambda package: "1")
    monkeypatch.setattr("documents.ocr.aspose_cloud_client.version", lambda package: "1")


def is_missing(package: str) -> str:
    raise health.PackageNotFoundError(package)


@pytest.mark.parametrize(
    ("name", "options", "problem"),
    [
        ("rapidocr", {}, ""),
        ("aspose", {"license": "<License/>", "filters": ["median"]}, ""),
        ("aspose", {"metered_public_key": "a", "metered_private_key": "b"}, ""),
        ("aspose", {}, "has no licence"),
        ("aspose", {"license": "/nowhere.lic"}, "there is no file /nowhere.lic"),
        ("aspose", {"license": "<License/>", "area_mode": "columns"}, "no area mode called 'columns'"),
        ("aspose", {"license": "<License/>", "resources": "/nowhere"}, "resources is missing: /nowhere"),
        ("aspose-cloud", CLOUD, ""),
        ("aspose-cloud", {}, "has no client id"),
        ("aspose-cloud", {**CLOUD, "base_url": "http://example.org"}, "must begin with https://"),
        ("abbyy", {}, "There is no OCR engine called 'abbyy'."),
    ],
)
def test_it_says_what_an_engine_lacks(name, options, problem):
    found = engine_problem(name, options)
    assert problem in found if problem else found == ""


@pytest.mark.parametrize(("name", "options"), [("rapidocr", {}), ("aspose", {"license": "<License/>"})])
def test_it_says_which_package_to_install(monkeypatch, name, options):
    monkeypatch.setattr(health, "version", is_missing)
    assert "is not installed. Install the package" in engine_problem(name, options)


def test_it_says_which_program_to_install():
    assert "there is no program tesseract-that-is-not-here" in health.tesseract_problem(
        {"program": "tesseract-that-is-not-here"}
    )


def test_it_wants_a_compiler_for_aspose_only_until_the_shim_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr(health.shutil, "which", lambda name: None)
    monkeypatch.setattr(health, "SONAME", "libssl-that-is-not-here.so")
    options = {"license": "<License/>", "cache": str(tmp_path)}
    assert engine_problem("aspose", options).endswith("Install the system package gcc.")
    (tmp_path / "libssl-that-is-not-here.so").touch()
    assert engine_problem("aspose", options) == ""


def test_it_loads_no_engine():
    heavy = "{'cv2', 'onnxruntime', 'rapidocr', 'aspose.ocr', 'aspose_ocr_cloud', 'django'}"
    asked = "".join(f"engine_problem({name!r}, {{'license': '<L/>', **{CLOUD!r}}}); " for name in sorted(ENGINES))
    script = f"from documents.ocr.health import engine_problem; import sys; {asked}print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
