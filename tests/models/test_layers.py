"""The layers of a model file, listed without the package onnx."""

import pytest

from duktus.cli import main
from duktus.models.container import read_bytes
from duktus.models.file import shipped
from duktus.models.layers import list_layers
from duktus.types import ModelError
from tests.test_packaging import imported_by


def test_layers_of_a_shipped_model() -> None:
    """Operators stand in the order of the graph, with the shapes and number of their weights."""
    layers = list_layers(read_bytes(shipped("digits")))
    weighted = [layer for layer in layers if layer.weights]
    assert (weighted[0].operator, weighted[0].weights, weighted[0].parameters) == (
        "Conv",
        ((32, 1, 5, 5), (32,)),
        832,
    )
    assert [layer.operator for layer in layers].count("MaxPool") == 2
    assert sum(layer.parameters for layer in layers) == 426_699


def test_onnx_says_the_same() -> None:
    """The package onnx finds as many numbers in the weights of every shipped model."""
    onnx = pytest.importorskip("onnx")
    for name in ("digits", "glyph-encoder", "hand-encoder"):
        content = read_bytes(shipped(name))
        weights = onnx.load_model_from_string(content).graph.initializer
        expected = sum(onnx.numpy_helper.to_array(each).size for each in weights if each.data_type != 7)
        assert sum(layer.parameters for layer in list_layers(content)) == expected


def test_no_model() -> None:
    """Bytes that are no ONNX file are refused."""
    with pytest.raises(ModelError):
        list_layers(b"no model at all")


def test_the_command_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    """`duktus models show digits --layers` prints a line a layer and how many parameters there are."""
    assert main(["models", "show", "digits", "--layers"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["layer", "weights", "parameters"]
    assert lines[-1] == "426,699 parameters"
    assert any("32 x 1 x 5 x 5" in line for line in lines)
    assert "onnx" not in imported_by("from duktus.cli import main; main(['models', 'show', 'digits', '--layers'])")
