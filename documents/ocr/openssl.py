"""Give a library that asks for OpenSSL 1.1 the system's OpenSSL 3, by way of a small shim compiled at first use."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .base import EngineUnavailable

SONAME = "libssl.so.1.1"
SOURCE = Path(__file__).with_name("openssl11_shim.c")


def ensure_openssl11(folder: Path) -> None:
    """Load what answers to the name of OpenSSL 1.1: the real one where the system has it, otherwise the shim.

    `folder` keeps the compiled shim. Raises EngineUnavailable when it cannot be compiled or loaded.
    """
    try:
        ctypes.CDLL(SONAME, ctypes.RTLD_GLOBAL)
    except OSError:
        shim = build_shim(folder)
        try:
            ctypes.CDLL(str(shim), ctypes.RTLD_GLOBAL)
        except OSError as error:
            raise EngineUnavailable(f"Aspose.OCR needs OpenSSL, which cannot be loaded: {error}.") from error


def build_shim(folder: Path) -> Path:
    """Return the shim's path in `folder`, compiled there unless an earlier call did.

    Raises EngineUnavailable when there is no C compiler or the compiler fails.
    """
    shim = folder / SONAME
    if shim.exists():
        return shim
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise EngineUnavailable("Aspose.OCR needs a C compiler once on this machine. Install the system package gcc.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as workplace:
        made = Path(workplace) / SONAME
        compile_shim(compiler, made)
        os.replace(made, shim)  # at once, as another worker may be looking for it
    return shim


def compile_shim(compiler: str, target: Path) -> None:
    """Write the shared library `target`. Raises EngineUnavailable with the compiler's last line."""
    # By file name, as the plain -lssl needs the development package.
    libraries = ["-l:libssl.so.3", "-l:libcrypto.so.3"]
    command = [compiler, "-shared", "-fPIC", "-O1", f"-Wl,-soname,{SONAME}", "-o", str(target), str(SOURCE)]
    done = subprocess.run(command + libraries, capture_output=True, text=True, timeout=60)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise EngineUnavailable(
            "Aspose.OCR needs OpenSSL 3 and a working C compiler. Install the system packages gcc, libc6-dev and "
            f"libssl3. The compiler said: {last}"
        )
