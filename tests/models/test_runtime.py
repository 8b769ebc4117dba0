"""Tests of duktus.models.runtime."""

import importlib.util
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.models.card import Card
from duktus.models.container import embed_card
from duktus.models.runtime import BATCH, Array, Precision, Session
from duktus.types import MissingExtraError, ModelError
from tests.models.networks import plain_card, written

RUN_LONG = """
import sys
import time
import numpy as np
from duktus.models.runtime import Session

def resident() -> float:
    return int(open("/proc/self/statm").read().split()[1]) / 256

session = Session(sys.argv[1], threads=1)
batches = [np.random.default_rng(0).random((n, 28, 28, 1), np.float32) for n in (1, 64, 200, 333)]
for batch in batches * 2:
    session.run(batch)
before, most = resident(), 0.0
for i in range(80):
    session.run(batches[i % 4])
    most = max(most, resident())
print(most - before, most)
"""


def _session(graph: str, precision: Precision = "float32") -> Session:
    """A session of a task that promises no shape."""
    card = replace(plain_card(), task="page-painter", labels=("a", "b"))
    return Session(embed_card(written(graph), card), 1, precision)


def _skip_without_openvino() -> None:
    if importlib.util.find_spec("openvino") is None:  # looked for and not imported, as its import reports itself
        pytest.skip("the extra `fast` is not installed")


@pytest.fixture(params=["float32", "bfloat16"])
def precision(request: pytest.FixtureRequest, model: Path) -> Precision:
    """Each precision that this machine computes in."""
    chosen: Precision = request.param
    if chosen == "bfloat16":
        _skip_without_openvino()
        try:
            Session(model, 1, chosen)
        except ModelError as error:
            if "does not compute in bfloat16" in str(error):
                pytest.skip(str(error))
            raise
    return chosen


def test_outputs_are_those_of_the_reference(model: Path, card: Card, precision: Precision) -> None:
    """Outputs agree with ONNX's reference implementation, from a file and from its bytes."""
    inputs, expected = card.sample.input.unpack(), card.sample.output.unpack()
    tolerance = 1e-5 if precision == "float32" else 0.02 * float(np.abs(expected).max())
    for source in (model, str(model), model.read_bytes()):
        outputs = Session(source, 1, precision).run(inputs)
        assert outputs.dtype == np.float32
        np.testing.assert_allclose(outputs, expected, rtol=0, atol=tolerance)


def test_opened_session_tells_what_it_is(model: Path, card: Card, precision: Precision) -> None:
    """Card, precision and shapes are those of the file; free lengths are None."""
    session = Session(model, precision=precision)
    assert (session.card, session.precision) == (card, precision)
    assert (session.input_shape, session.output_shape) == ((None, 28, 28, 1), (None, 4))


@pytest.mark.parametrize("n", [0, 1, BATCH, BATCH + 1, 3 * BATCH - 1])
def test_parts_of_a_batch_make_no_difference(model: Path, precision: Precision, n: int) -> None:
    """However many examples come at once, each gets the output that it gets alone, in its place."""
    session = Session(model, 1, precision)
    batch = np.random.default_rng(n).random((n, 28, 28, 1), np.float32)
    outputs = session.run(batch)
    assert outputs.shape == (n, 4)
    for i in (0, n // 2, n - 1) if n else ():
        np.testing.assert_allclose(outputs[i], session.run(batch[i : i + 1])[0], rtol=0, atol=1e-4)


def test_results_stay(model: Path, precision: Precision) -> None:
    """What was returned does not change when the next batch is run."""
    session = Session(model, 1, precision)
    first = session.run(np.ones((1, 28, 28, 1), np.float32))
    kept = first.copy()
    session.run(np.zeros((1, 28, 28, 1), np.float32))
    np.testing.assert_array_equal(first, kept)


def test_takes_any_array(model: Path, precision: Precision) -> None:
    """Views, arrays of other types and read-only ones give the same, and stay as they were."""
    session = Session(model, 1, precision)
    wide = np.random.default_rng(1).random((4, 28, 28, 2))
    view = wide[::2, :, :, :1]
    frozen = np.ascontiguousarray(view, np.float32)
    frozen.setflags(write=False)
    np.testing.assert_array_equal(session.run(view), session.run(frozen))  # type: ignore[arg-type]  # what is tested


def test_a_session_tells_how_to_open_another(model: Path, precision: Precision) -> None:
    """Its content, which stays whatever becomes of the file, its name and its threads make one that is the same."""
    session = Session(model, 2, precision)
    again = Session(session.content, session.threads, session.precision, name=session.name)
    assert (again.name, again.threads, again.card) == (str(model), 2, session.card)
    batch = np.full((3, 28, 28, 1), 0.5, np.float32)
    np.testing.assert_allclose(again.run(batch), session.run(batch), rtol=0, atol=1e-5)
    with pytest.raises(ModelError, match=model.name):
        again.run(batch[:, :5])


def test_threads_share_a_session(model: Path, precision: Precision) -> None:
    """Calls from several threads at once get their own results."""
    session = Session(model, 2, precision)
    batches = [np.full((5, 28, 28, 1), level, np.float32) for level in np.linspace(0, 1, 8)]
    expected = [session.run(batch) for batch in batches]
    received: dict[int, Array] = {}

    def work(i: int) -> None:
        for _ in range(10):
            received[i] = session.run(batches[i])

    workers = [threading.Thread(target=work, args=(i,)) for i in range(len(batches))]
    for step in (threading.Thread.start, threading.Thread.join):
        for worker in workers:
            step(worker)
    for i, outputs in enumerate(expected):
        np.testing.assert_allclose(received[i], outputs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("shape", [(28, 28, 1), (1, 28, 27, 1), (1, 1, 28, 28), (0, 3, 28, 1), ()])
def test_refuses_another_shape(model: Path, shape: tuple[int, ...]) -> None:
    """A batch of another shape is refused, saying both shapes."""
    with pytest.raises(ModelError, match=r"expected an input of shape \(any, 28, 28, 1\), received \("):
        Session(model).run(np.zeros(shape, np.float32))


def test_large_inputs_go_in_smaller_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long lines are run a few at a time, so that memory does not grow with them."""
    session = _session("g (float[n, h, w, 4] x) => (float[n, h, w, 4] y) { y = Relu(x) }")
    sizes: list[int] = []
    real = session._engine.run

    def counting(batch: Array) -> Array:
        sizes.append(len(batch))
        return real(batch)

    monkeypatch.setattr(session, "_engine", session._engine._replace(run=counting))
    assert session.run(np.ones((10, 64, 256, 4), np.float32)).shape == (10, 64, 256, 4)
    assert sizes == [4, 4, 2]
    assert session.run(np.ones((1, 2048, 512, 4), np.float32)).all()


@pytest.mark.parametrize(
    ("graph", "named"),
    [
        ("g (float[n] x, float[n] z) => (float[n] y) { y = Add(x, z) }", "received 2 and 1"),
        ("g (float[n] x) => (float[n] y, float[n] z) { y = Relu(x) z = Abs(x) }", "received 1 and 2"),
        ("g (double[n] x) => (double[n] y) { y = Relu(x) }", "expected one float32 input and one output"),
        ("g (float[n] x) => (float[n] y) { y = Relu(z) }", "the network cannot be run"),
    ],
)
def test_refuses_unfit_networks(
    graph: str, named: str, precision: Precision, capfd: pytest.CaptureFixture[str]
) -> None:
    """A network that cannot be run, or with other inputs and outputs, is one error and nothing on the terminal."""
    with pytest.raises(ModelError, match=f"^model: .*{named}"):
        _session(graph, precision)
    assert capfd.readouterr() == ("", "")


def test_failure_while_running(capfd: pytest.CaptureFixture[str]) -> None:
    """A network that fails on its input raises the project's error and prints nothing."""
    session = _session(
        "g (float[n, 4] x) => (float[n, 4] y) { s = Constant <value: tensor = int64[2] {1, 4}> () y = Reshape(x, s) }"
    )
    assert session.run(np.ones((1, 4), np.float32)).all()
    with pytest.raises(ModelError, match="the network cannot be run"):
        session.run(np.ones((2, 4), np.float32))
    assert capfd.readouterr() == ("", "")


def test_missing_extra(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OpenVINO, bfloat16 names the extra to install."""
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'duktus\[fast\]'"):
        Session(model, precision="bfloat16")


def test_unknown_precision(model: Path) -> None:
    """A precision that is not offered is refused, naming those that are."""
    with pytest.raises(ModelError, match="expected one of float32, bfloat16, int8, received 'int4'"):
        Session(model, precision="int4")  # type: ignore[arg-type]  # what is tested


def test_openvino_reports_to_nobody(tmp_path: Path) -> None:
    """Importing OpenVINO neither loads its telemetry nor leaves its mark in the home folder."""
    _skip_without_openvino()
    home = tmp_path / "home"
    home.mkdir()
    code = "import sys; from duktus.models.runtime import _import_openvino; _import_openvino(); print(*sys.modules)"
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "openvino._pyopenvino" in done.stdout
    assert "openvino_telemetry" not in done.stdout
    assert list(home.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from Linux' /proc")
def test_memory_is_bounded(model: Path) -> None:
    """Memory does not grow over 12,000 images in batches of changing size, and the process stays small."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", RUN_LONG, str(model)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    growth, most = map(float, done.stdout.split())
    assert growth < 2
    assert most < 150


def test_card_is_read_before_the_network(card: Card) -> None:
    """A model of another kind can be opened by anyone who knows its name: the card comes from the file alone."""
    graph = "g (float[n, 64, w, 5] x) => (float[n, 64, w, 5] y) { y = Relu(x) }"
    session = Session(embed_card(written(graph), replace(card, task="page-painter")))
    assert session.card.task == "page-painter"
    assert session.input_shape == (None, 64, None, 5)


SHAPES = [
    ("g (float x) => (float y) { y = Relu(x) }", "arrays of examples"),
    ("g (float[n, 28, 28, 1] x) => (float y) { y = ReduceSum <keepdims = 0> (x) }", "arrays of examples"),
    ("g (float[2, 28, 28, 1] x) => (float[2, 28, 28, 1] y) { y = Relu(x) }", "batches of any size, received only 2"),
    ("g (float[n, 29, 28, 1] x) => (float[n, 29, 28, 1] y) { y = Relu(x) }", "card's frame"),
    ("g (float[n, 28, 28, 1] x) => (float[n, 28, 28, 1] y) { y = Relu(x) }", "expected 4 outputs for 3 labels"),
    (
        "g (float[n, 28, 28, 1] x) => (float[n, 196, 4] y)"
        "{ s = Constant <value: tensor = int64[3] {0, 196, 4}> () y = Reshape(x, s) }",
        "one row per example",
    ),
]


@pytest.mark.parametrize(("graph", "named"), SHAPES)
def test_a_network_is_held_to_its_card_at_once(graph: str, named: str) -> None:
    """A network that cannot be what its card says is refused when it is opened."""
    with pytest.raises(ModelError, match=f"^model: .*{named}"):
        Session(embed_card(written(graph), plain_card()), 1)


RUNS = [
    ("{ t = Constant <value: tensor = float[1] {1000.0}> () e = Exp(t) y = Add(x, e) }", "infinite or none"),
    ("{ y = Div(x, x) }", "infinite or none"),
    ("{ y = ReduceMean <axes = [0], keepdims = 1> (x) }", r"shape \(2, 4\), received \(1, 4\)"),
]


@pytest.mark.parametrize(("body", "named"), RUNS)
def test_a_network_is_held_to_what_it_promised(body: str, named: str) -> None:
    """An output that is no number, or has fewer rows than the input, is an error of the project's."""
    session = _session(f"g (float[n, 4] x) => (float[n, 4] y) {body}")
    with pytest.raises(ModelError, match=f"^model: .*{named}"):
        session.run(np.zeros((2, 4), np.float32))


def test_a_network_gets_no_more_memory_than_stated() -> None:
    """An array of 6 GB that a small file asks for is refused, and the next network runs as before."""
    big = "s = Constant <value: tensor = int64[2] {1500000000, 4}> ()"
    greedy = _session(f"g (float[n, 4] x) => (float[n, 4] y) {{ {big} e = Expand(x, s) y = Relu(e) }}")
    with pytest.raises(ModelError, match="the network cannot be run"):
        greedy.run(np.ones((1, 4), np.float32))
    assert _session("g (float[n, 4] x) => (float[n, 4] y) { y = Relu(x) }").run(np.ones((1, 4), np.float32)).all()


def test_opening_computes_nothing() -> None:
    """A file that asks for products of large matrices of constants is opened at once."""
    body = "s = Constant <value: tensor = int64[2] {9000, 9000}> () c = ConstantOfShape(s) m = MatMul(c, c)"
    began = time.process_time()
    _session(f"g (float[n, 4] x) => (float[n, 4] y) {{ {body} r = ReduceSum <keepdims = 0> (m) y = Add(x, r) }}")
    assert time.process_time() - began < 5
