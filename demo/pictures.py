"""Posters of an invented city, drawn with Pillow: real JPEG files.

A picture is a function of its `Scene`; it is drawn once and kept in a folder
under a name made from the scene, so the next start finds it there.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from demo.world import Asset

_DRAWING = "posters-2"
"""Change it when the drawing changes: kept files are then made anew."""

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw

_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Palette:
    """Flat colours of one poster."""

    sky: Colour
    horizon: Colour
    ground: Colour
    accent: Colour
    dark: Colour


PALETTES = {
    "teal": Palette((24, 118, 132), (190, 226, 214), (32, 88, 92), (246, 189, 68), (13, 52, 58)),
    "rust": Palette((214, 108, 72), (252, 224, 180), (132, 62, 48), (255, 207, 92), (74, 30, 28)),
    "blue": Palette((40, 92, 160), (198, 220, 240), (34, 70, 116), (240, 120, 80), (16, 36, 66)),
    "green": Palette((62, 134, 88), (224, 236, 190), (38, 92, 62), (244, 172, 66), (18, 54, 38)),
    "plum": Palette((108, 76, 134), (238, 210, 214), (76, 50, 98), (250, 186, 96), (42, 26, 58)),
    "slate": Palette((88, 104, 122), (206, 214, 220), (62, 76, 92), (232, 96, 76), (30, 38, 48)),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a poster shows.

    Attributes:
        title: A few words, drawn large.
        line: One sentence under it.
        motif: A key of `MOTIFS`.
        palette: A key of `PALETTES`.
        office: Who speaks; stands at the top.
        size: Width and height in pixels.
        words: Whether the words are on it.
    """

    title: str
    line: str
    motif: str
    palette: str
    office: str
    size: tuple[int, int] = (1080, 1350)
    words: bool = True

    @property
    def key(self) -> str:
        """Sixteen hex digits that name this drawing."""
        seed = f"{_DRAWING}|{self!r}".encode()
        return hashlib.sha256(seed).hexdigest()[:16]


def picture(folder: Path, scene: Scene) -> Asset:
    """The JPEG file of a scene, drawn if it is not there yet."""
    path = folder / f"gambar-{scene.key}.jpg"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        draw(scene).save(unfinished, "JPEG", quality=84)
        unfinished.replace(path)
    return Asset(path.name, path, "image/jpeg", *scene.size)


def draw(scene: Scene) -> Image.Image:
    """Draw a scene."""
    width, height = scene.size
    colours = PALETTES[scene.palette]
    image = _sky(scene.size, colours)
    pen = ImageDraw.Draw(image)
    _landscape(pen, scene, colours)
    unit = min(width, height * 0.75)
    MOTIFS[scene.motif](pen, (width / 2, height * 0.46), unit * 0.30, colours)
    if scene.words:
        write(image, scene)
    return image


def write(image: Image.Image, scene: Scene) -> None:
    """Put the office's name and the words of a scene on a picture."""
    width, height = image.size
    colours = PALETTES[scene.palette]
    pen = ImageDraw.Draw(image)
    _header(pen, scene.office, width, colours)
    margin = width * 0.06
    title_font, line_font = _font(width * 0.082), _font(width * 0.04)
    title = wrapped(scene.title, title_font, width - 2 * margin)
    line = wrapped(scene.line, line_font, width - 2 * margin)
    title_height = len(title) * width * 0.094
    block = title_height + len(line) * width * 0.052 + width * 0.1
    top = height - block
    pen.rectangle((0, top, width, height), fill=colours.dark)
    pen.rectangle((0, top, width, top + width * 0.012), fill=colours.accent)
    bold = max(1, round(width * 0.0016))
    for number, text in enumerate(title):
        place = (margin, top + width * 0.038 + number * width * 0.094)
        pen.text(place, text, _WHITE, title_font, stroke_width=bold, stroke_fill=_WHITE)
    for number, text in enumerate(line):
        place = (margin, top + width * 0.055 + title_height + number * width * 0.052)
        pen.text(place, text, colours.horizon, line_font)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text in lines no wider than ``width`` (a long word stays whole)."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(round(size))
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _header(pen: Pen, office: str, width: int, colours: Palette) -> None:
    height, margin = width * 0.115, width * 0.06
    pen.rectangle((0, 0, width, height), fill=_WHITE)
    # A shield with waves: the invented city's crest.
    left, top, size = margin, height * 0.16, height * 0.66
    right, low = left + size * 0.84, top + size
    shield = [(left, top), (right, top), (right, top + size * 0.55)]
    shield += [((left + right) / 2, low), (left, top + size * 0.55)]
    pen.polygon(shield, fill=colours.ground)
    for row in (0.28, 0.46):
        level = top + size * row
        pen.line(
            (left + size * 0.14, level, right - size * 0.14, level), _WHITE, max(2, width // 180)
        )
    font = _font(width * 0.038)
    pen.text((right + width * 0.025, height / 2), office, colours.dark, font, anchor="lm")


def _sky(size: tuple[int, int], colours: Palette) -> Image.Image:
    gradient = Image.linear_gradient("L").resize(size)
    return Image.composite(
        Image.new("RGB", size, colours.horizon), Image.new("RGB", size, colours.sky), gradient
    )


def _landscape(pen: Pen, scene: Scene, colours: Palette) -> None:
    width, height = scene.size
    # Everything varies a little with the words, so that no two posters match.
    seed = hashlib.sha256(scene.title.encode()).digest()
    sun_x = width * (0.2 + seed[0] / 255 * 0.6)
    sun = width * 0.09
    disc(pen, (sun_x, height * 0.24), sun, colours.accent)
    hill = [(0.0, height * 0.6)]
    for step in range(9):
        swing = math.sin(step * 1.3 + seed[1] / 40) * 0.05
        hill.append((width * step / 8, height * (0.5 + swing)))
    pen.polygon([*hill, (width, height), (0, height)], fill=_mix(colours.sky, colours.ground, 0.5))
    count = 11
    for number in range(count):
        left = width * number / count
        top = height * (0.47 + seed[2 + number] / 255 * 0.13)
        shade = _mix(colours.ground, colours.dark, 0.25 if number % 2 else 0.0)
        pen.rectangle((left, top, left + width / count + 1, height), fill=shade)
        for row in range(5):
            level = top + width * 0.025 * (row + 1)
            window = (left + width * 0.022, level, left + width * 0.07, level + width * 0.009)
            if (seed[row] >> (number % 8)) & 1:
                pen.rectangle(window, fill=_mix(shade, colours.accent, 0.7))
    pen.rectangle((0, height * 0.68, width, height), fill=colours.ground)


def _mix(first: Colour, second: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def disc(pen: Pen, centre: tuple[float, float], radius: float, fill: Colour) -> None:
    """A filled circle."""
    x, y = centre
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


# -- motifs: drawn around a point, about twice `size` wide ---------------------

Motif = Callable[[Pen, tuple[float, float], float, Palette], None]


def _flood(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    wall = (x - size * 0.7, y - size * 0.3, x + size * 0.7, y + size * 0.7)
    pen.rectangle(wall, fill=_WHITE)
    roof = [(x - size * 0.95, y - size * 0.25), (x, y - size), (x + size * 0.95, y - size * 0.25)]
    pen.polygon(roof, fill=colours.accent)
    pen.rectangle((x - size * 0.15, y, x + size * 0.15, y + size * 0.7), fill=colours.dark)
    for row in range(3):
        level = y + size * (0.35 + row * 0.28)
        crest = [
            (x + size * (step / 8 - 1.6), level + math.sin(step * 0.9 + row) * size * 0.07)
            for step in range(27)
        ]
        shade = _mix(colours.sky, colours.horizon, 0.2 * row)
        pen.polygon(
            [*crest, (x + size * 1.7, level + size * 0.5), (x - size * 1.6, level + size * 0.5)],
            fill=shade,
        )


def _bus(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    body = (x - size * 1.3, y - size * 0.55, x + size * 1.3, y + size * 0.5)
    pen.rounded_rectangle(body, size * 0.16, fill=_WHITE)
    pen.rectangle(
        (x - size * 1.3, y + size * 0.12, x + size * 1.3, y + size * 0.28), fill=colours.accent
    )
    for number in range(5):
        left = x - size * 1.15 + number * size * 0.47
        pane = (left, y - size * 0.4, left + size * 0.37, y)
        pen.rounded_rectangle(pane, size * 0.05, fill=_mix(colours.sky, _WHITE, 0.25))
    for side in (-0.75, 0.75):
        disc(pen, (x + size * side, y + size * 0.52), size * 0.24, colours.dark)
        disc(pen, (x + size * side, y + size * 0.52), size * 0.1, colours.horizon)


def _tree(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    for offset, scale in ((-0.85, 0.7), (0.85, 0.8), (0.0, 1.15)):
        root = x + size * offset
        trunk = (root - size * 0.07, y - size * 0.1, root + size * 0.07, y + size * 0.75)
        pen.rectangle(trunk, fill=colours.dark)
        for dx, dy in ((-0.25, 0.0), (0.25, 0.0), (0.0, -0.35)):
            spot = (root + size * dx * scale, y - size * 0.2 + size * dy * scale)
            disc(pen, spot, size * 0.36 * scale, _mix(colours.ground, colours.accent, 0.35))


def _health(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    disc(pen, at, size, _WHITE)
    arm = size * 0.22
    pen.rounded_rectangle(
        (x - arm, y - size * 0.65, x + arm, y + size * 0.65), arm / 3, fill=colours.accent
    )
    pen.rounded_rectangle(
        (x - size * 0.65, y - arm, x + size * 0.65, y + arm), arm / 3, fill=colours.accent
    )


def _paper(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    for shift, shade in ((0.16, colours.horizon), (0.0, _WHITE)):
        left = x - size * 0.7 + size * shift
        sheet = (left, y - size + size * shift, left + size * 1.4, y + size * 0.85 + size * shift)
        pen.rounded_rectangle(sheet, size * 0.08, fill=shade)
    for row in range(5):
        level = y - size * 0.65 + row * size * 0.26
        end = x + size * (0.5 if row % 2 else 0.3)
        pen.rounded_rectangle(
            (x - size * 0.5, level, end, level + size * 0.09), 4, fill=colours.sky
        )
    disc(pen, (x + size * 0.4, y + size * 0.55), size * 0.24, colours.accent)


def _market(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    pen.rectangle((x - size * 1.1, y - size * 0.3, x + size * 1.1, y + size * 0.7), fill=_WHITE)
    for number in range(6):
        left = x - size * 1.25 + number * size * 0.42
        stripe = colours.accent if number % 2 else colours.sky
        pen.rectangle((left, y - size * 0.8, left + size * 0.42, y - size * 0.35), fill=stripe)
        disc(pen, (left + size * 0.21, y - size * 0.35), size * 0.21, stripe)
    for number in range(7):
        spot = (x - size * 0.85 + number * size * 0.28, y + size * 0.25)
        disc(pen, spot, size * 0.13, (colours.accent, colours.sky, colours.ground)[number % 3])
    pen.rectangle(
        (x - size * 1.1, y + size * 0.32, x + size * 1.1, y + size * 0.7), fill=colours.dark
    )


def _road(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    pen.polygon(
        [
            (x - size * 0.25, y - size * 0.7),
            (x + size * 0.25, y - size * 0.7),
            (x + size * 1.3, y + size),
            (x - size * 1.3, y + size),
        ],
        fill=colours.dark,
    )
    for row in range(4):
        top = y - size * 0.55 + row * size * 0.4
        half = size * (0.02 + row * 0.02)
        pen.rectangle((x - half, top, x + half, top + size * 0.22), fill=_WHITE)
    for side in (-1, 1):
        base = x + side * size * 1.05
        pen.polygon(
            [
                (base - size * 0.2, y + size * 0.55),
                (base + size * 0.2, y + size * 0.55),
                (base, y - size * 0.15),
            ],
            fill=colours.accent,
        )
        pen.rectangle(
            (base - size * 0.12, y + size * 0.2, base + size * 0.12, y + size * 0.3), fill=_WHITE
        )


def _people(pen: Pen, at: tuple[float, float], size: float, colours: Palette) -> None:
    x, y = at
    shades = (colours.accent, _WHITE, colours.horizon, colours.accent, _WHITE)
    for number, shade in enumerate(shades):
        spot = x + (number - 2) * size * 0.5
        lift = size * (0.12 if number % 2 else 0.0)
        shoulders = (spot - size * 0.24, y + lift, spot + size * 0.24, y + size * 1.1)
        pen.rounded_rectangle(shoulders, size * 0.22, fill=shade)
        disc(pen, (spot, y - size * 0.22 + lift), size * 0.19, shade)


MOTIFS: dict[str, Motif] = {
    "banjir": _flood,
    "bus": _bus,
    "pohon": _tree,
    "sehat": _health,
    "surat": _paper,
    "pasar": _market,
    "jalan": _road,
    "warga": _people,
}
