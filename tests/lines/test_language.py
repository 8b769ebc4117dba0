"""The n-gram of a model: probabilities that sum to one, a say in what is read, a place in the file."""

import base64
import zlib

import numpy as np
import pytest

from duktus.lines.reading.beam import Anything, Weighted, search
from duktus.lines.reading.decoder import Decoder
from duktus.lines.reading.language import END, KEY, CharacterModel
from duktus.lines.reading.options import Decoding
from duktus.lines.reading.transcriber import Transcriber
from duktus.models.container import embed_text, extract_text
from duktus.models.file import find_model, open_model_file
from duktus.models.runtime import Session
from duktus.types import ModelError

TEXTS = ["the hen sat on the mat", "then the men ate", "a hat on a mat"] * 3
LABELS = ("a", "e", "h", "n", "t", " ")


def _packed(count: str) -> str:
    """Counts that no text has, as a stranger may write them."""
    return base64.b85encode(zlib.compress(f'[["t", "th"], [3, {count}]]'.encode())).decode()


def logs(*steps: dict[str, float]) -> np.ndarray:
    """Log-probabilities of steps: what is named, the rest evenly shared by all others."""
    table = np.full((len(steps), len(LABELS) + 1), 1e-6)
    for row, step in zip(table, steps, strict=True):
        for character, share in step.items():
            row[1 + LABELS.index(character) if character else 0] = share
    return np.asarray(np.log(table / table.sum(axis=1, keepdims=True)), np.float32)


def test_probabilities_sum_to_one_at_most() -> None:
    """Over all characters that were seen and the end, whatever stands before them."""
    model = CharacterModel.of(TEXTS)
    for before in ("", "th", "zzz", "the hen sat on the ma"):
        shares = [np.exp(model.log_prob(before, one)) for one in {*"".join(TEXTS), END}]
        assert 0.85 < sum(shares) <= 1
    assert model.log_prob("the hen sat on the mat", END) > model.log_prob("the hen sat on the ma", END)
    assert np.isfinite(model.log_prob("", "q"))


def test_it_decides_between_texts_that_look_alike() -> None:
    """What the network holds for as likely is settled by the language; a strong weight overrules the network."""
    seen = logs({"t": 0.99}, {"h": 0.5, "n": 0.5}, {"e": 0.98})
    language = Weighted(CharacterModel.of(TEXTS), 0.5, 0.5)
    best = search(seen, LABELS, 8, Anything(), language)[0][0]
    assert "".join(LABELS[output - 1] for output in best) == "the"
    decoder = Decoder(Decoding(language=True), LABELS, language)
    assert decoder.text(decoder.decode(seen)[0].outputs) == "the"
    leaning = logs({"t": 0.99}, {"h": 0.2, "n": 0.8}, {"e": 0.98})
    assert search(leaning, LABELS, 8, Anything(), None)[0][0] == (5, 4, 2)
    assert search(leaning, LABELS, 8, Anything(), Weighted(CharacterModel.of(TEXTS), 2.0, 1.0))[0][0] == (5, 3, 2)


def test_it_travels_in_the_file() -> None:
    """Packed, it says what it said; a damaged one is refused, and a model without one says so."""
    model = CharacterModel.of(TEXTS)
    content = open_model_file("numbers").content
    packed = embed_text(content, KEY, model.pack())
    again = CharacterModel.unpack(extract_text(packed, KEY) or "", "m")
    assert again.log_prob("the h", "e") == model.log_prob("the h", "e")
    session = Session(packed, 1, name="m")
    ink = np.zeros((40, 60), np.float32)
    ink[8:32, 28:31] = 1
    assert Transcriber(session).read([ink], Decoding(language=True))[0].text == "1"
    for broken in ("", "!", model.pack()[:-9], *map(_packed, ("1" + "0" * 400, "Infinity", "9" * 5000, "0", "NaN"))):
        with pytest.raises(ModelError, match="expected counts of n-grams"):
            CharacterModel.unpack(broken, "m")
    with pytest.raises(ModelError, match="an n-gram of its language, found none"):
        Transcriber(Session(content, 1, name=str(find_model("numbers")))).read([ink], Decoding(language=True))
