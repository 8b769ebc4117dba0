"""What every test stands on: a quiet, repeatable environment, and the data sets where they are at hand."""

import os
from pathlib import Path

import hypothesis
import pytest

# Set before Keras, TensorFlow or OpenCV are imported anywhere: they read these once, at import. One thread each,
# because the tests themselves run in as many processes as there are cores.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")
for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OPENCV_FOR_THREADS_NUM"):
    os.environ.setdefault(variable, "1")

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, so that a failure is the change's and not the draw's; no deadline and no health check
# on speed, because a loaded machine is not a defect.
hypothesis.settings.register_profile(
    "duktus",
    derandomize=True,
    deadline=None,
    max_examples=25,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("duktus")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of data sets: DUKTUS_DATA, else shared/data beside the checkout; the test is skipped without it."""
    named = os.environ.get("DUKTUS_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no data sets: {folder} is missing; set DUKTUS_DATA to the folder that holds mnist/")
    return folder
