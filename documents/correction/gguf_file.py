"""Is this file a whole GGUF model? Reads its header only, so that a cut-off download is told apart before loading."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from documents.correction.base import ModelUnavailable

# From the GGUF specification (ggml/docs/gguf.md): sizes of the scalar value types, string = 8, array = 9.
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_UINT32, _STRING, _ARRAY = 4, 8, 9
_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_DEFAULT_ALIGNMENT = 32
_LONGEST_STRING = 2**26  # 64 MiB: far above any template; a broken length must not be believed


@dataclass(frozen=True)
class Header:
    """What we read of a model: how many layers it has (0 when it does not say) and where, in bytes, its last
    tensor starts; llama.cpp itself checks where that ends."""

    layers: int
    last_tensor: int


class _Broken(Exception):
    """The header ends too early or says what cannot be."""


def check_gguf(path: Path) -> Header:
    """Return the header of a GGUF file whose tensors are there. Raises ModelUnavailable with a sentence."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise ModelUnavailable(f"The model file {path.name} is not a GGUF model. Choose another file.")
            header = _header(file)
        if path.stat().st_size <= header.last_tensor:
            raise _Broken("the end of the file")
    except _Broken as error:
        raise ModelUnavailable(
            f"The model file {path.name} is cut off or damaged. Delete it and download it again."
        ) from error
    except OSError as error:
        raise ModelUnavailable(f"The model file {path} cannot be read: {error.strerror}.") from error
    return header


def _header(file: BinaryIO) -> Header:
    version, tensors, values = _unpack(file, "<IQQ")
    if version not in _VERSIONS:
        raise _Broken(f"version {version}")
    facts: dict[str, int] = {}
    for _ in range(values):
        key = _string(file).decode("utf-8", "replace")
        (kind,) = _unpack(file, "<I")
        if kind == _UINT32:
            (facts[key],) = _unpack(file, "<I")
        else:
            _skip_value(file, kind)
    offsets = [_tensor_offset(file) for _ in range(tensors)]
    data = file.tell() + -file.tell() % max(facts.get("general.alignment", _DEFAULT_ALIGNMENT), 1)
    layers = next((value for key, value in facts.items() if key.endswith(".block_count")), 0)
    return Header(layers=layers, last_tensor=data + max(offsets, default=0))


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
