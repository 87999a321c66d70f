"""Takes pictures of the panel and of the application, keeps the files small, and finds what is cut."""

import harness
import numpy as np
import person
import person_looking
from PIL import Image

USUAL_WIDTH, NARROW_WIDTH = 380, 300
APPLICATION_SIZE, APPLICATION_PANEL = (840, 580), 330
PANEL_COLORS, APPLICATION_COLORS = (12, 4), (16, 16)  # gray levels, colors
LEAST_COLOR = 24  # of 255
ATTEMPTS = 10


class Camera:
    """Writes `<state>-100.png`, `<state>-200.png` and `<state>-300px.png` into a folder."""

    def __init__(self, folder):
        """Write into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.names = set()
        self.complaints = []

    def panel(self, module, state):
        """Take the panel as high as its contents need: at 100 % and 200 %, and 300 pixels wide."""
        widget = module.widgetRepresentation()
        person.waitSeconds(0.1)
        for width, scale, suffix in (
            (USUAL_WIDTH, 1, "100"),
            (USUAL_WIDTH, 2, "200"),
            (NARROW_WIDTH, 1, "300px"),
        ):
            path = self._path(f"{state}-{suffix}.png")
            height, complaints = None, []
            for _ in range(ATTEMPTS):
                harness.screenshot(widget, path, scale=scale, width=width)
                complaints = person_looking.unreadable(widget)
                if not complaints and widget.height == height:
                    break
                # Labels that wrap, and tables, know their height only after their width.
                height = widget.height
                person.waitSeconds(0.1)
            if widget.width != width:
                complaints.append(f"the panel needs {widget.width} pixels")
            self.complaints += [f"{state}, {width} pixels wide: {text}" for text in complaints]
            shrink(path, *PANEL_COLORS)

    def application(self, module, state, scales=(1, 2), seen=None):
        """Take the main window with panel and slice views, at 100 % and 200 %.

        :param seen: widget of the panel that is scrolled to.
        """
        for scale in scales:
            path = self._path(f"{state}-{scale}00.png")
            harness.applicationPicture(module, path, APPLICATION_SIZE, APPLICATION_PANEL, scale, seen)
            shrink(path, *APPLICATION_COLORS)

    def removeOthers(self):
        """Remove pictures of states that are no more."""
        for path in self._folder.glob("*.png"):
            if path.name not in self.names:
                path.unlink()

    def size(self):
        """Return how many bytes the pictures have together."""
        return sum((self._folder / name).stat().st_size for name in self.names)

    def _path(self, name):
        if name in self.names:
            raise ValueError(f"there are two pictures {name}")
        self.names.add(name)
        return self._folder / name


def _palette(picture, count):
    few = picture.quantize(count, method=Image.Quantize.MEDIANCUT, kmeans=3)
    return few.getpalette()[: 3 * count]


def shrink(path, grays, colors):
    """Write a PNG anew with so many gray levels and so many colors: gray stays gray."""
    with Image.open(path) as picture:
        solid = Image.new("RGB", picture.size, "white")
        solid.paste(picture, mask=picture.convert("RGBA").getchannel("A"))
    pixels = np.asarray(solid)
    isColorful = np.ptp(pixels.astype(int), axis=2) > LEAST_COLOR
    gray = Image.fromarray(pixels[~isColorful].mean(axis=1).round().astype("uint8")[None]).convert("RGB")
    palette = _palette(gray, grays)
    if isColorful.any():
        palette += _palette(Image.fromarray(pixels[isColorful][None]), colors)
    holder = Image.new("P", (1, 1))
    holder.putpalette(palette)
    bits = 4 if grays + colors <= 16 else 8
    solid.quantize(palette=holder, dither=Image.Dither.NONE).save(path, optimize=True, bits=bits)
