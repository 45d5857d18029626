"""Pictures that look like scans: typed lines on grey paper, a little turned, with noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "DejaVuSansMono.ttf")


def typed_font(size: int) -> ImageFont.FreeTypeFont:
    """Return a typewriter-like font, else Pillow's own."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def scan_of(*lines: str, seed: int = 1, size: tuple[int, int] = (1240, 900)) -> Image.Image:
    """Return a grey page with these lines, turned by 0.4 degrees, noisy as a scanner's. The seed makes pages differ."""
    page = Image.new("L", size, 236)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((90, 100 + 60 * number), line, font=typed_font(30), fill=40)
    page = page.rotate(0.4, resample=Image.Resampling.BICUBIC, fillcolor=236)
    noise = np.random.default_rng(seed).normal(0, 6, (size[1], size[0]))
    return Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype(np.uint8))


def save_scans(path: Path, *pages: Image.Image) -> Path:
    """Write the pages to `path` (a .pdf or .tiff takes many) and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *rest = pages
    options = {"save_all": True, "append_images": rest} if path.suffix in (".pdf", ".tiff") else {}
    first.save(path, **options)
    return path
