"""``python -m duktus.written.training RECIPE --data DATA --out FILE``."""

import argparse
from pathlib import Path

from duktus.written.training.recipe import read_recipe
from duktus.written.training.run import train_segmenter


def main() -> None:
    """Train a page segmenter by a recipe."""
    parser = argparse.ArgumentParser(description="Train a page segmenter.")
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets, unipen/ and others in it")
    parser.add_argument("--out", type=Path, default=Path("writing.onnx"))
    chosen = parser.parse_args()
    train_segmenter(read_recipe(chosen.recipe), chosen.data, chosen.out)


if __name__ == "__main__":
    main()
