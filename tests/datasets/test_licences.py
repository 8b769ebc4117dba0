"""A card names the data that were used, and credits no others."""

from pathlib import Path

import pytest

from duktus.datasets.licences import credits_of, licence_of, name_source


@pytest.mark.parametrize(
    ("source", "place", "name"),
    [
        ("iam", None, "iam"),
        ("iam", "data/iam", "iam"),
        ("iam", "data/IAM-lines", "iam"),
        ("iam", "letters/anna", "anna"),
        ("iam", "siam/pages.csv", "pages"),
        ("mnist", "sets/emnist", "emnist"),
        ("omniglot", "omniglot/images_background.zip", "omniglot"),
        ("folder", "own/my letters", "my letters"),
    ],
)
def test_names_of_sources(source: str, place: str | None, name: str, tmp_path: Path) -> None:
    """A set is known by its name in the path; anything else has the name of its own folder or table."""
    where = tmp_path / place if place else None
    if where and where.suffix:
        where.parent.mkdir(parents=True)
        where.write_text("")
    assert name_source(source, where) == name


def test_iam_is_known_by_its_layout(tmp_path: Path) -> None:
    """IAM unpacked under whatever name is IAM."""
    (tmp_path / "handwriting" / "ascii").mkdir(parents=True)
    (tmp_path / "handwriting" / "ascii" / "forms.txt").write_text("")
    assert name_source("iam", tmp_path / "handwriting") == "iam"


def test_licences_and_credits() -> None:
    """A licence that is not known is not stated; credits of known sets that were not used are dropped."""
    assert (licence_of("iam"), licence_of("anna")) == ("non-commercial research", "not stated")
    lines = ("IAM: Marti and Bunke.", "Drawn by Anna.")
    assert credits_of(lines, ["iam"]) == lines
    assert credits_of(lines, ["anna"]) == ("Drawn by Anna.",)
