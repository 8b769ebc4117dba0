"""What every store of a gallery does, whatever it is made of (``duktus.gallery.store.Gallery``)."""

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from duktus.gallery.store import Added, Conflict, Example, Gallery, LabelSummary
from duktus.types import GalleryError
from tests.contracts.conftest import Opener
from tests.gallery.examples import ENCODER, START, axis, content, example, fields, thumbnail

ODD_LABELS = (
    "a/b\\..",
    "ᚠ" * 200,
    "👩‍👩‍👧",
    "two\nlines\r\u2028",
    "nothing\0after",
    "'); DROP TABLE examples; --",
    "%_*",
    " ",
    "None",
    "0",
)


def test_empty_gallery(gallery: Gallery) -> None:
    """A new gallery has an encoder and nothing else, and answers all the same."""
    assert gallery.encoder == ENCODER
    assert (gallery.labels(), gallery.contents(), gallery.known([content(1)]), gallery.get([content(1)])) == (
        *((), ()),
        *({}, ()),
    )
    found = gallery.nearest(axis(0, 1), 5)
    assert (found.contents, found.labels, found.scores.shape) == (((), ()), ((), ()), (2, 0))
    assert gallery.snapshot().vectors.shape == (0, ENCODER.dimension)
    assert gallery.nearest(np.empty((0, ENCODER.dimension)), 5).scores.shape == (0, 0)


def test_what_is_added_comes_back(gallery: Gallery, other: Gallery) -> None:
    """Every field of an example is kept, in whichever order it is asked for; what is not there is left out."""
    several = replace(example(1, vectors=axis(3, 1)), thumbnails=(thumbnail(1), thumbnail(2)))
    bare = replace(example(2), thumbnails=(), source="")
    assert gallery.add([several, bare]) == Added(2, 0, ())
    for opened in (gallery, other):
        found = opened.get([content(2), content(9), content(1)])
        assert [fields(one) for one in found] == [fields(bare), fields(several)]


def test_adding_twice_changes_nothing(gallery: Gallery) -> None:
    """The same image under the same label is known, even if everything else about it is another."""
    gallery.add([example(1)])
    change = gallery.change
    again = replace(example(1, vectors=axis(0)), source="elsewhere", created=START + timedelta(days=1))
    assert gallery.add([again, example(1)]) == Added(0, 2, ())
    assert gallery.change == change
    assert [fields(one) for one in gallery.get([content(1)])] == [fields(example(1))]


def test_conflict_is_reported_and_kept(gallery: Gallery) -> None:
    """The same image under another label stays as it was, and the rest of the batch is added."""
    gallery.add([example(1, "ᚠ")])
    added = gallery.add([example(1, "ᚢ"), example(2, "ᚢ")])
    assert added == Added(1, 0, (Conflict(content(1), "ᚠ", "ᚢ"),))
    assert gallery.known([content(1), content(2)]) == {content(1): "ᚠ", content(2): "ᚢ"}


def test_conflict_is_replaced_where_asked(gallery: Gallery, other: Gallery) -> None:
    """The newer label, vectors and thumbnails take the place of the older, for all who look."""
    gallery.add([example(1, "ᚠ", axis(0)), example(2, "ᚱ", axis(1))])
    other.nearest(axis(0), 1)
    newer = replace(example(1, "ᚢ", axis(2)), thumbnails=(thumbnail(7),))
    assert gallery.add([newer], replace=True).conflicts == (Conflict(content(1), "ᚠ", "ᚢ"),)
    for opened in (gallery, other):
        assert [fields(one) for one in opened.get([content(1)])] == [fields(newer)]
        assert opened.nearest(axis(2), 1).labels == (("ᚢ",),)
        assert opened.nearest(axis(0), 2).scores.tolist() == [[0, 0]]


def test_conflict_within_a_batch(gallery: Gallery) -> None:
    """Where a batch names one image twice, the first counts and the second is known or a conflict."""
    added = gallery.add([example(1, "ᚠ"), example(1, "ᚠ"), example(1, "ᚢ")])
    assert added == Added(1, 1, (Conflict(content(1), "ᚠ", "ᚢ"),))
    assert gallery.known([content(1)]) == {content(1): "ᚠ"}


def test_any_text_is_a_label(gallery: Gallery, other: Gallery) -> None:
    """Slashes, emoji, line breaks, quotes and the words of query languages are letters like any."""
    gallery.add(example(i, label) for i, label in enumerate(ODD_LABELS))
    assert [summary.label for summary in other.labels()] == sorted(ODD_LABELS)
    for i, label in enumerate(ODD_LABELS):
        assert other.contents(label) == (content(i),)
        assert other.nearest(example(i).vectors, 1).labels == ((label,),)
        assert gallery.rename(label, label + "x") == 1
        assert gallery.remove_label(label + "x") == 1


def test_labels_are_told_apart_by_case_and_not_by_unicode_form(gallery: Gallery) -> None:
    """A and a are two letters; é in one piece and in two is one."""
    apart, composed = (unicodedata.normalize(form, "é") for form in ("NFD", "NFC"))
    gallery.add([example(1, "A"), example(2, "a"), example(3, apart), example(4, composed)])
    assert [(summary.label, summary.examples) for summary in gallery.labels()] == [("A", 1), ("a", 1), (composed, 2)]
    assert gallery.contents(apart) == gallery.contents(composed) == (content(3), content(4))
    assert gallery.rename(apart, composed) == 0
    assert gallery.remove_label(apart) == 2


def test_labels_are_listed_with_number_and_date(gallery: Gallery) -> None:
    """The list is sorted by label; the date is that of the newest example, whichever came last."""
    gallery.add([example(5, "b"), example(3, "b"), example(4, "a")])
    assert gallery.labels() == (
        LabelSummary("a", 1, START + timedelta(seconds=4)),
        LabelSummary("b", 2, START + timedelta(seconds=5)),
    )
    assert gallery.contents() == (content(5), content(3), content(4))


def test_removing(gallery: Gallery, other: Gallery) -> None:
    """An example or a label that is removed is found no more, by anybody; a label without examples is none."""
    gallery.add([example(1, "a"), example(2, "a"), example(3, "b"), example(4, "c")])
    assert len(other.snapshot().contents) == 4
    assert (gallery.remove(content(1)), gallery.remove_label("b")) == (True, 1)
    assert gallery.remove(content(4))
    for opened in (gallery, other):
        assert [summary.label for summary in opened.labels()] == ["a"]
        assert opened.nearest(axis(0), 9).contents == ((content(2),),)
    gallery.add([example(1, "a")])
    assert other.snapshot().contents == (content(2), content(1))


def test_renaming(gallery: Gallery, other: Gallery) -> None:
    """A label is renamed for all who look; a name that is taken is refused, and nothing changes."""
    gallery.add([example(1, "a"), example(2, "b"), example(3, "c")])
    other.snapshot()
    assert gallery.rename("a", "d") == 1
    assert other.contents("d") == (content(1),)
    change = gallery.change
    with pytest.raises(GalleryError, match=r"expected a new name for 'd', received 'b'.*gallery merge"):
        gallery.rename("d", "b")
    assert other.snapshot().labels == gallery.snapshot().labels == ("d", "b", "c")
    assert gallery.change == change


def test_merging(gallery: Gallery, other: Gallery) -> None:
    """Two labels become the second for all who look; with one that is not there nothing is merged."""
    gallery.add([example(1, "a"), example(2, "b"), example(3, "c")])
    other.snapshot()
    assert gallery.merge("a", "b") == 1
    assert other.contents("b") == (content(1), content(2))
    assert other.snapshot().labels == gallery.snapshot().labels == ("b", "b", "c")
    change = gallery.change
    with pytest.raises(GalleryError, match=r"to merge 'c' into, received 'x'.*gallery rename"):
        gallery.merge("c", "x")
    assert (gallery.merge("x", "c"), gallery.merge("c", "c"), gallery.change) == (0, 0, change)


def test_nothing_to_do_changes_nothing(gallery: Gallery) -> None:
    """What is not there cannot be removed or renamed, which the answer says, and counts as no change."""
    gallery.add([example(1)])
    change = gallery.change
    done = (gallery.remove(content(9)), gallery.remove_label("x"), gallery.rename("x", "y"), gallery.rename("ᚠ", "ᚠ"))
    assert done == (False, 0, 0, 0)
    assert gallery.add([]) == Added(0, 0, ())
    assert gallery.change == change


def test_change_counts_what_matters(gallery: Gallery, other: Gallery) -> None:
    """Whoever fitted something to the examples sees at one number whether it still fits; settings do not count."""
    changes = [other.change]
    for change in (
        lambda: gallery.add([example(1, "a"), example(2, "b")]),
        lambda: gallery.rename("a", "c"),
        lambda: gallery.merge("c", "b"),
        lambda: gallery.add([example(1, "d")], replace=True),
        lambda: gallery.remove(content(1)),
        lambda: gallery.remove_label("b"),
    ):
        change()
        assert gallery.change == other.change == other.snapshot().change
        changes.append(gallery.change)
    gallery.write_setting("k", 1)
    assert gallery.change == changes[-1]
    assert changes == sorted(set(changes))


def test_nearest_is_exact(gallery: Gallery) -> None:
    """The order and the scores are those of cosines reckoned one by one, whatever the lengths of the vectors."""
    rng = np.random.default_rng(5)
    vectors = rng.standard_normal((300, ENCODER.dimension)) * rng.uniform(0.01, 90, (300, 1))
    gallery.add(example(i, str(i % 7), vectors[i : i + 1]) for i in range(300))
    queries = rng.standard_normal((40, ENCODER.dimension)) * 50
    found = gallery.nearest(queries, 5)
    cosines = queries @ vectors.T / np.linalg.norm(queries, axis=1)[:, None] / np.linalg.norm(vectors, axis=1)
    order = np.argsort(-cosines, axis=1)[:, :5]
    assert found.contents == tuple(tuple(content(i) for i in row) for row in order.tolist())
    assert found.labels == tuple(tuple(str(i % 7) for i in row) for row in order.tolist())
    np.testing.assert_allclose(found.scores, np.take_along_axis(cosines, order, 1), atol=1e-6)


def test_nearest_names_an_example_once(gallery: Gallery) -> None:
    """An example counts by that vector of its that is nearest; fewer examples than asked for are all of them."""
    gallery.add([example(1, "a", axis(0, 1, 2)), example(2, "b", axis(3)), example(3, "c", axis(4, 0))])
    found = gallery.nearest(axis(1) + 0.5 * axis(4), 9)
    assert found.labels == (("a", "c", "b"),)
    np.testing.assert_allclose(found.scores, [[0.8**0.5, 0.2**0.5, 0]], atol=1e-6)


def test_equal_scores_go_to_the_older(gallery: Gallery) -> None:
    """Of examples with the same vector the one that was added first is named first, and cut off last."""
    gallery.add(example(i, str(i), axis(i % 2)) for i in (6, 1, 4, 3, 8, 5, 2))
    assert gallery.nearest(axis(0), 3).labels == (("6", "4", "8"),)
    assert gallery.nearest(axis(1), 6).labels == (("1", "3", "5", "6", "4", "8"),)


@pytest.mark.parametrize(
    ("vectors", "k", "said"),
    [
        (axis(0)[:, :5], 1, "expected 8 numbers each, of glyph-encoder .* received 5"),
        (axis(0)[0], 1, r"expected an array \(n, d\), received one of shape \(8,\)"),
        (np.stack([axis(0)[0], np.full(8, np.nan)]), 1, "length nan in row 1"),
        (axis(0) * 0, 1, "length 0 in row 0"),
        (axis(0), 0, "expected 1 neighbour or more, received 0"),
    ],
)
def test_questions_that_have_no_answer(gallery: Gallery, vectors: np.ndarray, k: int, said: str) -> None:
    """A vector of another length or without direction is refused, also by a gallery that is empty."""
    with pytest.raises(GalleryError, match=said):
        gallery.nearest(vectors, k)


def test_others_see_what_is_added(gallery: Gallery, other: Gallery) -> None:
    """Each example that one adds is found by the other at once, in both directions."""
    for i in range(20):
        writer, reader = (gallery, other) if i % 2 else (other, gallery)
        writer.add([example(i, str(i))])
        found = reader.nearest(example(i).vectors, 1)
        assert found.labels == ((str(i),),)
        assert found.scores[0, 0] == pytest.approx(1, abs=1e-6)


def test_snapshot_stays_as_it_was(gallery: Gallery) -> None:
    """What is fitted on a snapshot does not move under it, and names the example of each vector."""
    gallery.add([example(1, "a", axis(0, 1)), example(2, "b", axis(2))])
    before = gallery.snapshot()
    gallery.add(example(i, "c") for i in range(3, 50))
    gallery.remove_label("a")
    gallery.snapshot()
    assert (before.contents, before.labels) == ((content(1), content(2)), ("a", "b"))
    assert (before.starts.tolist(), before.owners.tolist()) == ([0, 2], [0, 0, 1])
    np.testing.assert_array_equal(before.vectors, axis(0, 1, 2))
    with pytest.raises(ValueError, match="read-only"):
        before.vectors[0] = 0


def test_random_work_agrees_with_a_dictionary(gallery: Gallery, other: Gallery) -> None:
    """After any mixture of changes through two openings both hold what a plain dictionary would hold."""
    rng = np.random.default_rng(3)
    expected: dict[str, str] = {}
    for _ in range(80):
        opened, number = (gallery, other)[rng.integers(2)], int(rng.integers(30))
        old, new = rng.choice([*"abcd"], 2).tolist()
        match rng.integers(5):
            case 0 | 1:
                opened.add([example(number, old)], replace=True)
                expected[content(number)] = old
            case 2:
                assert opened.remove(content(number)) == (expected.pop(content(number), None) is not None)
            case 3:
                if old in expected.values() and new in expected.values():
                    opened.merge(old, new)
                else:
                    opened.rename(old, new)
                expected = {key: new if label == old else label for key, label in expected.items()}
            case 4:
                kept = {key: label for key, label in expected.items() if label != old}
                assert opened.remove_label(old) == len(expected) - len(kept)
                expected = kept
        reader = (gallery, other)[rng.integers(2)]
        seen = reader.snapshot()
        assert dict(zip(seen.contents, seen.labels, strict=True)) == reader.known(map(content, range(30))) == expected


def test_settings_are_kept(gallery: Gallery, other: Gallery) -> None:
    """Any JSON value comes back for all who ask, until it is overwritten or removed."""
    value = {"head": [1.5, None, True], "ᚠ\n": "\ud800 and \0", "fitted at": 2**53}
    gallery.write_setting("a/ᚠ", value)
    assert (other.read_setting("a/ᚠ"), other.read_setting("a")) == (value, None)
    other.write_setting("a/ᚠ", [])
    assert gallery.read_setting("a/ᚠ") == []
    gallery.write_setting("a/ᚠ", None)
    assert other.read_setting("a/ᚠ") is None


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"x"])
def test_settings_are_json(gallery: Gallery, value: object) -> None:
    """What JSON cannot hold is refused, and the older value stays."""
    gallery.write_setting("k", "old")
    with pytest.raises(GalleryError, match="setting 'k': expected a value that JSON can hold"):
        gallery.write_setting("k", value)
    assert gallery.read_setting("k") == "old"


@pytest.mark.parametrize("changed", [{"name": "hand-encoder"}, {"fingerprint": "0" * 64}, {"dimension": 9}])
def test_gallery_of_another_encoder_is_refused(gallery: Gallery, opener: Opener, changed: dict[str, Any]) -> None:
    """The error names both encoders; the gallery stays as it is."""
    gallery.add([example(1)])
    asked = replace(ENCODER, **changed)
    with pytest.raises(GalleryError) as caught:
        opener(asked)
    assert f"of the encoder {asked}, received one of {ENCODER}" in str(caught.value)
    assert len(gallery.contents()) == 1


def test_batch_is_added_whole_or_not_at_all(gallery: Gallery) -> None:
    """A vector of the wrong length, or a source of examples that fails, leaves nothing of its batch."""

    def failing() -> Iterator[Example]:
        yield example(2)
        raise RuntimeError("the camera was unplugged")

    short = replace(example(3), vectors=axis(0)[:, :7])
    with pytest.raises(GalleryError, match=r"expected 8 numbers each, of glyph-encoder .* received 7"):
        gallery.add([example(1), short])
    with pytest.raises(RuntimeError, match="unplugged"):
        gallery.add(failing())
    assert gallery.contents() == ()


def test_two_write_at_once(gallery: Gallery, other: Gallery) -> None:
    """Two who add and look at the same time lose nothing and wait for each other."""

    def work(opened: Gallery, first: int) -> None:
        for i in range(first, first + 15):
            assert opened.add([example(i, str(first))]).added == 1
            assert opened.nearest(example(i).vectors, 1).contents == ((content(i),),)

    with ThreadPoolExecutor(2) as pool:
        for future in (pool.submit(work, gallery, 0), pool.submit(work, other, 15)):
            future.result()
    assert sorted(gallery.contents()) == sorted(other.contents()) == sorted(content(i) for i in range(30))


def test_any_thread_may_use_it(gallery: Gallery) -> None:
    """One opened gallery serves many threads."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: gallery.add([example(i)]), range(16)))
        found = list(pool.map(lambda i: gallery.nearest(example(i).vectors, 1).contents, range(16)))
    assert found == [((content(i),),) for i in range(16)]


def test_closed_gallery_is_not_used(gallery: Gallery) -> None:
    """After closing, which may be done twice, reading and writing are errors."""
    gallery.close()
    gallery.close()
    with pytest.raises(GalleryError, match="closed"):
        gallery.labels()
    with pytest.raises(GalleryError, match="closed"):
        gallery.add([example(1)])
