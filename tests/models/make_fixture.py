"""Writes tests/fixtures/model-v1.onnx, a model whose card has format 1: ``python -m tests.models.make_fixture``.

The file stands for every model saved in that format and must stay openable for ever. It was made once and is not to
be made again: where the tests no longer read it, it is the code that is wrong.
"""

import json
from pathlib import Path

import onnx

from tests.models.networks import card_of, convolutional

FIXTURE = Path(__file__).parents[1] / "fixtures" / "model-v1.onnx"


def main() -> None:
    """Writes the fixture."""
    network = convolutional(outputs=3)
    content = json.loads(card_of(network).to_json())
    for added in ("other", "attribution"):
        del content[added]
    calibration = content.pop("calibration")
    content |= {"format": 1, "temperature": calibration["temperature"], "threshold": calibration["threshold"]}
    model = onnx.load_from_string(network)
    model.metadata_props.add(key="duktus.card", value=json.dumps(content))
    FIXTURE.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
