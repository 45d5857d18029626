"""Pages of TIFF, JPEG, PNG and WebP files, read by Pillow. A leaf."""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, ImageOps

from documents.pipeline.picture_base import (
    FULL_DPI,
    Drawn,
    Limits,
    PageProblem,
    PictureError,
    Unreadable,
    cut_off,
    damaged,
    without_needless_colour,
)

MAX_SIDE = 30_000
"""Longest side in pixels of any page picture: leptonica refuses above 32,767."""

LOWEST_DPI, HIGHEST_DPI = 50, 1200
"""Resolutions that scanners write; cameras and editors write 1, 0 or millions."""

MOST_UNEVEN = 2.5
"""How far the two resolutions may differ: fax machines write 204 x 98 and 204 x 391."""

LEAST_UNEVEN = 1.1
"""Below this ratio stretching would blur the print for nothing."""

DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's readers raise on garbage, seen with cut and noisy files of every kind."""

PILLOW_FORMATS = {"tiff": "TIFF", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


def count_frames(path: Path, kind: str, limits: Limits) -> int:
    """Return the number of TIFF frames, 1 for other pictures, once the first was decoded. Raises Unreadable."""
    try:
        with _open_image(path, kind) as image:
            _check_pixels(image, limits, Unreadable)
            frames = _walk_frames(image, limits.max_frames) if kind == "tiff" else 1
            image.seek(0)
            image.draft("L", (1, 1))  # a JPEG is read to its end, yet only an eighth of it is computed
            image.load()
    except Image.DecompressionBombError as exc:
        raise Unreadable("The picture has too many pixels; scan it at a lower resolution.", "too_large") from exc
    except DECODER_ERRORS as exc:
        raise (cut_off(kind) if "truncated" in str(exc) else damaged(kind)) from exc
    if frames > limits.max_frames:
        message = f"The TIFF has more than the {limits.max_frames:,} pages allowed; split it into smaller files."
        raise Unreadable(message, "too_many_pages")
    return frames


def _walk_frames(image: Image.Image, most: int) -> int:
    """Return the number of frames, `most` + 1 when there are more: `n_frames` would walk them all."""
    for frame in range(most + 1):
        try:
            image.seek(frame)
        except EOFError:
            return frame
    return most + 1


def _open_image(path: Path, kind: str) -> Image.Image:
    """Return the opened, not yet decoded image. Raises DecompressionBombError and DECODER_ERRORS."""
    with warnings.catch_warnings():
        # Pillow warns from half of its limit on; ours is checked before any pixel is decoded.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(path, formats=[PILLOW_FORMATS[kind]])


def _check_pixels(image: Image.Image, limits: Limits, error: type[PictureError]) -> None:
    width, height = image.size
    if width * height > limits.max_pixels:
        most = limits.max_pixels // 1_000_000
        size = f"{width:,} x {height:,} pixels, more than {most:,} million"
        message = f"The picture has {size}; scan it at a lower resolution."
        raise error(message, "too_large")


def read_frame(path: Path, kind: str, number: int, dpi: int, limits: Limits) -> Drawn:
    """Return frame `number` (from 1) upright, on white, in grey or RGB, at most as large as the limits allow.

    `dpi` below 300 shrinks it in proportion. Raises PageProblem.
    """
    try:
        with _open_image(path, kind) as image:
            image.seek(number - 1)
            _check_pixels(image, limits, PageProblem)
            stated = _stated_dpi(image)
            size, fit = _wanted_size(image.size, stated, dpi, limits)
            turned = kind != "tiff" and image.getexif().get(0x0112, 1) >= 5  # Pillow turns TIFF by itself
            image.draft(None, size)
            picture = _plain(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as exc:
        raise PageProblem(f"Page {number} has too many pixels; scan it at a lower resolution.", "too_large") from exc
    except DECODER_ERRORS as exc:
        raise PageProblem(f"Page {number} of the file is damaged or cut off; scan it again.", "damaged") from exc
    size = size[::-1] if turned else size
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    is_shrunk = fit < min(1.0, dpi / FULL_DPI)
    notes = [f"Page {number} is very large and was made smaller: small print may be unreadable."] * is_shrunk
    return without_needless_colour(picture), round(max(stated) * fit) if stated else None, notes


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Return the horizontal and vertical resolution in the file, None when absent or not plausible."""
    across, down = map(float, image.info.get("dpi") or (0, 0))
    lowest, highest = min(across, down), max(across, down)
    if not LOWEST_DPI <= lowest <= highest <= HIGHEST_DPI or highest > MOST_UNEVEN * lowest:
        return None
    return across, down


def _wanted_size(
    size: tuple[int, int], stated: tuple[float, float] | None, dpi: int, limits: Limits
) -> tuple[tuple[int, int], float]:
    """Return the size in pixels that the picture shall have, and by how much it is shrunk for that (1.0: not)."""
    width, height = size
    across, down = stated or (1.0, 1.0)
    if max(across, down) >= LEAST_UNEVEN * min(across, down):
        # The pixels are not square: stretch the coarser side.
        width, height = width * max(across, down) / across, height * max(across, down) / down
    fit = min(1.0, dpi / FULL_DPI, math.sqrt(limits.render_pixels / (width * height)), MAX_SIDE / max(width, height))
    return (max(1, round(width * fit)), max(1, round(height * fit))), fit


def _plain(image: Image.Image) -> Image.Image:
    """Return the image in mode L or RGB, with white where it was transparent."""
    if image.mode.startswith(("I", "F")):
        return _from_deep_grey(image)
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(see_through, mask=see_through.getchannel("A"))
        return paper
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """Return 12-, 16- or 32-bit grey as 8-bit: its brightest value becomes white (`convert` alone would cut off)."""
    values = image.convert("F" if image.mode == "F" else "I")
    brightest = max(values.getextrema()[1], 1)
    return values.convert("F").point(lambda value: value * (255 / brightest) + 0).convert("L")
