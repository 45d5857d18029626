"""Is this file a whole GGUF model? Reads its header only, so that a cut-off download is told apart before loading."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from documents.correction.base import ModelUnavailable

# From the GGUF specification (ggml/docs/gguf.md): sizes of the scalar value types, string = 8, array = 9.
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9
_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_DEFAULT_ALIGNMENT = 32
_LONGEST_STRING = 2**26  # 64 MiB: far above any template; a broken length must not be believed


class _Broken(Exception):
    """The header ends too early or says what cannot be."""


def check_gguf(path: Path) -> None:
    """Return when `path` is a GGUF file whose tensors are all there. Raises ModelUnavailable with a sentence."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(4) != _MAGIC:
                raise ModelUnavailable(f"The model file {path.name} is not a GGUF model. Choose another file.")
            last_tensor = _last_tensor_start(file)
    except _Broken as error:
        raise ModelUnavailable(_cut_off(path)) from error
    except OSError as error:
        raise ModelUnavailable(f"The model file {path} cannot be read: {error.strerror}.") from error
    if size <= last_tensor:
        raise ModelUnavailable(_cut_off(path))


def _cut_off(path: Path) -> str:
    return f"The model file {path.name} is cut off or damaged. Delete it and download it again."


def _last_tensor_start(file: BinaryIO) -> int:
    """Return the position in bytes where the data of the last tensor starts; llama.cpp itself checks its end."""
    version, tensors, values = _unpack(file, "<IQQ")
    if version not in _VERSIONS:
        raise _Broken(f"version {version}")
    alignment = _DEFAULT_ALIGNMENT
    for _ in range(values):
        key = _string(file)
        (kind,) = _unpack(file, "<I")
        if key == b"general.alignment" and kind == 4:
            (alignment,) = _unpack(file, "<I")
        else:
            _skip_value(file, kind)
    offsets = [_tensor_offset(file) for _ in range(tensors)]
    here = file.tell()
    return here + -here % max(alignment, 1) + max(offsets, default=0)


def _tensor_offset(file: BinaryIO) -> int:
    """Return where a tensor's data starts, counted from the start of all data."""
    _string(file)
    (dimensions,) = _unpack(file, "<I")
    *_, offset = _unpack(file, f"<{min(dimensions, 8)}QIQ")
    return offset


def _skip_value(file: BinaryIO, kind: int) -> None:
    if kind == _STRING:
        _string(file)
    elif kind == _ARRAY:
        item, count = _unpack(file, "<IQ")
        if item in _SCALAR_BYTES:
            file.seek(_SCALAR_BYTES[item] * count, 1)
        else:
            for _ in range(count):
                _skip_value(file, item)
    elif kind in _SCALAR_BYTES:
        file.seek(_SCALAR_BYTES[kind], 1)
    else:
        raise _Broken(f"value type {kind}")


def _string(file: BinaryIO) -> bytes:
    (length,) = _unpack(file, "<Q")
    if length > _LONGEST_STRING:
        raise _Broken(f"a string of {length} bytes")
    return _read(file, length)


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, _read(file, struct.calcsize(layout)))


def _read(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise _Broken("the end of the file")
    return data
