"""Tests of duktus.models.container."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper, numpy_helper

from duktus.models import container
from duktus.models.card import Card
from duktus.models.container import CARD_KEY, MESSAGES, REFUSED, embed_card, extract_card, read_bytes
from duktus.types import ModelError
from tests.models.networks import convolutional, plain_card, written

WHOLE = embed_card(convolutional(), plain_card())


def test_round_trip(network: bytes, card: Card) -> None:
    """The card that goes in comes out, and the network's own bytes are kept as they were."""
    content = embed_card(network, card)
    assert extract_card(content, "model") == card
    assert content.startswith(network)


def test_other_tools_read_the_card(network: bytes, card: Card) -> None:
    """ONNX and ONNX Runtime find the same card under its key, and the file passes ONNX's own checker."""
    content = embed_card(network, card)
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    assert {entry.key: entry.value for entry in model.metadata_props} == {CARD_KEY: card.to_json()}
    assert session.get_modelmeta().custom_metadata_map == {CARD_KEY: card.to_json()}


def test_survives_other_tools(network: bytes, card: Card) -> None:
    """A file that another tool has loaded and written again still has its card."""
    again = onnx.load_from_string(embed_card(network, card)).SerializeToString()
    assert extract_card(again, "model") == card


def test_replaces_only_the_card(network: bytes, card: Card) -> None:
    """A second card takes the place of the first, and foreign metadata stays."""
    model = onnx.load_from_string(embed_card(network, card))
    model.metadata_props.add(key="author", value="somebody")
    content = embed_card(model.SerializeToString(), replace(card, name="second"))
    entries = [(entry.key, entry.value) for entry in onnx.load_from_string(content).metadata_props]
    assert [key for key, _ in entries] == ["author", CARD_KEY]
    assert extract_card(content, "model").name == "second"


@given(st.integers(0, len(WHOLE) - 1))
def test_truncated_anywhere(length: int) -> None:
    """However much of the end is missing, the file is refused by name."""
    with pytest.raises(ModelError, match=r"^cut\.onnx: "):
        extract_card(WHOLE[:length], "cut.onnx")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_onnx(content: bytes) -> None:
    """Bytes of anything else give the project's own error, and no other."""
    with pytest.raises(ModelError, match=r"^x: (not an ONNX file|an ONNX file without a card)"):
        extract_card(content, "x")


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_changed_byte(place: int, value: int) -> None:
    """A damaged file either still has a whole card or gives the project's own error."""
    with suppress(ModelError):
        assert extract_card(WHOLE[:place] + bytes([value]) + WHOLE[place + 1 :], "x").labels


def test_foreign_model(network: bytes) -> None:
    """An ONNX file that no duktus made is told from a damaged one."""
    with pytest.raises(ModelError, match="an ONNX file without a card"):
        extract_card(network, "foreign.onnx")


def test_card_that_is_not_utf8(network: bytes) -> None:
    """Metadata that is no text is refused as such."""
    content = embed_card(network, plain_card()).replace("ᚠ".encode(), b"\xff\xfe\xfd")
    with pytest.raises(ModelError, match="card is not UTF-8"):
        extract_card(content, "model")


def test_external_data(network: bytes, card: Card) -> None:
    """A model with weights in another file is refused, whether it is read or saved."""
    model = onnx.load_from_string(embed_card(network, card))
    kernels = model.graph.initializer[0]
    kernels.ClearField("raw_data")
    kernels.external_data.add(key="location", value="../secret")
    with pytest.raises(ModelError, match="all weights inside the file"):
        extract_card(model.SerializeToString(), "model")
    with pytest.raises(ModelError, match="all weights inside the file"):
        embed_card(model.SerializeToString(), card)


def test_external_data_in_a_constant(card: Card) -> None:
    """Such a reference is found within a node's attribute as well."""
    hidden = numpy_helper.from_array(np.zeros(2, np.float32), "hidden")
    hidden.data_location = onnx.TensorProto.EXTERNAL
    graph = helper.make_graph([helper.make_node("Constant", [], ["y"], value=hidden)], "g", [], [])
    with pytest.raises(ModelError, match="all weights inside the file"):
        embed_card(helper.make_model(graph).SerializeToString(), card)


@pytest.mark.parametrize("operator", ["If", "Loop", "Scan", "RandomNormal", "StringConcat", "NoSuchOperator"])
def test_operators_that_no_recipe_makes(operator: str, card: Card) -> None:
    """Control flow, which may never end, and all else that is not plain arithmetic is refused by name."""
    content = written(f"g (float[n] x) => (float[n] y) {{ y = {operator}(x) }}")
    with pytest.raises(ModelError, match=f"received the operator '{operator}'"):
        embed_card(content, card)


def test_graphs_in_graphs(card: Card) -> None:
    """A graph within a node, which any operator could be given, is refused; so are functions of the file's own."""
    inner = helper.make_graph([], "g", [], [])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"], body=inner)], "g", [], [])
    with pytest.raises(ModelError, match="without GraphProto"):
        embed_card(helper.make_model(graph).SerializeToString(), card)
    function = helper.make_function("own", "F", ["x"], ["y"], [helper.make_node("Relu", ["x"], ["y"])], [])
    model = helper.make_model(helper.make_graph([], "g", [], []), functions=[function])
    with pytest.raises(ModelError, match="without FunctionProto"):
        embed_card(model.SerializeToString(), card)


def test_two_networks_in_a_file(network: bytes, card: Card) -> None:
    """A second graph, which a parser would merge into the first, is refused."""
    graph = onnx.load_from_string(network).graph
    twice = network + onnx.ModelProto(graph=graph).SerializeToString()
    with pytest.raises(ModelError, match="several networks"):
        embed_card(twice, card)


def test_endless_files(network: bytes, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators, fields and the card's bytes are counted, and too many of them refused."""
    whole = embed_card(network, card)
    for name, message in (
        ("MOST_NODES", "at most 3 operators"),
        ("MOST_CARD", "card of at most"),
        ("MOST_FIELDS", "fields"),
    ):
        monkeypatch.setattr(container, name, 3)
        with pytest.raises(ModelError, match=message):
            extract_card(whole, "model")
        monkeypatch.undo()


def test_custom_operators(card: Card) -> None:
    """Operators that need a library of their own are refused by their domain."""
    content = written("g (float[n] x) => (float[n] y) { y = own.Relu(x) }")
    with pytest.raises(ModelError, match="operators of ONNX alone, received one of 'own'"):
        embed_card(content, card)


def test_messages_are_those_of_onnx() -> None:
    """Every field by which a node or a tensor can get into a file is followed or refused."""
    leading = {"NodeProto", "TensorProto", "GraphProto", "AttributeProto"} | {
        child for children in REFUSED.values() for child in children.values()
    }
    for name, children in MESSAGES.items():
        descriptor = getattr(onnx, name).DESCRIPTOR
        below = {field.number: field.message_type.name for field in descriptor.fields if field.message_type}
        assert {**children, **REFUSED.get(name, {})} == {n: child for n, child in below.items() if child in leading}


@pytest.mark.parametrize("kind", ["missing", "empty", "folder", "device", "zero byte"])
def test_files_that_cannot_be_read(kind: str, tmp_path: Path) -> None:
    """What is no file with content gives one sentence that begins with its path, and none of these hangs."""
    (tmp_path / "empty").touch()
    paths = {"folder": str(tmp_path), "device": os.devnull, "zero byte": "a\0b"}
    path = paths.get(kind, str(tmp_path / kind))
    with pytest.raises(ModelError) as caught:
        read_bytes(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe to which nobody writes is refused at once."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelError, match="received a folder or a device"):
        read_bytes(tmp_path / "pipe")
