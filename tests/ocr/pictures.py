"""Pictures of text for tests that need an engine to read something."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")  # Debian's fonts-dejavu-core


def draw_text(path: Path, pieces: list[tuple[int, int, str]], size: tuple[int, int] = (900, 300)) -> Path:
    """Write a picture with each (x, y, text) in black on white, and return its path."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONT), 32) if FONT.exists() else ImageFont.load_default(32)
    for x, y, text in pieces:
        pen.text((x, y), text, fill="black", font=font)
    picture.save(path)
    return path
