"""Networks from the lines of a recipe: the layers meant, or an error that names the line."""

from pathlib import Path

import keras
import numpy as np
import pytest

from duktus.training.networks import build_network, operations, parse_layer
from duktus.training.precision import mixed_precision
from duktus.training.recipe import load_recipe
from duktus.types import RecipeError

PUBLISHED = (
    "conv 30 5 valid relu",
    "maxpool 2",
    "conv 15 3 valid relu",
    "maxpool 2",
    "dropout 0.2",
    "flatten",
    "dense 128 relu",
    "dense 64 relu",
    "dense 32 relu",
)


@pytest.mark.parametrize(
    ("lines", "shape", "outputs", "parameters"),
    [
        (PUBLISHED, (28, 28), 10, 63_639),
        (("flatten",), (28, 28), 10, 7_850),
        (("conv 8",), (4, 4), 2, 8 * 9 + 8 + 2 * (16 * 8 + 1)),
        (("conv 8 5 bn",), (4, 4), 2, 8 * 25 + 4 * 8 + 2 * (16 * 8 + 1)),
        (("conv 8", "gap", "dense 6"), (9, 9), 3, 8 * 9 + 8 + 6 * 9 + 3 * 7),
        (("conv 4 2 stride 2", "avgpool 2"), (8, 8), 1, 4 * 4 + 4 + 17),
    ],
)
def test_parameters_are_counted(lines: tuple[str, ...], shape: tuple[int, int], outputs: int, parameters: int) -> None:
    """Known layer lists have their known numbers of parameters; the published recipe's is among them."""
    assert build_network(lines, shape, outputs).count_params() == parameters


def test_lines_become_layers_in_their_order() -> None:
    """A line names a layer, its normalisation and its activation, in the order in which they are applied."""
    network = build_network(("conv 8 3 bn silu", "avgpool 2", "dropout 0.4", "dense 5 gelu"), (8, 8), 3)
    kinds = [type(layer).__name__ for layer in network.layers[1:]]
    assert kinds[:5] == ["Conv2D", "BatchNormalization", "Activation", "AveragePooling2D", "Dropout"]
    assert kinds[5:] == ["Dense", "Activation", "Flatten", "Dense"]
    activations = [layer.activation for layer in network.layers if isinstance(layer, keras.layers.Activation)]
    at = np.array([-1.0, 0.5], np.float32)
    for activation, meant in zip(activations, (keras.activations.silu, keras.activations.gelu), strict=True):
        np.testing.assert_allclose(activation(at), meant(at), atol=1e-3)
    assert network.layers[-1].activation is keras.activations.linear


def test_network_gives_logits_in_float32() -> None:
    """Any batch of glyphs gives as many logits each, in float32 whatever the precision of the layers before."""
    with mixed_precision("mixed_bfloat16"):
        network = build_network(("conv 4 stride 2", "gap"), (10, 12), 7)
    assert network.layers[1].compute_dtype == "bfloat16"
    scores = np.asarray(network(np.zeros((3, 10, 12, 1), np.float32)))
    assert scores.shape == (3, 7)
    assert scores.dtype == np.float32


def test_seed_gives_the_weights() -> None:
    """The same seed of Keras gives the same weights."""
    drawn = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        drawn.append(build_network(("conv 4", "gap"), (8, 8), 2).get_weights()[0])
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


def test_operations_are_counted() -> None:
    """Multiply-adds are those of convolutions, place by place, and of dense layers."""
    network = build_network(("conv 8 3", "maxpool 2", "conv 4 5 valid", "flatten"), (12, 12), 10)
    assert operations(network) == 12 * 12 * 9 * 8 + 2 * 2 * 25 * 8 * 4 + 16 * 10


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "empty line"),
        ("   ", "empty line"),
        ("convolution 32", "expected one of conv, dense"),
        ("conv", "expected one of conv"),
        ("conv 32 3 3", "received 'conv 32 3 3'"),
        ("conv many", "received 'many'"),
        ("conv 2.5", "whole figure"),
        ("conv 0", "at least 1"),
        ("conv -4", "at least 1"),
        ("conv inf", "whole figure"),
        ("conv 8 stride", "received 'nothing'"),
        ("conv 8 stride x", "received 'x'"),
        ("conv 8 stride 1.5", "whole figure"),
        ("dense 8 bn", "a dense with gelu, relu, silu at most"),
        ("maxpool 2 relu", "a maxpool with no words at most"),
        ("maxpool 2 stride 3", "a maxpool with no words at most"),
        ("maxpool 30", "expected a layer that fits, received 'maxpool 30'"),
        ("conv 4 15 valid", "expected a layer that fits"),
        ("dropout 1.5", "expected a layer that fits"),
        ("gap 2", "expected one of conv"),
    ],
)
def test_bad_lines(line: str, said: str) -> None:
    """A line that is no layer, or does not fit, is refused with what was expected and what it was."""
    with pytest.raises(RecipeError, match=said):
        build_network((line,), (12, 12), 10)


def test_numbers_with_their_squares() -> None:
    """Behind "unit" and "squares" come numbers of length 1 with their squares; of a picture there are none."""
    network = build_network(("flatten", "unit", "squares"), (2, 2), 1)
    seen = keras.Model(network.input, network.get_layer("scores").input)
    values = np.array([3, 0, 0, 4], np.float32).reshape(1, 2, 2, 1)
    np.testing.assert_allclose(seen(values)[0], [0.6, 0, 0, 0.8, 0.36, 0, 0, 0.64], atol=1e-6)
    with pytest.raises(RecipeError, match="expected 'squares' behind a flat layer"):
        build_network(("squares",), (8, 8), 2)


def test_layer_after_a_flat_one() -> None:
    """A convolution of what is no picture any more is refused by its line."""
    with pytest.raises(RecipeError, match="expected a layer that fits, received 'conv 8'"):
        build_network(("flatten", "conv 8"), (12, 12), 10)


def test_line_in_parts() -> None:
    """Figures, words and the stride may come in any order."""
    layer = parse_layer("conv 32 stride 2 relu 5 bn")
    assert (layer.name, layer.numbers, layer.stride) == ("conv", [32.0, 5.0], 2)
    assert layer.words == {"relu", "bn"}


def test_shipped_recipes_build(repository: Path) -> None:
    """The network of every recipe can be built, and has an operation for each parameter; unless it is an encoder's."""
    for path in sorted((repository / "recipes").rglob("*.toml")):
        if path.stem == "writing":  # a network of its own, see written/training
            continue
        recipe = load_recipe(path)
        if recipe.network.start:
            continue
        outputs = len(recipe.labels) or 100  # an encoder's letters come from its data
        network = build_network(recipe.network.layers, (recipe.glyph.height, recipe.glyph.width), outputs)
        assert 1000 < network.count_params() < 1.01 * operations(network)
