"""What people write into number fields: texts to compose, of digits, points, commas, signs, slashes and colons."""

from collections.abc import Callable

import numpy as np

NUMERALS = "0123456789.,-/+:"
"""The characters of numbers, in the order of the outputs."""


def sample_numeral(rng: np.random.Generator) -> str:
    """Return a number, an amount, a fraction, a date or a time; now and then a lone sign."""
    kinds, shares = list(_KINDS), np.array(list(_KINDS.values()))
    text = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))](rng)
    return text[:14]


def _digits(count: int, rng: np.random.Generator) -> str:
    if rng.random() < 0.25:  # few different ones, as in 1000, 55 and 121
        pool = rng.integers(0, 10, int(rng.integers(1, 3)))
        return "".join(str(digit) for digit in rng.choice(pool, count))
    return "".join(map(str, rng.integers(0, 10, count)))


def _count(rng: np.random.Generator, most: int) -> int:
    return 1 + min(most - 1, int(rng.geometric(0.38)) - 1) if rng.random() < 0.7 else int(rng.integers(1, most + 1))


def _whole(rng: np.random.Generator) -> str:
    return _digits(_count(rng, 7), rng)


def _rounded(rng: np.random.Generator) -> str:
    return _digits(int(rng.integers(1, 4)), rng).lstrip("0") + "0" * int(rng.integers(1, 5))


def _decimal(rng: np.random.Generator) -> str:
    point = str(rng.choice([".", ","]))
    return _digits(_count(rng, 3), rng) + point + _digits(int(rng.choice([1, 1, 2, 2, 3])), rng)


def _grouped(rng: np.random.Generator) -> str:
    point, groups = str(rng.choice([".", ","])), 1 + int(rng.random() < 0.15)
    tail = ["000" if rng.random() < 0.3 else _digits(3, rng) for _ in range(groups)]
    text = point.join([_digits(int(rng.integers(1, 4)), rng), *tail])
    return text + ({".": ",", ",": "."}[point] + _digits(2, rng) if rng.random() < 0.3 else "")


def _signed(rng: np.random.Generator) -> str:
    return str(rng.choice(["-", "-", "-", "+"])) + (_whole(rng) if rng.random() < 0.55 else _decimal(rng))


def _fraction(rng: np.random.Generator) -> str:
    return f"{_digits(_count(rng, 3), rng)}/{_digits(_count(rng, 3), rng)}"


def _date(rng: np.random.Generator) -> str:
    mark = str(rng.choice(["/", "/", "-", "."]))
    parts = [str(rng.integers(1, 32)), str(rng.integers(1, 13)), str(rng.choice([_digits(2, rng), _digits(4, rng)]))]
    return mark.join(part.zfill(2) if rng.random() < 0.5 else part for part in parts[: 2 + int(rng.random() < 0.7)])


def _time(rng: np.random.Generator) -> str:
    return f"{rng.integers(0, 24)}{rng.choice([':', ':', '.'])}{rng.integers(0, 60):02d}"


def _span(rng: np.random.Generator) -> str:
    return f"{_digits(_count(rng, 3), rng)}-{_digits(_count(rng, 3), rng)}"


def _long(rng: np.random.Generator) -> str:
    return _digits(int(rng.integers(6, 13)), rng)


def _ended(rng: np.random.Generator) -> str:
    return _whole(rng) + str(rng.choice([".", ",", "-", ",-", ".-"]))


def _sign(rng: np.random.Generator) -> str:
    return str(rng.choice(["-", "-", "--", "/", "."]))


_KINDS: dict[Callable[[np.random.Generator], str], float] = {
    _whole: 0.36, _rounded: 0.08, _decimal: 0.18, _grouped: 0.1, _signed: 0.07, _fraction: 0.05, _date: 0.05,
    _time: 0.03, _span: 0.02, _long: 0.03, _ended: 0.02, _sign: 0.01,
}  # fmt: skip
"""Kinds of numbers, and how often each is composed."""
