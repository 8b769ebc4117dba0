"""What is written: pictures in, readings out, one at a time or in bulk."""

import os
from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.writing import stack_glyphs
from duktus.models.card import Calibration, Card
from duktus.models.file import open_model_file
from duktus.models.runtime import Precision, Session
from duktus.recognition.looks import Draft, Layout, Look, first_look, further_looks
from duktus.recognition.confidence import decide
from duktus.recognition.segment import Path, best_path
from duktus.recognition.sources import Picture, Readable, load_pictures
from duktus.types import ModelError, Reading

BLANK = "blank"
