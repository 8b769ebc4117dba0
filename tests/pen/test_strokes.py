"""Tests of drawings and of the JSON that carries them."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from duktus.pen.strokes import MAX_POINTS, Drawing, is_stroke_file, read_strokes, write_inkml, write_json
from duktus.types import StrokeError


def as_json(document: object) -> bytes:
    """A document's bytes."""
    return json.dumps(document).encode()


numbers = st.floats(-1e4, 1e4, width=32)
strokes = st.lists(st.tuples(numbers, numbers, st.floats(0, 1, width=32)), min_size=1, max_size=6)


@given(st.lists(strokes, min_size=1, max_size=4))
@pytest.mark.parametrize("written", [write_inkml, write_json])
def test_what_is_written_is_read_back(
    written: Callable[[Drawing], str], drawn: list[list[tuple[float, float, float]]]
) -> None:
    """Any drawing survives both formats to the last bit, but for its clock's rounding."""
    arrays: list[NDArray[np.float32]] = []
    start = 0
    for stroke in drawn:
        times = np.arange(start, start + len(stroke)) / 64
        arrays.append(np.insert(np.array(stroke, np.float32), 2, times, axis=1))
        start += len(stroke)
    back = read_strokes(written(Drawing(tuple(arrays))).encode()).strokes
    assert len(back) == len(arrays)
    assert all(np.array_equal(one, other) for one, other in zip(back, arrays, strict=True))


@pytest.mark.parametrize(
    "document",
    [
        [[[1, 2], [3, 4]]],
        {"strokes": [[[1, 2], [3, 4]]]},
        {"strokes": [{"points": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}]},
        [[{"x": 1, "y": 2, "pressure": 0.5}, {"x": 3, "y": 4}]],
        [[], [[1, 2, 0], [3, 4, 10]]],
    ],
)
def test_every_shape_of_json_is_read(document: object) -> None:
    """Lists or objects, with or without time and pressure, give the same points with their defaults."""
    (stroke,) = read_strokes(as_json(document)).strokes
    assert np.allclose(stroke, [[1, 2, 0, 0.5], [3, 4, 0.01, 0.5]])


def test_times_may_be_seconds_or_milliseconds() -> None:
    """The same writing is read from a clock in seconds, one in milliseconds and one that began in 1970."""
    for factor, offset in ((1, 0), (1000, 0), (1000, 1.7e12)):
        document = [[[0, 0, offset], [1, 1, offset + 0.02 * factor]], [[2, 2, offset + 0.3 * factor]]]
        first, second = read_strokes(as_json(document)).strokes
        assert np.allclose([first[1, 2], second[0, 2]], [0.02, 0.3], atol=1e-3)


def test_a_stated_unit_of_time_holds() -> None:
    """A document that names its unit is believed, however far apart its points are."""
    document = {"time_unit": "s", "strokes": [[[0, 0, 0], [1, 1, 2.5]]]}
    assert read_strokes(as_json(document)).strokes[0][1, 2] == 2.5
    document["time_unit"] = "ms"
    assert read_strokes(as_json(document)).strokes[0][1, 2] == np.float32(0.0025)


def test_time_never_goes_back() -> None:
    """Strokes whose clocks start anew follow one another."""
    times = np.concatenate(read_strokes(as_json([[[0, 0, 5], [1, 0, 9]], [[2, 0, 5], [3, 0, 9]]])).strokes)[:, 2]
    assert (np.diff(times) >= 0).all()


def test_pressures_beyond_one_are_relative() -> None:
    """A tablet's 0 to 1023 becomes a share of the strongest pressure."""
    (stroke,) = read_strokes(as_json([[[0, 0, 0, 256], [1, 1, 1, 1024]]])).strokes
    assert stroke[:, 3].tolist() == [0.25, 1.0]


def test_a_dot_is_a_drawing() -> None:
    """One point alone is allowed."""
    assert read_strokes(as_json([[[3, 4]]])).bounds() == (3, 4, 3, 4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"[]", "no stroke"),
        (b'{"strokes": [[]]}', "no stroke"),
        (b"{}", "list of strokes"),
        (b"7", "list of strokes"),
        (b"[7]", "list of points"),
        (b"[[7]]", "numbers"),
        (b"[[[1]]]", "numbers"),
        (b"[[[1,2],[1,2,3]]]", "numbers"),
        (b"[[[1,2,3,4,5]]]", "numbers"),
        (b'[[["a","b"]]]', "numbers"),
        (b"[[[NaN, 1]]]", "NaN"),
        (b"[[[1e999, 1]]]", "Finite"),
        (b"[[[null, 1]]]", "Finite"),
        (b'[[{"x": 1}]]', "Finite"),
        (b"[[[1e300, 1]]]", "Finite"),
        (b"[" * 100_000, "neither"),
        (b"not a drawing", "neither"),
        (b"\x89PNG\r\n\x1a\n\xff", "UTF-8"),
        (b"[[" + b"[0,0]," * MAX_POINTS + b"[0,0]]]", "may have up to"),
        (b"[" + b"[[0,0]]," * MAX_POINTS + b"[[0,0]]]", "may have up to"),
        (b" " * (16 * 2**20 + 1), "bytes"),
    ],
    ids=range(23),
)
def test_what_is_no_drawing_is_refused(content: bytes, message: str) -> None:
    """Each kind of bad content gives one sentence that says what was expected."""
    with pytest.raises(StrokeError, match=message):
        read_strokes(content)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever the bytes, the answer is a drawing or a StrokeError."""
    with contextlib.suppress(StrokeError):
        assert read_strokes(content).strokes


def test_files_are_known_by_their_suffix(tmp_path: Path) -> None:
    """InkML and JSON are stroke files in any case of letters, images are not; a path is read like its content."""
    path = tmp_path / "Drawing.JSON"
    path.write_bytes(as_json([[[1, 2]]]))
    assert is_stroke_file(path)
    assert is_stroke_file("a.b/x.inkml")
    assert not is_stroke_file("inkml.png")
    assert read_strokes(path).bounds() == (1, 2, 1, 2)
    with pytest.raises(FileNotFoundError):
        read_strokes(tmp_path / "none.json")


def test_a_drawing_is_scaled_and_moved() -> None:
    """Placing changes x and y alone, scale first."""
    stroke = np.array([[1, 2, 0.5, 0.25]], np.float32)
    placed = Drawing((stroke,)).placed(scale=2, x=10, y=-1)
    assert placed.strokes[0].tolist() == [[12, 3, 0.5, 0.25]]
    assert Drawing(()).bounds() == (0, 0, 0, 0)


@pytest.mark.parametrize("unit", ["[]", "{}", "null", "7", '["ms"]'])
def test_a_time_unit_of_any_type_is_no_unit(unit: str) -> None:
    """A unit that is no text is passed over, whatever it is."""
    assert len(read_strokes(f'{{"time_unit": {unit}, "strokes": [[[0, 0], [1, 5]]]}}'.encode()).strokes) == 1


def test_times_beyond_any_clock_are_refused() -> None:
    """Times whose differences no number can hold are an error, and nanoseconds since 1970 are not."""
    with pytest.raises(StrokeError, match=r"Times up to 1e\+20"):
        read_strokes(b"[[[0, 0, -1.7e308], [5, 5, 1.7e308]]]")
    assert np.isfinite(read_strokes(b"[[[0, 0, 1.8e18], [5, 5, 1.8e18]]]").strokes[0]).all()


def test_too_many_strokes_are_refused() -> None:
    """10,001 dots are refused in either format: each stroke takes some time to draw."""
    dots = ",".join(["[[1, 2]]"] * 10_001)
    with pytest.raises(StrokeError, match="up to 10,000 strokes"):
        read_strokes(f"[{dots}]".encode())
    with pytest.raises(StrokeError, match="up to 10,000 strokes"):
        read_strokes(("<ink>" + "<trace>1 2</trace>" * 10_001 + "</ink>").encode())
