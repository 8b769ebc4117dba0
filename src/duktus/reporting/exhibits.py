"""What notebooks show: pictures side by side, what a filter finds in them, and how often labels are confused."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.reporting.canvas import printable
from duktus.reporting.confusion_matrix import confusion_matrix_svg, count_confusions
from duktus.reporting.pictures import Picture, data_address, image_tag, to_page
from duktus.types import Ink, MissingExtraError, ModelError

SHARP = 12
"""Pixels that one of a small picture is enlarged to at most, so that it can be seen one by one."""


@dataclass(frozen=True)
class Exhibit:
    """Something to look at: HTML that loads nothing, which a notebook shows where it is the last value of a cell."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def side_by_side(pictures: Sequence[Picture], captions: Sequence[str] = (), *, size: int = 112) -> Exhibit:
    """Show pictures in rows, each with its caption below.

    Args:
        pictures: ink (h, w), 1 = ink, or pages (h, w) or (h, w, 3) uint8.
        captions: one a picture, or none.
        size: the longest side of each as it is shown, in pixels of the screen.

    Raises:
        DataError: one is neither ink nor page.

    >>> side_by_side([np.eye(4)], ["a diagonal"]).html.count("<figure")
    1
    """
    named = [*captions, *[""] * (len(pictures) - len(captions))]
    parts = []
    for picture, caption in zip(pictures, named, strict=True):
        image = image_tag(data_address(_enlarged(to_page(picture, 2 * size), size)), caption or "a picture")
        shown = image.replace("<img", f'<img style="max-width:{size}px;max-height:{size}px"')
        words = f'<figcaption style="font-size:small">{escape(printable(caption, 60))}</figcaption>' if caption else ""
        parts.append(f'<figure style="display:inline-block;margin:6px;text-align:center">{shown}{words}</figure>')
    return Exhibit(f"<div>{''.join(parts)}</div>")


def confusions(truth: Sequence[str], answers: Sequence[str], title: str = "Confusions") -> Exhibit:
    """Show how often each label (rows) was answered as each (columns).

    Args:
        truth: (n,) what is shown.
        answers: (n,) what was answered, of the same labels.
        title: what is measured.
    """
    labels = sorted({*truth, *answers})
    rows, columns = (np.array([labels.index(each) for each in side]) for side in (truth, answers))
    svg = confusion_matrix_svg(title, count_confusions(rows, columns, len(labels)), labels)
    return Exhibit(f'<div style="max-width:640px">{svg}</div>')


def first_filters(model: str | Path) -> NDArray[np.float32]:
    """Return the filters of a network's first convolution, (n, h, w), from its ONNX file.

    Raises:
        MissingExtraError: the package onnx is missing.
        ModelError: the network begins with no convolution of one channel.
    """
    try:
        import onnx
    except ImportError as error:
        raise MissingExtraError("Filters need the package onnx: pip install 'duktus[train]'") from error
    for weight in onnx.load(str(model)).graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if values.ndim == 4 and values.shape[1] == 1 and min(values.shape[2:]) > 1:
            return np.asarray(values[:, 0], np.float32)
    raise ModelError(f"{model}: expected a network that begins with a convolution of one channel, received another")


def respond(ink: Ink, kernel: NDArray[Any]) -> Ink:
    """Return where ink resembles a filter: the convolution's positive part, scaled to 1, the shape of ``ink``."""
    found = np.maximum(cv2.filter2D(np.asarray(ink, np.float32), -1, np.asarray(kernel, np.float32)), 0)
    return np.asarray(found / max(float(found.max()), 1e-9), np.float32)


def pooled(ink: Ink, step: int = 2) -> Ink:
    """Return the largest value of each square of ``step`` pixels: max pooling, (h // step, w // step)."""
    h, w = (side // step for side in ink.shape)
    return np.asarray(ink[: h * step, : w * step].reshape(h, step, w, step).max(axis=(1, 3)), np.float32)


def as_tone(kernel: NDArray[Any]) -> Ink:
    """Return a filter as ink: grey where it does not look, dark where it wants ink, bright where it wants none."""
    return np.asarray(0.5 + 0.5 * kernel / max(float(np.abs(kernel).max()), 1e-9), np.float32)


def _enlarged(page: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return a small picture with each pixel as a square."""
    factor = min(SHARP, size // max(page.shape[:2]))
    return page if factor < 2 else page.repeat(factor, axis=0).repeat(factor, axis=1)
