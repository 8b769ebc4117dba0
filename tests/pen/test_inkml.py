"""Tests of InkML documents."""

import time

import numpy as np
import pytest

from duktus.pen.strokes import Drawing, read_strokes
from duktus.types import StrokeError


def ink(body: str, attributes: str = "") -> Drawing:
    """Read an InkML document with this body."""
    return read_strokes(f'<?xml version="1.0" encoding="UTF-8"?><ink {attributes}>{body}</ink>'.encode())


def places(drawing: Drawing) -> list[list[list[float]]]:
    """The x and y of each stroke's points."""
    return [stroke[:, :2].tolist() for stroke in drawing.strokes]


def test_traces_are_strokes() -> None:
    """Two bare traces give two strokes of x and y, empty ones none."""
    drawing = ink("<trace>10 0, 9 14,\n 8.5 -28</trace><trace/><trace>130 155</trace>")
    assert places(drawing) == [[[10, 0], [9, 14], [8.5, -28]], [[130, 155]]]


def test_namespaces_and_groups_do_not_matter() -> None:
    """Traces are found in any nesting, with the W3C's namespace as default or as prefix."""
    group = "<traceGroup><traceGroup><trace>1 2, 3 4</trace></traceGroup></traceGroup>"
    plain = ink(group, 'xmlns="http://www.w3.org/2003/InkML"')
    prefixed = ink(group.replace("<t", "<i:t").replace("</t", "</i:t"), 'xmlns:i="http://www.w3.org/2003/InkML"')
    assert places(plain) == places(prefixed) == [[[1, 2], [3, 4]]]


def test_channels_are_read_in_their_order_and_unit() -> None:
    """Force, time, y and x in a strange order come out as x, y in mm, seconds and a share of the full force."""
    channels = (
        '<channel name="F" min="0" max="200"/><channel name="T" units="ms"/>'
        '<channel name="OE"/><channel name="Y" units="cm"/><channel name="X" units="in"/>'
    )
    drawing = ink(f"<traceFormat>{channels}</traceFormat><trace>50 0 9 2 1, 200 1500 9 3 1</trace>")
    assert np.allclose(drawing.strokes[0], [[25.4, 20, 0, 0.25], [25.4, 30, 1.5, 1]])


def test_a_trace_names_its_context() -> None:
    """Formats declared in contexts and by reference hold for the traces that name them."""
    definitions = """<definitions>
        <traceFormat xml:id="f"><channel name="Y"/><channel name="X"/></traceFormat>
        <context xml:id="a">
          <inkSource><traceFormat><channel name="X"/><channel name="Y"/></traceFormat></inkSource>
        </context>
        <context xml:id="b" traceFormatRef="#f"/></definitions>"""
    traces = '<trace contextRef="#a">1 2</trace><trace contextRef="#b">1 2</trace>'
    assert places(ink(definitions + traces)) == [[[1, 2]], [[2, 1]]]


def test_differences_are_summed() -> None:
    """The notation of explicit values, first and second differences, joined numbers and repeats is followed."""
    drawing = ink("<trace>1125 18432,'23'43,\"7\"-8,3-5,7 -3,* *,!5!6</trace>")
    expected = [[1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567], [1251, 18567], [5, 6]]
    assert places(drawing) == [expected]


def test_hexadecimal_and_missing_intermittent_values() -> None:
    """Hexadecimal numbers are read, and a channel that stays out keeps its value."""
    channels = '<channel name="X"/><channel name="Y"/><intermittentChannels><channel name="F"/></intermittentChannels>'
    drawing = ink(f"<traceFormat>{channels}</traceFormat><trace>#A #0F 1, 3 4</trace>")
    assert drawing.strokes[0][:, [0, 1, 3]].tolist() == [[10, 15, 1], [3, 4, 1]]


def test_movements_in_the_air_are_left_out_and_continuations_joined() -> None:
    """A pen that is up draws nothing; a trace told in parts is one stroke."""
    drawing = ink(
        '<trace continuation="begin">0 0</trace><trace continuation="end">1 1</trace><trace type="penUp">5 5</trace>'
    )
    assert places(drawing) == [[[0, 0], [1, 1]]]


def test_other_encodings_are_read() -> None:
    """A document in UTF-16 with its mark is read like any other."""
    assert places(read_strokes("<ink><trace>1 2</trace></ink>".encode("utf-16"))) == [[[1, 2]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused_unread(encoding: str) -> None:
    """A document type is refused before any XML is parsed, however it is encoded."""
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><ink><trace>&b;</trace></ink>'
    with pytest.raises(StrokeError, match="document type"):
        read_strokes(bomb.encode(encoding))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("<ink>", "broken"),
        ("<svg/>", "<svg>"),
        ("<ink/>", "no stroke"),
        ("<ink><trace>one two</trace></ink>", "'one two'"),
        ("<ink><trace>1 2 3 4 5, 6</trace></ink>", "2 values"),
        ("<ink><trace>1 1e999</trace></ink>", "Finite"),
        ('<ink><traceFormat><channel name="X"/></traceFormat><trace>1</trace></ink>', "X and Y"),
        ("<ink><trace>" + "1 1," * 300_000 + "1 1</trace></ink>", "may have up to"),
    ],
)
def test_what_is_no_ink_is_refused(document: str, message: str) -> None:
    """Each kind of bad document gives one sentence that says what is wrong."""
    with pytest.raises(StrokeError, match=message):
        read_strokes(document.encode())


def test_deep_nesting_is_harmless() -> None:
    """A document of 50,000 nested groups is read, and its trace found."""
    depth = 50_000
    assert places(ink("<traceGroup>" * depth + "<trace>1 2</trace>" + "</traceGroup>" * depth)) == [[[1, 2]]]


def test_many_continuations_take_no_longer_than_their_points() -> None:
    """A stroke of 50,000 continued traces is one stroke, joined once and not 50,000 times."""
    began = time.process_time()
    drawing = ink("<trace>0 0</trace>" + '<trace continuation="middle">1 1</trace>' * 50_000)
    assert [len(stroke) for stroke in drawing.strokes] == [50_001]
    assert time.process_time() - began < 10


def test_too_many_channels_are_refused() -> None:
    """A format of 65 channels, more than any tablet has, is refused before a trace is read by it."""
    channels = '<channel name="X"/><channel name="Y"/>' + '<channel name="Q"/>' * 63
    with pytest.raises(StrokeError, match="up to 64 channels"):
        ink(f"<traceFormat>{channels}</traceFormat><trace>1 2</trace>")
