"""The precision in which a network is trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16", "bf16")
"""Processor flags, x86-64 and Arm, of arithmetic in bfloat16: elsewhere it is emulated and slower than float32."""


def precision_of(wanted: str, cpu_info: Path = Path("/proc/cpuinfo")) -> str:
    """Return the Keras dtype policy for a recipe's ``precision``: "auto" looks at the processor.

    A system without ``/proc/cpuinfo``, which is Linux', gets float32.
    """
    if wanted != "auto":
        return wanted
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "float32"
    flags = {flag for line in lines if line.startswith(("flags", "Features")) for flag in line.split()}
    return "mixed_bfloat16" if flags & set(BFLOAT16_FLAGS) else "float32"


@contextmanager
def mixed_precision(policy: str) -> Iterator[None]:
    """Build layers under a Keras dtype policy, and put the former one back."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
