"""Hostile model files: cards with any value in any place, graphs of any operators, bytes changed at random."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from duktus.models.container import CARD_KEY, OPERATORS, embed_card
from duktus.models.file import shipped
from tests.fuzz.campaign import Case
from tests.fuzz.mutations import mutate, mutate_json, to_json
from tests.models.networks import card_of, convolutional

EXAMPLE = Path(__file__).parents[2] / "examples" / "7_photo.jpg"

_ASKING = ("Loop", "If", "Scan", "NonZero", "Range", "RandomUniform", "Einsum", "TopK", "Compress", "Unique", "Hardmax")


def model_cases(rng: np.random.Generator, _folder: Path) -> Iterator[Case]:
    """Models, each checked, shown and read by, without end."""
    network = convolutional()
    card = card_of(network)
    whole, digits = embed_card(network, card), shipped("digits").read_bytes()
    for number in range(2**31):
        match number % 4:
            case 0:
                content = _with_card(network, mutate_json(json.loads(card.to_json()), rng))
            case 1:
                content = _with_card(_greedy(rng), json.loads(card.to_json()))
            case 2:
                content = mutate(whole, rng, digits)
            case _:
                content = _with_card(_odd_shapes(rng), json.loads(card.to_json()))
        model = (f"{number}.onnx", content)
        yield Case(("models", "check", "{}"), (model,))
        yield Case(("models", "show", "{}"), (model,))
        yield Case(("read", str(EXAMPLE), "--model", "{}", "--format", "jsonl"), (model,))


def _with_card(network: bytes, card: object) -> bytes:
    """A network with any text for its card, past all that looks over a card on its way into a file."""
    model = onnx.load_model_from_string(network)
    model.metadata_props.add(key=CARD_KEY, value=to_json(card).decode())
    return bytes(model.SerializeToString())


def _odd_shapes(rng: np.random.Generator) -> bytes:
    """A network that takes or gives other shapes than it says, or than its card does."""
    sides = [None, 0, 1, 3, 4, 28, 29, 2**31 - 1]
    axes = [sides[rng.integers(len(sides))] for _ in range(rng.integers(0, 6))]
    out = [sides[rng.integers(len(sides))] for _ in range(rng.integers(0, 4))]
    kind = [TensorProto.FLOAT, TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.STRING][
        rng.integers(5)
    ]
    source = helper.make_tensor_value_info("x", kind, [None, 28, 28, 1] if rng.random() < 0.6 else axes)
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 4] if rng.random() < 0.6 else out)
    shape = numpy_helper.from_array(np.array([[-1, 4], [0, 784], [1, -1], [-1], [4, -1]][rng.integers(5)]), "s")
    node = helper.make_node("Reshape", ["x", "s"], ["y"])
    graph = helper.make_graph([node], "g", [source], [result], [shape])
    return bytes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    )


def _greedy(rng: np.random.Generator) -> bytes:
    """A network that asks for large arrays, long products, or operators of any kind."""
    names = sorted(OPERATORS | set(_ASKING))
    size = int(10 ** rng.uniform(0, 10))
    constants = [
        numpy_helper.from_array(np.array([-1, 784]), "s"),
        numpy_helper.from_array(np.zeros((784, 4), np.float32), "w"),
        numpy_helper.from_array(np.array([size, int(10 ** rng.uniform(0, 5))]), "big"),
    ]
    nodes = [
        helper.make_node("Reshape", ["x", "s"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["l"]),
        helper.make_node(str(rng.choice(["ConstantOfShape", "Expand"])), ["big"], ["c0"])
        if rng.random() < 0.5
        else helper.make_node("ConstantOfShape", ["big"], ["c0"]),
    ]
    last = "c0"
    for step in range(rng.integers(0, 6)):
        operator = str(rng.choice(["MatMul", "Concat", "Add", "Mul", "Exp", *rng.choice(names, 3)]))
        inputs = [last, last] if operator in ("MatMul", "Concat", "Add", "Mul") else [last]
        nodes.append(helper.make_node(operator, inputs, [f"c{step + 1}"]))
        if operator == "Concat":
            nodes[-1].attribute.append(helper.make_attribute("axis", 0))
        last = f"c{step + 1}"
    nodes += [helper.make_node("ReduceSum", [last], ["r"], keepdims=0), helper.make_node("Add", ["l", "r"], ["y"])]
    source = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 28, 28, 1])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 4])
    graph = helper.make_graph(nodes, "g", [source], [result], constants)
    return bytes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    )


def _content(graph: onnx.GraphProto) -> bytes:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())
