"""Near-duplicate detection: whether two pictures show one drawing, rotated, shifted, scaled or saved anew.

The ink is laid on circles around its centre of mass, out to a multiple of its root mean square radius, so that moving
and scaling change nothing and turning becomes a shift along the circles. The Fourier transform along them (as in
Fourier-Mellin registration, Reddy and Chatterji 1996) compares all turns at once, and its magnitudes alone bound the
likeness from above, so that most pairs need no closer look.

Two people hardly ever draw a letter as alike as a turned copy is to its original. A bare stroke or a dot, which has
nothing but its length and its width, they do: there a drawing has many that are nearly as like, and a copy has not.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

Signature = NDArray[np.complex64]
"""(HARMONICS, RADII), of norm 1."""

RADII, ANGLES, HARMONICS = 16, 96, 24
"""Circles, points on each, and how many harmonics along a circle are kept."""

REACH = 2.6
"""Radius of the outermost circle, in root mean square radii of the ink: letters end at about 2."""

BLUR = 0.07
"""Blur, in the same radii: it hides what interpolation does to the edges of strokes."""

UNLIKE = 0.014
"""One less the correlation of two pictures, up to which they show one drawing.

In five of Omniglot's alphabets, 97 to 99 in 100 turned, moved and scaled copies are found (those missed are cut off by
the picture's rim), and one drawing in 100, most of them bare strokes, is taken for a copy of someone else's.
"""

MARGIN = 1.5
"""The next drawing must be as many times as unlike; else nothing tells a copy from the letter as everyone draws it."""

MOST_TURN = 45
"""Degrees by which two copies may be turned against each other: those of one drawing turned by up to ±20 and more."""

COARSE = 8
"""Harmonics whose magnitudes are compared before all are."""

_TURNS = np.exp(1j * np.outer(np.arange(HARMONICS), np.deg2rad(np.arange(-MOST_TURN, MOST_TURN + 1, 2.0)))).astype(
    np.complex64
)


def signature(ink: Ink) -> Signature | None:
    """Return what can be compared of a drawing, 3 KiB; None where there is no ink."""
    moments = cv2.moments(ink)
    mass = moments["m00"]
    if mass <= 0:
        return None
    centre = moments["m10"] / mass, moments["m01"] / mass
    radius = max(0.5, ((moments["mu20"] + moments["mu02"]) / mass) ** 0.5)
    soft = cv2.GaussianBlur(ink, (0, 0), max(0.3, BLUR * radius))
    flags = cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    circles = cv2.warpPolar(soft, (RADII, ANGLES), centre, REACH * radius, flags)
    # An outer circle stands for more of the picture than an inner one, and a harmonic but the first for its conjugate.
    circles = circles * np.sqrt(np.arange(RADII) + 0.5)
    waves = np.fft.rfft(circles, axis=0)[:HARMONICS] * np.sqrt(np.r_[1.0, np.full(HARMONICS - 1, 2.0)])[:, None]
    return np.asarray(waves / np.linalg.norm(waves), np.complex64)


def originals(signatures: NDArray[np.complex64]) -> NDArray[np.intp]:
    """Return which drawings are copies, and of which.

    Args:
        signatures: (n, HARMONICS, RADII), of drawings of one label.

    Returns:
        (n,) the index of the first drawing that shows the same; its own for a drawing that is the first. Copies
        gather around the first and never in chains, so that a cloud of bare strokes does not become one drawing.
    """
    n = len(signatures)
    found = np.arange(n)
    kept, bounds, places = np.empty_like(signatures), np.empty((n, COARSE * RADII + 1), np.float32), list[int]()
    for index, (own, bound) in enumerate(zip(signatures, _magnitudes(signatures), strict=True)):
        m = len(places)
        near = np.flatnonzero(bounds[:m] @ bound >= 1.0 - MARGIN * UNLIKE)
        unlike = _unlikeness(kept[near], own)
        nearest = np.argsort(unlike)[:2]
        if near.size and _is_copy(*unlike[nearest].tolist()):
            found[index] = places[near[nearest[0]]]
        else:
            kept[m], bounds[m] = own, bound
            places.append(index)
    return found


def _is_copy(unlike: float, next_unlike: float = 1.0) -> bool:
    return unlike <= UNLIKE and next_unlike >= MARGIN * unlike


def _unlikeness(signatures: NDArray[np.complex64], own: Signature) -> NDArray[np.float32]:
    """One less the correlation of drawings with one, at the turn at which that is highest; (n,)."""
    along = np.einsum("nhr,hr->nh", signatures, own.conj())
    return np.asarray(1.0 - (along @ _TURNS).real.max(axis=1, initial=-1.0), np.float32)


def _magnitudes(signatures: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Vectors whose products are no less than the correlations: coarse magnitudes, and the norm of all that is left."""
    coarse = np.abs(signatures[:, :COARSE]).reshape(len(signatures), COARSE * RADII)
    rest = np.linalg.norm(signatures[:, COARSE:], axis=(1, 2))
    return np.concatenate((coarse, rest[:, None]), axis=1)
