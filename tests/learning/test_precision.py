"""The precision of a training follows the processor, and leaves Keras as it was."""

from pathlib import Path

import keras
import pytest

from duktus.learning.precision import mixed_precision, precision_of

PROCESSORS = {
    "flags\t\t: fpu sse2 avx2 avx512f avx512_bf16 amx_tile": "mixed_bfloat16",
    "flags\t\t: fpu sse2 avx2 amx_bf16": "mixed_bfloat16",
    "Features\t: fp asimd i8mm bf16": "mixed_bfloat16",
    "flags\t\t: fpu sse2 avx2 avx512f": "float32",
    "model name\t: a bf16 processor\nflags\t\t: fpu sse2": "float32",
    "Features\t: fp asimd": "float32",
    "": "float32",
}


@pytest.mark.parametrize(("text", "policy"), PROCESSORS.items())
def test_processors(text: str, policy: str, tmp_path: Path) -> None:
    """bfloat16 is taken where the processor's own flags name it, and nowhere else."""
    info = tmp_path / "cpuinfo"
    info.write_text(f"processor\t: 0\n{text}\n", encoding="utf-8")
    assert precision_of("auto", info) == policy


def test_system_that_does_not_tell(tmp_path: Path) -> None:
    """Without a description of the processor, or with one that is no text, float32 is taken."""
    assert precision_of("auto", tmp_path / "missing") == "float32"
    assert precision_of("auto", tmp_path) == "float32"
    (tmp_path / "bytes").write_bytes(b"flags\t\t: \xff\xfe avx2")
    assert precision_of("auto", tmp_path / "bytes") == "float32"


@pytest.mark.parametrize("wanted", ["float32", "mixed_bfloat16"])
def test_what_is_named_is_taken(wanted: str, tmp_path: Path) -> None:
    """A precision that a recipe names is not asked of the processor."""
    assert precision_of(wanted, tmp_path / "missing") == wanted


def test_policy_holds_for_a_block() -> None:
    """Layers built in the block have the precision, and the former one is back after it, even after an error."""
    before = keras.config.dtype_policy().name
    with mixed_precision("mixed_bfloat16"):
        assert keras.layers.Dense(2).compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == before
    with pytest.raises(KeyError), mixed_precision("mixed_bfloat16"):
        raise KeyError
    assert keras.config.dtype_policy().name == before
