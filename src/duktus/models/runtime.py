"""A network in memory: batches go in, outputs come out, on ONNX Runtime or, in bfloat16, on OpenVINO."""

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from threading import Lock
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from duktus.models.card import Card
from duktus.models.container import extract_card, read_bytes
from duktus.models.cores import available_cores
from duktus.types import MissingExtraError, ModelError

Precision: TypeAlias = Literal["float32", "bfloat16", "int8"]
Array: TypeAlias = NDArray[np.float32]

BATCH = 64
"""Most examples that the network sees at once. A convolutional network of 230,000 parameters at 28 x 28 takes the
same time an image from 16 to 256 in float32 (0.45 ms of one core, EPYC with AVX-512), and is fastest at 64 to 128 in
bfloat16 (0.23 ms); the whole process is resident with 80 MB at 64, with 128 MB at 256."""

MOST_THREADS = 64
"""Threads of one network; more of them wait for each other."""

MOST_MEMORY = 600 * 2**20
"""Bytes that networks on ONNX Runtime may take in this process, all together: weights and what lies between layers. The
shipped ones take some 20 MB."""

BATCH_VALUES = 2**18
"""Most input values at once: lines and patches go in smaller batches, as memory grows with them."""


class _Engine(NamedTuple):
    """A loaded network: its only function, and the shapes of its input and output; None for a free length."""

    run: Callable[[Array], Array]
    input_shape: tuple[int | None, ...]
    output_shape: tuple[int | None, ...]


class Session:
    """An opened model. Opening runs no code of the file and reads no other; running may be done from any thread.

    Args:
        source: a path, or the content of a model file.
        threads: cores that one ``run`` uses; None for all that this process may use.
        precision: "float32", or "bfloat16" (OpenVINO, the extra ``fast``), about twice as fast on processors that
            compute in it. "int8" expects an int8-quantised network (``duktus models quantize``); such a one
            computes in int8 whatever the precision.
        name: what messages call the model; where it is empty, the path.

    Attributes:
        card: what the model says of itself.
        content: of the model file, as it was when it was opened.
        name: what messages call it.
        threads: cores that one ``run`` uses.
        precision: what the network computes in.
        input_shape: (n, ...) of the network's input; None where any length fits, as it does for n.
        output_shape: (n, ...) of its output, likewise.

    Raises:
        ModelError: for a file that is no model of this format or an older one, or that cannot be run.
        MissingExtraError: for bfloat16 without the extra ``fast``.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes,
        threads: int | None = None,
        precision: Precision = "float32",
        *,
        name: str = "",
    ) -> None:
        if precision not in get_args(Precision):
            raise ModelError(f"precision: expected one of {', '.join(get_args(Precision))}, received {precision!r}")
        name = name or ("model" if isinstance(source, bytes) else os.fspath(source))
        content = source if isinstance(source, bytes) else read_bytes(source)
        self.card = extract_card(content, name)
        if precision == "int8" and self.card.numbers != "int8":
            advice = "make one by 'duktus models quantize'"
            raise ModelError(f"{name}: expected a network in int8, received one in {self.card.numbers}; {advice}")
        self.precision: Precision = "int8" if self.card.numbers == "int8" else precision
        self.content, self.name = content, name
        self.threads = min(threads or available_cores(), MOST_THREADS)
        load = _load_bfloat16 if self.precision == "bfloat16" else _load_onnx
        with _named(name):
            self._engine = load(content, self.threads)
            self.input_shape, self.output_shape = self._engine.input_shape, self._engine.output_shape
            check_shapes(self.card, self.input_shape, self.output_shape)

    def __reduce__(self) -> NoReturn:
        """Raises TypeError: what is opened belongs to this process."""
        advice = "open it in each process, or have 'read_many' start its own"
        raise TypeError(f"{self.name}: expected to stay in its process, received a request to pickle it; {advice}")

    def run(self, batch: Array) -> Array:
        """Sends examples through the network, in parts of bounded size.

        Args:
            batch: (n, ...) float32 as ``input_shape`` says; n may be 0 and has no upper bound. Other types are
                converted.

        Returns:
            (n, ...) float32: logits or vectors, as the card's task says.

        Raises:
            ModelError: where the shape is not the network's, or the network fails on it.
        """
        self._check(batch.shape)
        batch, size = np.ascontiguousarray(batch, np.float32), _batch_size(batch.shape)
        with _named(self.name):
            if len(batch) <= size:
                return self._run(batch) if len(batch) else self._nothing()
            return np.concatenate([self._run(batch[i : i + size]) for i in range(0, len(batch), size)])

    def _run(self, batch: Array) -> Array:
        """Has the network answer, and holds it to the shape that it promised."""
        result, expected = self._engine.run(batch), (len(batch), *self.output_shape[1:])
        if not _fits(result.shape, expected):
            raise ModelError(f"expected an output of shape {_show(expected)}, received {result.shape}")
        if not np.isfinite(result).all():
            raise ModelError("expected an output of numbers, received some that are infinite or none")
        return result

    def _check(self, shape: tuple[int, ...]) -> None:
        expected = self.input_shape
        if not _fits(shape, expected):
            raise ModelError(f"{self.name}: expected an input of shape {_show(expected)}, received {shape}")

    def _nothing(self) -> Array:
        return np.zeros((0, *(length or 0 for length in self.output_shape[1:])), np.float32)


def check_shapes(card: Card, inputs: tuple[int | None, ...], outputs: tuple[int | None, ...]) -> None:
    """See that a network takes and gives what its card says.

    Args:
        card: what the model says of itself.
        inputs: the shape of its input, None where any length fits.
        outputs: that of its output.

    Raises:
        ModelError: naming what does not fit.
    """
    if len(inputs) < 2 or len(outputs) < 2:
        raise ModelError(f"expected arrays of examples, received {_show(inputs)} to {_show(outputs)}")
    if inputs[0] is not None:
        raise ModelError(f"input: expected batches of any size, received only {inputs[0]}")
    glyph, patches = card.preprocessing.glyph, card.preprocessing.patches
    if glyph is not None and card.task.startswith("glyph-") and inputs[1:] != (glyph.height, glyph.width, 1):
        raise ModelError(f"input: expected the card's frame {(glyph.height, glyph.width, 1)}, received {inputs[1:]}")
    if patches is not None and inputs[1:] != (*patches.shape, 1):
        raise ModelError(f"input: expected the card's patches {(*patches.shape, 1)}, received {inputs[1:]}")
    line = card.preprocessing.line
    if card.task == "line-transcriber" and line is not None and inputs[1:] != (line.height, None, 1):
        raise ModelError(f"input: expected the card's strips {(line.height, None, 1)}, received {inputs[1:]}")
    if card.outputs is not None and outputs[-1] != card.outputs:
        raise ModelError(
            f"labels: expected {card.outputs} outputs for {len(card.labels)} labels, received {outputs[-1]}"
        )
    if card.task == "line-transcriber" and len(outputs) != 3:
        raise ModelError(f"output: expected one row per step of each strip, received the shape {_show(outputs)}")
    if card.task.endswith(("classifier", "encoder")) and len(outputs) != 2:
        raise ModelError(f"output: expected one row per example, received the shape {_show(outputs)}")


def _fits(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    return len(shape) == len(expected) and all(e in (None, s) for s, e in zip(shape, expected, strict=True))


def _show(shape: tuple[int | None, ...]) -> str:
    return f"({', '.join('any' if length is None else str(length) for length in shape)})"


def _batch_size(shape: tuple[int, ...]) -> int:
    values = max(1, math.prod(shape[1:]))
    return min(BATCH, max(1, BATCH_VALUES // values))


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Turns whatever a runtime raises for a network that it cannot load or run into a ModelError."""
    try:
        yield
    except MissingExtraError:
        raise
    except ModelError as error:
        raise ModelError(f"{name}: {error}") from error
    except Exception as error:  # both runtimes have a dozen classes of their own, without a common one
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(f"{name}: the network cannot be run ({reason}); export the model again") from error


def _load_onnx(content: bytes, threads: int) -> _Engine:
    import onnxruntime  # a tenth of a second, for which a list of models need not wait

    _bound_memory(onnxruntime)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what is wrong is raised; only what ends the process is still printed
    # Measured at batches of 64: with the arena 80 MB resident, without it 135 MB, with patterns kept 90 MB.
    options.enable_mem_pattern = False
    # Waiting threads sleep: what runs beside the network (decoding, the next image) needs the cores more.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.load_model_format", "ONNX")  # never its other format, for any content
    options.add_session_config_entry("session.use_env_allocators", "1")  # the one that ``_bound_memory`` made
    # Not computed at opening: a small file may ask for products of matrices of 9,000 rows. Our networks leave nothing
    # to fold: the answers are the same to the bit, in the same time.
    session = onnxruntime.InferenceSession(
        content, options, providers=["CPUExecutionProvider"], disabled_optimizers=["ConstantFolding"]
    )
    inputs, outputs = session.get_inputs(), session.get_outputs()
    _check_ports(len(inputs), len(outputs), [port.type for port in (*inputs, *outputs)], "tensor(float)")
    source, names = inputs[0].name, [outputs[0].name]

    def run(batch: Array) -> Array:
        result: Array = session.run(names, {source: batch})[0]
        return result

    return _Engine(run, _lengths(inputs[0].shape), _lengths(outputs[0].shape))


@cache
def _bound_memory(onnxruntime: Any) -> None:
    """Give all sessions of this process one arena, which takes no more than ``MOST_MEMORY``."""
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    left = ("arena_extend_strategy", "initial_chunk_size_bytes", "max_dead_bytes_per_chunk")
    bounds = {"max_mem": MOST_MEMORY} | dict.fromkeys((*left, "initial_growth_chunk_size_bytes"), -1)  # as it would be
    with suppress(RuntimeError):  # whoever imported this package has made one already
        onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(bounds))


def _load_bfloat16(content: bytes, threads: int) -> _Engine:
    openvino = _import_openvino()
    core = openvino.Core()
    if "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise ModelError("this processor does not compute in bfloat16, use float32")
    network = core.read_model(content)
    types = [port.get_element_type().get_type_name() for port in (*network.inputs, *network.outputs)]
    _check_ports(len(network.inputs), len(network.outputs), types, "f32")
    hints = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
    hints["ENABLE_CPU_PINNING"] = False  # or all processes of one thread would share the first core
    request, lock = core.compile_model(network, "CPU", hints).create_infer_request(), Lock()

    def run(batch: Array) -> Array:
        with lock:  # a request holds one batch at a time
            result: Array = request.infer([batch], share_inputs=True)[0]
        return result

    shapes = [[None if d.is_dynamic else d.get_length() for d in port.partial_shape] for port in _ports(network)]
    return _Engine(run, _lengths(shapes[0]), _lengths(shapes[1]))


def _ports(network: Any) -> tuple[Any, Any]:
    return network.inputs[0], network.outputs[0]


def _import_openvino() -> Any:
    """OpenVINO without its telemetry: left alone, the import reports itself to Google Analytics and marks the home."""
    hidden = "openvino_telemetry"
    present = hidden in sys.modules
    if not present:
        sys.modules[hidden] = None  # type: ignore[assignment]  # Python's own way to say: not to be imported
    try:
        import openvino
    except ImportError as error:
        raise MissingExtraError("bfloat16 needs OpenVINO: pip install 'duktus[fast]'") from error
    finally:
        if not present:
            del sys.modules[hidden]
    return openvino


def _check_ports(inputs: int, outputs: int, types: list[str], expected: str) -> None:
    if (inputs, outputs) != (1, 1) or set(types) != {expected}:
        received = f"{inputs} and {outputs} of {', '.join(sorted(set(types)))}"
        raise ModelError(f"expected one float32 input and one output, received {received}; export the model again")


def _lengths(shape: list[Any]) -> tuple[int | None, ...]:
    return tuple(length if isinstance(length, int) else None for length in shape)
