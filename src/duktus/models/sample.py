"""Arrays as JSON can hold them: inputs of a network with the outputs that belong to them, for a card."""

import base64
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.types import ModelError

_MOST_AXES = 8


@dataclass(frozen=True)
class Tensor:
    """A float32 array as JSON can hold it: its shape, and its little-endian bytes in base64."""

    shape: tuple[int, ...]
    data: str

    @classmethod
    def pack(cls, array: NDArray[np.float32]) -> "Tensor":
        """Packs an array of any shape; other types are converted to float32."""
        return cls(tuple(map(int, array.shape)), base64.b64encode(array.astype("<f4").tobytes()).decode())

    def unpack(self) -> NDArray[np.float32]:
        """The array. Raises ModelError where the bytes do not fill the shape."""
        try:
            content = base64.b64decode(self.data, validate=True)
        except ValueError as error:
            raise ModelError(f"field sample: expected base64, received something else ({error})") from error
        sound = len(self.shape) <= _MOST_AXES and all(0 <= length < 2**31 for length in self.shape)
        if not sound or len(content) != 4 * math.prod(self.shape):
            raise ModelError(f"field sample: expected bytes for shape {self.shape}, received {len(content)}")
        return np.frombuffer(content, "<f4").astype(np.float32).reshape(self.shape)


@dataclass(frozen=True)
class Sample:
    """Inputs of the network, (n, ...) as its graph takes them, and the outputs that belong to them, (n, ...)."""

    input: Tensor
    output: Tensor

    @classmethod
    def of(cls, inputs: NDArray[np.float32], outputs: NDArray[np.float32]) -> "Sample":
        """Packs both arrays; their first axes count the same examples."""
        return cls(Tensor.pack(inputs), Tensor.pack(outputs))
