"""Sets of handwriting are found and measured as pages are when they are served."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.hands.training.pages import prepare_writings
from duktus.learning.task import Work
from duktus.types import DataError
from tests.hands.pages import page_of
from tests.hands.training.sets import RECIPE, hands_recipe, write_hands
from tests.hands.training.test_drawn import write_strokes


def test_pieces_and_their_writers(tmp_path: Path) -> None:
    """Of each writer as many images are measured as the recipe says, and the source is told."""
    recipe = hands_recipe(tmp_path)
    found, (source,) = prepare_writings(recipe, Work(tmp_path, write_hands(tmp_path, writers=2)))
    assert np.unique(found.writers, return_counts=True)[1].tolist() == [6, 6]
    assert found.counts.shape == (12, 2, 144)
    assert (found.amounts > 10).all()
    assert (source.name, source.licence, source.n) == ("dhsd", "CC BY 4.0", 12)


def test_a_set_that_nobody_knows(tmp_path: Path) -> None:
    """A set that is not known, and one that is not there, are told."""
    recipe = hands_recipe(tmp_path)
    with pytest.raises(DataError, match="found nothing"):
        prepare_writings(recipe, Work(tmp_path, tmp_path))
    strange = replace(recipe, hands=replace(recipe.hands, sources=("iam",)))
    with pytest.raises(DataError, match=r"hands\.sources"):
        prepare_writings(strange, Work(tmp_path, tmp_path))


def test_a_table_without_writers(tmp_path: Path) -> None:
    """A table with other columns is told."""
    (write_hands(tmp_path, writers=1) / "dhsd" / "data.csv").write_text("file,label\na,b\n")
    with pytest.raises(DataError, match="writer_id"):
        prepare_writings(hands_recipe(tmp_path), Work(tmp_path, tmp_path))


def test_writers_of_one_page(tmp_path: Path) -> None:
    """Of a set that measures by writers of two pages the others are taken; names of one person are one."""
    pages = tmp_path / "copiste" / "pages"
    pages.mkdir(parents=True)
    rows = ["file,volunteer,sheet"]
    for number, volunteer in enumerate(("0001", "0002", "0002", "0254", "0255")):
        cv2.imwrite(str(pages / f"{number}.png"), page_of(number))
        rows.append(f"{number}.png,{volunteer},1")
    (tmp_path / "copiste" / "pages.csv").write_text("\n".join(rows), encoding="utf-8")
    recipe = hands_recipe(
        tmp_path, RECIPE.replace("dhsd", "copiste").replace("vector = 4", "vector = 4\nscales = [1.0, 1.2]")
    )
    found, _ = prepare_writings(recipe, Work(tmp_path, tmp_path))
    assert np.unique(found.writers).tolist() == ["copiste/0001", "copiste/0254"]
    assert np.unique(found.scales).tolist() == [1.0, 1.2]
    assert len(np.unique(found.sittings)) == 3


def test_drawn_strokes_are_measured(tmp_path: Path) -> None:
    """Recorded strokes are pieces of writing too, a sitting a writer."""
    write_strokes(tmp_path / "unipen", 20)
    recipe = hands_recipe(tmp_path, RECIPE.replace("dhsd", "unipen"))
    found, (source,) = prepare_writings(recipe, Work(tmp_path, tmp_path))
    assert np.unique(found.writers).tolist() == ["unipen/a"]
    assert (found.amounts > 0).all()
    assert source.licence == "CC BY 4.0"
