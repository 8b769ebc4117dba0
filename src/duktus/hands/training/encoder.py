"""An encoder of hands: fitted in closed form, calibrated on writers it was not fitted to, measured, and packed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.hands.training.embedding import HandEmbedding, fit_hand_embedding, put_together, two_documents
from duktus.hands.training.open_set import HeldOut, fit_open_set
from duktus.hands.training.pages import Writings, prepare_writings
from duktus.hands.training.pair_scores import Comparisons, compare_documents, cost, fit_likelihood
from duktus.hands.training.settings import HandEncoderRecipe, encoder_faults
from duktus.learning.packing import draft_card
from duktus.learning.task import Faults, Packed, Work
from duktus.models.card import DataSource, Metric, Preprocessing, Sample
from duktus.models.container import embed_card
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.reporting.intervals import wilson
from duktus.types import ModelError

PACKAGES = ("numpy", "opencv-python-headless", "onnx", "onnxruntime")
"""Libraries whose versions the card names."""

SAMPLED = 2
"""Documents whose counts and vectors the card carries, to be replayed by ``duktus models check``."""

SEEN = 0.95
"""Share of the compared documents of one writer that are no longer than those up to which length counts."""

TOLERANCE = 1e-4
"""Largest difference of a vector's number that is put down to the order of additions."""


@dataclass(frozen=True, eq=False)
class HandData:
    """What an encoder of hands is fitted to: measured writing, and what the card says of it."""

    writings: Writings
    sources: tuple[DataSource, ...]


@dataclass(frozen=True, eq=False)
class FittedHands:
    """What was fitted to all writers, comparisons of held-out ones, and how many seconds it took."""

    embedding: HandEmbedding
    held_out: list[HeldOut]
    seconds: float


class HandEncoder:
    """A vector for each page, near where one hand wrote two; no network is trained, and Keras is not needed."""

    name = "hand-encoder"
    recipe = HandEncoderRecipe
    needs = ("onnx",)

    def faults(self, recipe: HandEncoderRecipe) -> Faults:
        """Return what may be wrong with a recipe, and whether it is."""
        return encoder_faults(recipe)

    def prepare(self, recipe: HandEncoderRecipe, work: Work) -> tuple[HandEncoderRecipe, HandData]:
        """Return the recipe as it is, and the writing of its sets."""
        return recipe, HandData(*prepare_writings(recipe, work))

    def fit(self, recipe: HandEncoderRecipe, data: HandData, work: Work) -> FittedHands:
        """Fit to all writers, and compare documents of writers that are held out by turns."""
        began = time.monotonic()
        work.report(f"fitting {recipe.hands.folds} folds of the writers, then all of them")
        held_out = cross_validate(data.writings, recipe)
        documents = put_together(fitted_to(data.writings, recipe), recipe.hands, _rng(recipe, 0))
        return FittedHands(fit_hand_embedding(documents, recipe.hands), held_out, time.monotonic() - began)

    def pack(self, recipe: HandEncoderRecipe, data: HandData, fitted: FittedHands) -> Packed:
        """Return the model with its likelihood ratios and figures."""
        content, held = hand_network(fitted.embedding, recipe.contours.shape), fitted.held_out
        seen = Preprocessing(recipe.ink, None, recipe.contours)
        card = draft_card(recipe, seen, data.sources, seconds=fitted.seconds, packages=PACKAGES)
        compared = Comparisons.join([compare_documents(each.vectors, each.amounts, each.writers) for each in held])
        likelihood = _likelihood(held, compared, recipe)
        card = replace(
            card,
            likelihood=likelihood,
            metrics=tuple(_metrics(compared, likelihood)),
            sample=_sample(embed_card(content, card), fitted.embedding, data.writings),
        )
        return Packed(content, card)

    def summary(self, recipe: HandEncoderRecipe, data: Path | None) -> str:  # noqa: ARG002  # the protocol's argument
        """Return how the vectors come about."""
        kinds, numbers = recipe.contours.shape
        sources = ", ".join(recipe.hands.sources)
        return (
            f"{kinds} x {numbers} counts along contours -> {recipe.hands.components} principal components -> "
            f"vectors of {recipe.hands.vector} numbers (linear discriminant analysis).\n"
            f"Fitted in closed form to the writers of {sources}; no network is trained."
        )


def cross_validate(writings: Writings, recipe: HandEncoderRecipe) -> list[HeldOut]:
    """Return two documents each of every fold's writers, of certain sets, embedded by a fit to the other folds'."""
    folds, found = _folds(writings, recipe), []
    certain = np.isin(_sets(writings), recipe.hands.calibration) & (writings.scales == 1)
    for fold in range(recipe.hands.folds):
        others = fitted_to(writings.subset(folds != fold), recipe)
        embedding = fit_hand_embedding(put_together(others, recipe.hands, _rng(recipe, 1, fold)), recipe.hands)
        first, second = two_documents(writings.subset(certain & (folds == fold)), recipe.hands, _rng(recipe, 2, fold))
        vectors = embedding.vectors(first.counts), embedding.vectors(second.counts)
        found.append(HeldOut(vectors, (first.amounts, second.amounts), first.writers))
    return found


def fitted_to(writings: Writings, recipe: HandEncoderRecipe) -> Writings:
    """Return the pieces that an encoder is fitted to, less those that only calibrate."""
    return writings.subset(~np.isin(_sets(writings), recipe.hands.unfitted))


def _sets(writings: Writings) -> NDArray[np.str_]:
    return np.array([writer.split("/", 1)[0] for writer in writings.writers])


def hand_network(embedding: HandEmbedding, shape: tuple[int, int]) -> bytes:
    """Return an ONNX file: counts (n, kinds, bins * bins) go in, vectors (n, d) of length 1 come out."""
    from onnx import TensorProto, helper, numpy_helper

    weights = {"matrix": embedding.matrix, "offset": embedding.offset, "least": np.array(1e-6, np.float32)}
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
    result = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", embedding.matrix.shape[1]])
    graph = helper.make_graph(nodes, "hand", [source], [result], initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def _folds(writings: Writings, recipe: HandEncoderRecipe) -> NDArray[np.intp]:
    """Return the fold of each piece; all of a writer lie in one, and each fold has its share of each set's writers."""
    writers, places = np.unique(writings.writers, return_inverse=True)
    order = _rng(recipe, 3).permutation(len(writers))
    order = order[np.argsort([writers[i].split("/", 1)[0] for i in order], kind="stable")]
    folds = np.empty(len(writers), np.intp)
    folds[order] = np.arange(len(writers)) % recipe.hands.folds
    return np.asarray(folds[places], np.intp)


def _likelihood(held: list[HeldOut], compared: Comparisons, recipe: HandEncoderRecipe) -> Likelihood:
    weights = fit_likelihood(compared)
    split = f"{', '.join(recipe.hands.calibration)}: writers by turns, of whom none was fitted to"
    most = float(np.quantile(compared.amounts[compared.same], SEEN))
    least, counted = recipe.hands.least_amount, (compared.people, compared.couples)
    likelihood = Likelihood(*weights, least, most, *counted, split, "closeness")
    return replace(likelihood, open_set=fit_open_set(held, likelihood, _rng(recipe, 5)))


def _metrics(held: Comparisons, likelihood: Likelihood) -> Iterator[Metric]:
    """Yield how often one of a fold's writers is found by one document, and how well pairs are distinguished."""
    split = "held-out writers of all folds"
    found = wilson(int(held.hits.sum()), len(held.hits))
    equal = held.equal_error_rate()
    yield Metric("top-1 of a fold's writers, one document each", found.value, found.low, found.high, found.n, split)
    yield Metric("equal error rate of pairs", equal.value, equal.low, equal.high, equal.n, split)
    ratios = likelihood.log10_ratio(held.likeness, held.amounts)
    for name in np.unique(held.sets):
        own = held.sets == name
        value = cost(ratios[own], held.same[own], held.weights[own])
        pairs = int(own.sum())
        yield Metric(f"Cllr of pairs, {name}", value, value, value, pairs, f"{split}; no interval")


def _sample(model: bytes, embedding: HandEmbedding, writings: Writings) -> Sample:
    """Return inputs and outputs for the card, once the model's file was seen to give what was fitted.

    Raises:
        ModelError: it gives something else.
    """
    counts = np.rint(writings.counts[:: max(1, len(writings.counts) // 64)])
    vectors = Session(model, threads=1).run(counts)
    apart = float(np.abs(vectors - embedding.vectors(counts)).max())
    if not apart <= TOLERANCE:
        raise ModelError(
            f"export: expected vectors within {TOLERANCE:g}, received a difference of {apart:.2g}; report this"
        )
    return Sample.of(counts[:SAMPLED], vectors[:SAMPLED])


def _rng(recipe: HandEncoderRecipe, *stream: int) -> np.random.Generator:
    return np.random.default_rng((recipe.seed, *stream))
