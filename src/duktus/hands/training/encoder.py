"""A recipe becomes an encoder of hands: fitted, calibrated on writers it was not fitted to, measured, and packed."""

import time
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.hands.training.pages import Report, Writings, prepare_hands
from duktus.hands.training.pair_scores import Comparisons, compare_documents, fit_likelihood
from duktus.hands.training.space import HandSpace, fit_hand_space, put_together, two_documents
from duktus.learning.recipe import Recipe
from duktus.models.card import Card, DataSource, Metric, Preprocessing, Sample, Training
from duktus.models.container import embed_card
from duktus.models.file import save_model
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.reporting.intervals import wilson
from duktus.types import MissingExtraError, ModelError

SAMPLED = 2
"""Documents whose counts and vectors the card carries, to be replayed by ``duktus models check``."""

SEEN = 0.95
"""Share of the compared documents of one writer that are no longer than those up to which length counts."""

TOLERANCE = 1e-4
"""Largest difference of a vector's number that is put down to the order of additions."""


def train_hands(recipe: Recipe, *, data: Path | None = None, out: Path, report: Report = print) -> Path:
    """Fit an encoder of hands and write the model with its card.

    Args:
        recipe: of a hand-encoder.
        data: the folder that holds a folder a set, if not where ``duktus data`` puts them.
        out: the model file.
        report: receives each line of progress.

    Returns:
        ``out``.

    Raises:
        DataError: data are missing or too few.
        MissingExtraError: the package onnx is missing.
    """
    if find_spec("onnx") is None:
        raise MissingExtraError("fitting an encoder of hands needs onnx: pip install 'duktus[train]'")
    began = time.monotonic()
    writings, sources = prepare_hands(recipe, data, report)
    held = cross_validate(writings, recipe)
    space = fit_hand_space(put_together(writings, recipe.hands, _rng(recipe, 0)), recipe.hands)
    content = hand_network(space, recipe.contours.shape)
    card = replace(
        _card(recipe, sources, time.monotonic() - began),
        likelihood=_likelihood(held, recipe),
        metrics=_metrics(held),
        sample=_sample(content, space, writings, recipe, sources),
    )
    save_model(content, card, out)
    report("; ".join(f"{each.name} {each.value:.4f} of {each.n:,}" for each in card.metrics) + f"; wrote {out}")
    return out


def cross_validate(writings: Writings, recipe: Recipe) -> Comparisons:
    """Compare documents of each fold's writers, of certain sets, in the space fitted to the other folds' writers."""
    folds, found = _folds(writings, recipe), []
    certain = np.isin([writer.split("/", 1)[0] for writer in writings.writers], recipe.hands.calibration)
    for fold in range(recipe.hands.folds):
        space = fit_hand_space(
            put_together(writings.subset(folds != fold), recipe.hands, _rng(recipe, 1, fold)), recipe.hands
        )
        first, second = two_documents(writings.subset(certain & (folds == fold)), recipe.hands, _rng(recipe, 2, fold))
        vectors = space.vectors(first.counts), space.vectors(second.counts)
        found.append(compare_documents(vectors, (first.amounts, second.amounts), first.writers))
    return Comparisons.join(found)


def hand_network(space: HandSpace, shape: tuple[int, int]) -> bytes:
    """Return an ONNX file: counts (n, kinds, bins * bins) go in, vectors (n, d) of length 1 come out."""
    from onnx import TensorProto, helper, numpy_helper

    weights = {"matrix": space.matrix, "offset": space.offset, "least": np.array(1e-6, np.float32)}
    nodes = [
        helper.make_node("ReduceSum", ["counts", "last"], ["sums"], keepdims=1),
        helper.make_node("Max", ["sums", "least"], ["positive"]),
        helper.make_node("Div", ["counts", "positive"], ["shares"]),
        helper.make_node("Sqrt", ["shares"], ["roots"]),
        helper.make_node("Flatten", ["roots"], ["features"]),
        helper.make_node("Gemm", ["features", "matrix", "offset"], ["place"]),
        helper.make_node("ReduceL2", ["place"], ["length"], axes=[1], keepdims=1),
        helper.make_node("Max", ["length", "least"], ["some"]),
        helper.make_node("Div", ["place", "some"], ["vectors"]),
    ]
    initial = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    initial.append(numpy_helper.from_array(np.array([2], np.int64), "last"))
    source = helper.make_tensor_value_info("counts", TensorProto.FLOAT, ["n", *shape])
    result = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", space.matrix.shape[1]])
    graph = helper.make_graph(nodes, "hand", [source], [result], initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def _folds(writings: Writings, recipe: Recipe) -> NDArray[np.intp]:
    """Return the fold of each piece; all of a writer lie in one, and each fold has its share of each set's writers."""
    writers, places = np.unique(writings.writers, return_inverse=True)
    order = _rng(recipe, 3).permutation(len(writers))
    order = order[np.argsort([writers[i].split("/", 1)[0] for i in order], kind="stable")]
    folds = np.empty(len(writers), np.intp)
    folds[order] = np.arange(len(writers)) % recipe.hands.folds
    return np.asarray(folds[places], np.intp)


def _likelihood(held: Comparisons, recipe: Recipe) -> Likelihood:
    weights = fit_likelihood(held)
    split = f"{', '.join(recipe.hands.calibration)}: writers by turns, of whom none was fitted to"
    most = float(np.quantile(held.amounts[held.same], SEEN))
    return Likelihood(*weights, recipe.hands.least_amount, most, held.people, held.couples, split)


def _metrics(held: Comparisons) -> tuple[Metric, ...]:
    """Return how often one of a fold's writers is found by one document, and how well pairs are told apart."""
    split = "held-out writers of all folds"
    found = wilson(int(held.hits.sum()), len(held.hits))
    equal = held.equal_error_rate()
    return (
        Metric("top-1 of a fold's writers, one document each", found.value, found.low, found.high, found.n, split),
        Metric("equal error rate of pairs", equal.value, equal.low, equal.high, equal.n, split),
    )


def _sample(
    content: bytes, space: HandSpace, writings: Writings, recipe: Recipe, sources: tuple[DataSource, ...]
) -> Sample:
    """Return inputs and outputs for the card, once the network was seen to give what was fitted.

    Raises:
        ModelError: it gives something else.
    """
    counts = np.rint(writings.counts[:: max(1, len(writings.counts) // 64)])
    vectors = Session(embed_card(content, _card(recipe, sources, 0.0)), threads=1).run(counts)
    apart = float(np.abs(vectors - space.vectors(counts)).max())
    if not apart <= TOLERANCE:
        raise ModelError(
            f"export: expected vectors within {TOLERANCE:g}, received a difference of {apart:.2g}; report this"
        )
    return Sample.of(counts[:SAMPLED], vectors[:SAMPLED])


def _card(recipe: Recipe, sources: tuple[DataSource, ...], seconds: float) -> Card:
    """Return what the encoder says of itself before it has been calibrated."""
    nothing = np.zeros((0, 1), np.float32)
    versions = {name: version(name) for name in ("numpy", "opencv-python-headless", "onnx", "onnxruntime")}
    return Card(
        name=recipe.name,
        task="hand-encoder",
        labels=(),
        other=False,
        preprocessing=Preprocessing(recipe.ink, None, recipe.contours),
        calibration=None,
        training=Training(recipe.text, recipe.seed, versions, seconds, 0),
        data=sources,
        metrics=(),
        limits=recipe.limits,
        sample=Sample.of(nothing, nothing),
        created=date.today().isoformat(),
        attribution=recipe.attribution,
    )


def _rng(recipe: Recipe, *stream: int) -> np.random.Generator:
    return np.random.default_rng((recipe.seed, *stream))
