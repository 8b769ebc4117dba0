"""A card inside an ONNX file, on the level of its bytes: embedded, found, and the file looked over before use.

An ONNX file is one protobuf message. Its fields are read here as they stand in the file, by the numbers of
``onnx.proto`` (github.com/onnx/onnx), so that reading needs no further package and a file is judged before any
library is let near it. See protobuf.dev/programming-guides/encoding for the encoding.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from duktus.models.card import Card
from duktus.types import ModelError

CARD_KEY = "duktus.card"
"""The key of the card among the ``metadata_props`` of the file."""

_OPERATORS = """
    Abs Add And AveragePool BatchNormalization Cast Ceil Clip Concat Constant ConstantOfShape Conv ConvTranspose
    DepthToSpace DequantizeLinear Div Elu Equal Erf Exp Expand Flatten Floor GRU Gather Gelu Gemm GlobalAveragePool
    GlobalMaxPool Greater GreaterOrEqual HardSigmoid HardSwish Identity InstanceNormalization LSTM
    LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization MatMul Max MaxPool Min Mul Neg Not
    Or PRelu Pad Pow QuantizeLinear Reciprocal ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
    ReduceSumSquare Relu Reshape Resize Round Selu Shape Sigmoid Sign Slice Softmax Softplus Softsign SpaceToDepth
    Split Sqrt Squeeze Sub Sum Tanh Tile Transpose Unsqueeze Where
    """
OPERATORS = frozenset(_OPERATORS.split())
"""What networks are made of here, and exports of their layers: arithmetic on arrays. None runs another graph (If, Loop,
Scan), draws at random, or has text for its values."""

STANDARD_DOMAINS = frozenset({"", "ai.onnx"})
"""Operators of these domains are defined by ONNX itself and need no code from elsewhere."""

MOST_FIELDS = 300_000
"""Fields of all messages; a network of 200 layers has some 5,000."""

MOST_NODES = 20_000
"""Operators of a network; one of 200 layers has some 500."""

MOST_CARD = 2**22
"""Bytes of a card: 4 MiB. Most of it is the sample."""

_MAX_BYTES = 2**31 - 1  # of a protobuf message
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_GRAPH, _METADATA, _OPERATOR, _DOMAIN, _EXTERNAL_DATA, _DATA_LOCATION = 7, 14, 4, 7, 13, 14

MESSAGES: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "ModelProto": {7: "GraphProto"},
        "GraphProto": {1: "NodeProto", 5: "TensorProto"},
        "NodeProto": {5: "AttributeProto"},
        "AttributeProto": {5: "TensorProto", 10: "TensorProto"},
        "TensorProto": {},
    }
)
"""For each message the fields that lead to a node or a tensor that may be there."""

REFUSED: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "ModelProto": {20: "TrainingInfoProto", 25: "FunctionProto"},
        "GraphProto": {15: "SparseTensorProto"},
        "AttributeProto": {6: "GraphProto", 11: "GraphProto", 22: "SparseTensorProto", 23: "SparseTensorProto"},
    }
)
"""For each message the fields that lead to one where none may be: graphs within graphs, and what no recipe makes."""


class Field(NamedTuple):
    """A field of a protobuf message: number, wire type, and where field, payload and the next field begin."""

    number: int
    wire: int
    at: int
    start: int
    end: int


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The content of a model file.

    Raises:
        ModelError: where there is no such file, or it is empty, too large, unreadable or a folder, pipe or device.
    """
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise ModelError(f"{path}: expected a model file, received a folder or a device; name an .onnx file")
        if not 0 < status.st_size <= _MAX_BYTES:
            raise ModelError(f"{path}: expected an .onnx file of 1 byte to 2 GB, received {status.st_size} bytes")
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path}: the model cannot be read ({reason}); check the path and its permissions") from error


def embed_card(content: bytes, card: Card) -> bytes:
    """An ONNX file with the card inside, as its last field, in place of any that was there.

    Raises:
        ModelError: where ``content`` is no ONNX file or needs more than itself (see ``extract_card``).
    """
    return embed_text(content, CARD_KEY, card.to_json())


def embed_text(content: bytes, key: str, text: str) -> bytes:
    """An ONNX file with a text under a key, as its last field, in place of any that was there.

    Raises:
        ModelError: where ``content`` is no ONNX file or needs more than itself (see ``extract_card``).
    """
    _inspect(content)
    kept = (content[field.at : field.end] for field in iter_fields(content) if _entry(content, field)[0] != key)
    entry = _pack(1, key.encode()) + _pack(2, text.encode())
    return b"".join(kept) + _pack(_METADATA, entry)


def extract_text(content: bytes, key: str) -> str | None:
    """The text under a key of an ONNX file's bytes, None where there is none.

    Raises:
        ModelError: where ``content`` is no ONNX file, or the text is none.
    """
    entries = dict(_entry(content, field) for field in iter_fields(content))
    try:
        return entries[key].decode() if key in entries else None
    except UnicodeDecodeError as error:
        raise ModelError(f"{key}: expected text in UTF-8, received {error}; fetch the model again") from error


def extract_card(content: bytes, name: str) -> Card:
    """The card of an ONNX file's bytes.

    Args:
        content: the whole file.
        name: what messages call the file.

    Raises:
        ModelError: for anything but an ONNX file with a card that this version reads; for tensors kept in other
            files, because opening a model reads nothing else; for operators that are not among ``OPERATORS``, because
            they need code, or may never end.
    """
    try:
        _inspect(content)
        entries = dict(_entry(content, field) for field in iter_fields(content))
        if CARD_KEY not in entries:
            raise ModelError("an ONNX file without a card; expected a model saved by duktus (`duktus train`)")
        if len(entries[CARD_KEY]) > MOST_CARD:
            raise ModelError(f"expected a card of at most {MOST_CARD:,} bytes, received {len(entries[CARD_KEY]):,}")
        return Card.from_json(entries[CARD_KEY].decode())
    except UnicodeDecodeError as error:
        raise ModelError(f"{name}: the card is not UTF-8 ({error}); fetch or export the model again") from error
    except ModelError as error:
        raise ModelError(f"{name}: {error}") from error


def _inspect(content: bytes) -> None:
    counts = Counter[str]()
    _walk(content, "ModelProto", 0, len(content), counts)
    if counts["GraphProto"] != 1:
        raise _damaged("it holds no network" if not counts["GraphProto"] else "it holds several networks")


def _walk(content: bytes, message: str, start: int, end: int, counts: Counter[str]) -> None:
    """Goes through a message and all below it, and refuses what a file must not bring."""
    counts[message] += 1
    if counts["NodeProto"] > MOST_NODES:
        raise ModelError(f"expected a network of at most {MOST_NODES:,} operators, received more; export a smaller one")
    children, refused, operator = MESSAGES[message], REFUSED.get(message, {}), message == "NodeProto"
    for field in iter_fields(content, start, end):
        counts["fields"] += 1
        if counts["fields"] > MOST_FIELDS:
            raise _damaged(f"it has more than {MOST_FIELDS:,} fields")
        if field.wire != _BYTES and not (message == "TensorProto" and field.number == _DATA_LOCATION):
            continue
        if field.number in refused:
            raise ModelError(f"expected a network without {refused[field.number]}, received one; export it again")
        if field.number in children:
            _walk(content, children[field.number], field.start, field.end, counts)
        elif operator and field.number in (_OPERATOR, _DOMAIN):
            _refuse_custom(content[field.start : field.end].decode(errors="replace"), field.number)
        elif message == "TensorProto" and field.number in (_EXTERNAL_DATA, _DATA_LOCATION):
            _refuse_external(content[field.start : field.end])


def _refuse_custom(name: str, field: int) -> None:
    if field == _DOMAIN and name not in STANDARD_DOMAINS:
        raise ModelError(f"expected operators of ONNX alone, received one of {name!r}; export without custom ones")
    if field == _OPERATOR and name not in OPERATORS:
        raise ModelError(f"expected a network of arithmetic on arrays, received the operator {name!r}; export another")


def _refuse_external(value: bytes) -> None:
    if value != b"\0":  # data_location 0 says that the data is inside
        raise ModelError("expected all weights inside the file, received a reference to another; save it as one file")


def _entry(content: bytes, field: Field) -> tuple[str, bytes]:
    """Key and value of a metadata entry; both are empty for any other field."""
    if (field.number, field.wire) != (_METADATA, _BYTES):
        return "", b""
    parts = {part.number: content[part.start : part.end] for part in iter_fields(content, field.start, field.end)}
    return parts.get(1, b"").decode(errors="replace"), parts.get(2, b"")


def iter_fields(content: bytes, start: int = 0, end: int | None = None) -> Iterator[Field]:
    """The fields of the message between two places. Raises ModelError where they do not fill it exactly."""
    at, end = start, len(content) if end is None else end
    while at < end:
        key, payload = read_varint(content, at)
        wire = key & 7
        if wire == _VARINT:
            stop = read_varint(content, payload)[1]
        elif wire == _BYTES:
            length, payload = read_varint(content, payload)
            stop = payload + length
        elif wire in (_FIXED32, _FIXED64):
            stop = payload + (4 if wire == _FIXED32 else 8)
        else:
            raise _damaged(f"unknown field type at byte {at}")
        if stop > end:
            raise _damaged(f"it ends within the field at byte {at}")
        yield Field(key >> 3, wire, at, payload, stop)
        at = stop


def read_varint(content: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, least first, and the place after it."""
    value = 0
    for i, byte in enumerate(content[at : at + 10]):
        value |= (byte & 127) << 7 * i
        if byte < 128:
            return value, at + i + 1
    raise _damaged(f"it ends within the number at byte {at}")


def _pack(number: int, payload: bytes) -> bytes:
    return _number(number << 3 | _BYTES) + _number(len(payload)) + payload


def _number(value: int) -> bytes:
    groups = [value >> shift & 127 for shift in range(0, max(value.bit_length(), 1), 7)]
    return bytes([group | 128 for group in groups[:-1]] + groups[-1:])


def _damaged(how: str) -> ModelError:
    return ModelError(f"not an ONNX file, or a damaged one: {how}; fetch or export the model again")
