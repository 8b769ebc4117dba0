"""Images are divided so that no hand, page or drawing stands on both sides, and evenly over the labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.datasets.split import Split, split
from duktus.types import DataError

Entry = tuple[str, str | None, int]
ENTRIES = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["p", "q", "r", None]), st.integers(0, 5)), max_size=15
)


def sides(labels: list[str], division: Split) -> tuple[dict[str, int], dict[str, int]]:
    """How many images of each label train, and how many are held out."""
    counts = (dict.fromkeys(labels, 0), dict.fromkeys(labels, 0))
    for side, indices in zip(counts, (division.train, division.held), strict=True):
        for index in indices:
            side[labels[index]] += 1
    return counts


def complete(labels: str, drawers: int) -> tuple[list[str], list[str]]:
    """Every drawer has drawn every letter once."""
    return [label for label in labels for _ in range(drawers)], [str(i) for _ in labels for i in range(drawers)]


@given(ENTRIES, st.floats(0.05, 0.95), st.integers(0, 9))
def test_nothing_that_belongs_together_is_torn_apart(entries: list[Entry], share: float, seed: int) -> None:
    """Whatever the groups and copies, the sides are disjoint in both, and together they are everything."""
    labels, groups, copies = (list(column) for column in zip(*entries, strict=True)) if entries else ([], [], [])
    division = split(labels, groups, share=share, seed=seed, copies=copies)
    assert sorted([*division.train, *division.held]) == list(range(len(entries)))
    for marks in (groups, copies):
        train, held = ({marks[i] for i in side} - {None} for side in (division.train, division.held))
        assert not train & held
    assert set(division.train_only) == set(labels) - {labels[i] for i in division.held}


@given(ENTRIES, st.integers(0, 9))
def test_every_label_is_trained(entries: list[Entry], seed: int) -> None:
    """No label is held out alone, however its groups are mixed, and the images are as far as groups allow."""
    labels, groups = [entry[0] for entry in entries], [entry[1] for entry in entries]
    division = split(labels, groups, share=0.4, seed=seed)
    lone = [label for label in set(labels) if len({g or i for i, g in enumerate(groups) if labels[i] == label}) == 1]
    assert {labels[i] for i in division.train} == set(labels)
    assert set(lone) <= set(division.train_only)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=20), st.floats(0.1, 0.9), st.integers(0, 9))
def test_images_without_groups_are_divided_label_by_label(labels: list[str], share: float, seed: int) -> None:
    """Each label gives its share, to the nearest image; one with two or more stands on both sides."""
    trained, held = sides(labels, split(labels, [None] * len(labels), share=share, seed=seed))
    for label in set(labels):
        n = labels.count(label)
        assert abs(held[label] - share * n) <= 1 or n == 1
        assert trained[label] > 0
        assert held[label] > 0 or n == 1


def test_drawers_are_held_out_whole() -> None:
    """Of 18 drawers a third is held out, with all of their letters; another seed holds out others."""
    labels, groups = complete("abcdefgh", 18)
    divisions = [split(labels, groups, share=1 / 3, seed=seed) for seed in (0, 0, 1)]
    held = [{groups[i] for i in division.held} for division in divisions]
    assert [len(drawers) for drawers in held] == [6, 6, 6]
    assert held[0] == held[1] != held[2]
    assert set(sides(labels, divisions[0])[1].values()) == {6}
    assert divisions[0].statement == "96 images to train on, 48 held out, split by group (12 and 6)."


def test_a_page_with_the_only_image_of_a_label_trains() -> None:
    """The pages are divided around it, and the other labels stand on both sides."""
    labels, groups = list("abababx"), ["p", "p", "q", "q", "r", "r", "q"]
    for seed in range(9):
        division = split(labels, groups, share=0.5, seed=seed)
        assert "q" in {groups[i] for i in division.train}
        assert division.train_only == ("x",)


def test_labels_on_two_pages_each_stand_on_both_sides() -> None:
    """Where the pages that hold a label are few, they are given a side first."""
    labels, groups = list("abbccddaae"), list("1122334455")
    for seed in range(9):
        trained, held = sides(labels, split(labels, groups, share=0.2, seed=seed))
        assert all(trained.values())
        assert [label for label, n in held.items() if not n] in (["e"], ["c", "e"], ["b", "e"], ["d", "e"])


@pytest.mark.parametrize(
    ("labels", "groups"), [(["a"] * 3 + ["b"] * 3, ["anna"] * 6), (["a", "b"], [None, None]), ([], [])]
)
def test_nothing_is_held_out_where_nothing_can_be(labels: list[str], groups: list[str | None]) -> None:
    """One hand alone, one image in each class, or none at all: everything trains, and that is said."""
    division = split(labels, groups, share=0.3, seed=0)
    assert division.train.tolist() == list(range(len(labels)))
    assert division.train_only == tuple(sorted(set(labels)))


def test_the_statement_tells_what_is_known() -> None:
    """By group, by image, or both."""
    labels = ["a", "b"] * 4
    known = split(labels, ["p", "q"] * 2 + [None] * 4, share=0.5, seed=0)
    assert not known.by_group
    assert known.statement.endswith("where one is known; of 4 images none is.")
    assert split(labels, [None] * 8, share=0.5, seed=0).statement == (
        "4 images to train on, 4 held out, split by image: no groups (hands or pages) are known."
    )


def test_wrong_questions_are_refused() -> None:
    """A share that makes no sense, and lists that do not fit."""
    for share in (0.0, 1.0, float("nan")):
        with pytest.raises(DataError, match="between 0 and 1, received"):
            split(["a"], [None], share=share, seed=0)
    with pytest.raises(DataError, match="received 2, 1, 2 of them"):
        split(["a", "b"], [None], share=0.5, seed=0)
