"""Lines drawn as they lie on real paper: printed, typed with carbon copies, from a till, and then scanned badly.

Pictures are grey, 8 bits, height x width, dark ink on light paper; sizes are in pixels of a scan at 300 dpi before
the scan is made worse. The amounts were chosen so that the engines misread one line in two or three, as on the
development pages, and a few lines beyond repair.
"""

from __future__ import annotations

import random
from collections import defaultdict
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.fonts import LETTERS, Font, Look, fonts
from training.lines import TrueLine

# How often a line of each kind looks printed, typed or like a till's roll.
LOOKS: dict[str, tuple[float, float, float]] = {
    "prose": (0.48, 0.48, 0.04), "fragment": (0.4, 0.5, 0.1), "words": (0.45, 0.45, 0.1), "office": (0.35, 0.2, 0.45),
    "name": (0.45, 0.3, 0.25), "code": (0.3, 0.2, 0.5), "invented": (0.4, 0.35, 0.25),
}  # fmt: skip
_NAMES: tuple[Look, ...] = ("print", "typewriter", "till")
FINEST = 26  # pixels: no scan of a line, rims included, is lower; 8 points at 150 dpi
WIDEST = 2600  # pixels: a page's width at 300 dpi


@lru_cache(maxsize=2)
def _groups(held_out: bool) -> dict[Look, dict[str, list[Font]]]:
    """Return the fonts by look and family, those for training or the held-out ones."""
    found: dict[Look, dict[str, list[Font]]] = {look: defaultdict(list) for look in _NAMES}
    for font in fonts():
        if font.is_held_out == held_out:
            found[font.look][font.group].append(font)
    return found


@lru_cache(maxsize=400)
def _opened(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


class Paper:
    """Draws lines; the same seed and lines give the same pictures."""

    def __init__(self, seed: int, *, held_out: bool = False) -> None:
        """`held_out` takes the font families that are kept for measuring."""
        self._chance = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        self._fonts = _groups(held_out)

    def picture(self, line: TrueLine) -> np.ndarray | None:
        """Return a scan of the line; None when no font of its look has all its letters or it is too wide."""
        look = self._chance.choices(_NAMES, LOOKS[line.kind])[0]
        font = self._font(look, line.text)
        if font is None:
            return None
        ink = self._typed(line.text, font) if look == "typewriter" else self._printed(line.text, font)
        if ink is None or ink.shape[1] > WIDEST:
            return None
        if look == "till" and self._chance.random() < 0.5:
            ink = self._thermal(ink)
        return self._scanned(self._on_paper(ink, look))

    def _font(self, look: Look, text: str) -> ImageFont.FreeTypeFont | None:
        """Return a font of a family at random; the size is 22 to 52 pixels, 5 to 12 points."""
        wanted = {letter for letter in text if not letter.isascii()}
        if not wanted <= set(LETTERS):
            return None
        for _ in range(6):
            family = self._fonts[look][self._chance.choice(list(self._fonts[look]))]
            font = self._chance.choice(family)
            if wanted <= set(font.letters):
                return _opened(font.path, self._chance.randint(22, 52))
        return None

    def _printed(self, text: str, font: ImageFont.FreeTypeFont) -> np.ndarray | None:
        """Return the ink, 0 to 1, of a line set as a whole."""
        left, top, right, bottom = font.getbbox(text)
        if right - left < 12:
            return None
        sheet = Image.new("L", (right - left + 24, bottom - top + 20))
        ImageDraw.Draw(sheet).text((12 - left, 10 - top), text, font=font, fill=255)
        return np.asarray(sheet, np.float32) / 255

    def _typed(self, text: str, font: ImageFont.FreeTypeFont) -> np.ndarray | None:
        """Return the ink of a line struck letter by letter: each a little off its place, and lighter or darker."""
        jitter = self._chance.uniform(0, 0.04) * font.size
        pitch = font.getlength("n") * self._chance.uniform(0.98, 1.08)
        steps = [pitch if font.getlength("i") == font.getlength("m") else font.getlength(sign) for sign in text]
        ascent, descent = font.getmetrics()
        sheet = Image.new("L", (int(sum(steps)) + 30, ascent + descent + 20))
        pen, x = ImageDraw.Draw(sheet), 12.0
        force = self._chance.uniform(0.55, 1)
        for sign, step in zip(text, steps):
            dark = min(1.0, max(0.25, self._chance.gauss(force, 0.12)))
            place = (x + self._chance.gauss(0, jitter / 2), 10 + self._chance.gauss(0, jitter))
            pen.text(place, sign, font=font, fill=int(255 * dark))
            x += step
        return np.asarray(sheet, np.float32) / 255

    def _thermal(self, ink: np.ndarray) -> np.ndarray:
        """Return the ink of a till's print head: dots in a grid, some of them dead, fading along the line."""
        step = self._chance.choice([2, 3, 3, 4])
        if self._chance.random() < 0.6:
            small = cv2.resize(ink, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
            ink = cv2.resize((small > 0.4).astype(np.float32), ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
            ink = cv2.GaussianBlur(ink, (0, 0), step * self._chance.uniform(0.25, 0.5))
        for _ in range(self._chance.choice([0, 0, 0, 1, 2])):
            row = self._chance.randrange(ink.shape[0])
            ink[row : row + step] *= self._chance.uniform(0, 0.4)
        fade = np.linspace(1, self._chance.uniform(0.4, 1), ink.shape[1], dtype=np.float32)
        return ink * (fade if self._chance.random() < 0.5 else fade[::-1])

    def _on_paper(self, ink: np.ndarray, look: Look) -> np.ndarray:
        """Return grey from 0 to 255: the ink spread, worn or copied through carbon, on paper with its own marks."""
        chance = self._chance
        if look == "typewriter" and chance.random() < 0.55:
            ink = self._carbon_copy(ink)
        elif chance.random() < 0.2:
            kernel = np.ones((2, 2), np.uint8)
            ink = cv2.dilate(ink, kernel) if chance.random() < 0.6 else cv2.erode(ink, kernel)
        paper = chance.choice([255, 252, 245, chance.uniform(195, 250)])
        dark = chance.choice([0, 15, 40, chance.uniform(0, 120)])
        grey = paper - np.clip(ink, 0, 1) * (paper - dark)
        if chance.random() < 0.15:
            grey -= self._bleed(ink) * (paper - dark)
        if chance.random() < 0.25:
            grey += self._clouds(grey.shape) * chance.uniform(5, 28)
        if chance.random() < 0.06:
            self._rule(grey, dark)
        return grey

    def _carbon_copy(self, ink: np.ndarray) -> np.ndarray:
        """Return the ink after one to three sheets of carbon paper: wider, softer, blotted."""
        soft = cv2.GaussianBlur(ink, (0, 0), self._chance.uniform(0.6, 2.0))
        spread = np.clip(soft * self._chance.uniform(1.1, 1.9) - self._chance.uniform(0, 0.15), 0, 1)
        blots = 1 + self._clouds(ink.shape) * self._chance.uniform(0.1, 0.5)
        return spread * blots * self._chance.uniform(0.55, 1)

    def _bleed(self, ink: np.ndarray) -> np.ndarray:
        """Return the faint mirrored ink of the sheet's other side, at another height."""
        back = np.roll(ink[:, ::-1], self._chance.randint(-8, 8), axis=0)
        return cv2.GaussianBlur(back, (0, 0), 1.2) * self._chance.uniform(0.08, 0.3)

    def _clouds(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return slow noise of mean 0 and about 1 in height: stains, worn ribbon, uneven light."""
        coarse = max(2, shape[0] // self._chance.choice([4, 12, 30]) + 2), max(2, shape[1] // 40 + 2)
        field = self._noise.normal(0, 1, coarse).astype(np.float32)
        return cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)

    def _rule(self, grey: np.ndarray, dark: float) -> None:
        """Draw an underline or a form's box edge into the picture."""
        row = self._chance.choice([grey.shape[0] - 6, grey.shape[0] - 8, 3])
        grey[row : row + self._chance.randint(1, 3)] = dark + 30

    def _scanned(self, grey: np.ndarray) -> np.ndarray:
        """Return the scan: askew, coarse, blurred, noisy, perhaps faxed or a photograph of low quality."""
        chance = self._chance
        if chance.random() < 0.45:
            grey = _turned(grey, chance.uniform(-1.1, 1.1))
        if chance.random() < 0.7:
            factor = chance.uniform(0.38, 0.95)
            factor = min(1.0, max(factor, FINEST / grey.shape[0]))
            grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        if chance.random() < 0.45:
            grey = cv2.GaussianBlur(grey, (0, 0), chance.uniform(0.35, 1.0))
        if chance.random() < 0.6:
            grey = grey + self._noise.normal(0, chance.uniform(2, 22), grey.shape)
        grey = np.clip(grey, 0, 255)
        roll = chance.random()
        if roll < 0.08:
            grey = self._faxed(grey)
        elif roll < 0.2:
            grey = self._speckled(grey)
        elif roll < 0.3:
            light = float(np.percentile(grey, 90))
            grey = np.where(grey > light * chance.uniform(0.6, 0.85), 255, 0)
        return self._compressed(grey.astype(np.uint8))

    def _faxed(self, grey: np.ndarray) -> np.ndarray:
        """Return it in black and white with half as many rows, as fax machines send it."""
        height, width = grey.shape
        half = cv2.resize(grey, (width, max(8, round(height * 0.6))), interpolation=cv2.INTER_AREA)
        hard = np.where(half > float(np.percentile(half, 90)) * 0.75, 255, 0).astype(np.float32)
        return cv2.resize(hard, (width, height), interpolation=cv2.INTER_NEAREST)

    def _speckled(self, grey: np.ndarray) -> np.ndarray:
        """Return it with dust: single dark and light dots."""
        dust = self._noise.random(grey.shape)
        share = self._chance.uniform(0.001, 0.015)
        return np.where(dust < share, 20, np.where(dust > 1 - share, 255, grey))

    def _compressed(self, grey: np.ndarray) -> np.ndarray:
        """Return it after JPEG, four times in ten, of quality 18 to 70."""
        if self._chance.random() >= 0.4:
            return grey
        quality = [cv2.IMWRITE_JPEG_QUALITY, self._chance.randint(18, 70)]
        return cv2.imdecode(cv2.imencode(".jpg", grey, quality)[1], cv2.IMREAD_GRAYSCALE)


def _turned(grey: np.ndarray, degrees: float) -> np.ndarray:
    """Return the picture turned, grown so that nothing is cut off; the corners have the paper's colour."""
    height, width = grey.shape
    more = int(abs(np.sin(np.radians(degrees))) * width) + 2
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turn[1, 2] += more / 2
    paper = float(np.percentile(grey, 90))
    return cv2.warpAffine(
        grey, turn, (width, height + more), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
