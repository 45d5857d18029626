"""Whether an engine could read here, found out without starting it: for checks and the admin."""

from __future__ import annotations

import ctypes
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .aspose_cloud_client import cloud_problem
from .aspose_options import license_problem, option_problem
from .engines import known
from .openssl import SONAME


def engine_problem(name: str, options: dict[str, Any]) -> str:
    """Return why the engine called `name` could not read with these options, as a sentence for staff; "" if it could.

    `options` are the keyword arguments of its class. Takes some milliseconds: no model is loaded and nothing is sent,
    so a licence that has run out, or a wrong secret, shows with the first page only.
    """
    try:
        known(name)
    except ValueError as error:
        return str(error)
    return PROBLEMS.get(name, lambda options: "")(options)


def aspose_problem(options: dict[str, Any]) -> str:
    """Return what Aspose.OCR lacks: the package, a licence, known options, its folder, a way to OpenSSL."""
    return (
        package_problem("Aspose.OCR", "aspose-ocr-python-net")
        or license_problem(
            options.get("license", ""), options.get("metered_public_key", ""), options.get("metered_private_key", "")
        )
        or option_problem(
            options.get("area_mode", ""),
            options.get("language_level", ""),
            options.get("filters", ()),
            options.get("gpu", False),
        )
        or resources_problem(options.get("resources", ""))
        or openssl_problem(options.get("cache", ""))
    )


def aspose_cloud_problem(options: dict[str, Any]) -> str:
    """Return what Aspose.OCR Cloud lacks: the package, client id and secret, a safe address."""
    return cloud_problem(
        options.get("client_id", ""), options.get("client_secret", ""), options.get("base_url", "")
    )


def rapidocr_problem(options: dict[str, Any]) -> str:
    """Return which package RapidOCR lacks."""
    return package_problem("RapidOCR", "rapidocr") or package_problem("RapidOCR", "onnxruntime")


def tesseract_problem(options: dict[str, Any]) -> str:
    """Return that Tesseract's program is missing."""
    program = options.get("program", "tesseract")
    if shutil.which(program):
        return ""
    return f"Tesseract is not installed: there is no program {program}. Install the system package tesseract-ocr."


def package_problem(engine: str, package: str) -> str:
    """Return that a Python package is missing."""
    try:
        version(package)
    except PackageNotFoundError:
        return f"{engine} is not installed. Install the package {package}."
    return ""


def resources_problem(folder: str) -> str:
    """Return that the folder of Aspose's resource files is missing; "" when it is there or none is named."""
    if not folder or Path(folder).is_dir():
        return ""
    return f"The folder for Aspose's resources is missing: {folder}. Make it, or change the setting."


def openssl_problem(cache: str) -> str:
    """Return that neither OpenSSL 1.1 nor its stand-in is here, nor the compiler that makes the stand-in."""
    if sys.platform != "linux" or (cache and (Path(cache) / SONAME).exists()):
        return ""
    if shutil.which("cc") or shutil.which("gcc"):
        return ""
    try:
        ctypes.CDLL(SONAME)
    except OSError:
        return "Aspose.OCR needs a C compiler once on this machine. Install the system package gcc."
    return ""


PROBLEMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "aspose": aspose_problem,
    "aspose-cloud": aspose_cloud_problem,
    "rapidocr": rapidocr_problem,
    "tesseract": tesseract_problem,
}
"""An engine that is not here needs nothing that could be missing."""
