"""Labelled images of one's own become a training's parts, and what is wrong with them is told."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.datasets.audit import audit
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.glyphs.training.folder import divide, find_labels, prepare_folder, read_names
from duktus.glyphs.training.pretrained import PretrainedEncoder, open_pretrained, with_encoder
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import GlyphClassifier, folder_recipe
from duktus.learning.recipe import load_recipe
from duktus.learning.task import Work
from duktus.types import DataError
from tests.glyphs.encoders import letter_page as steady_page
from tests.glyphs.training.encoders import letter_page, write_encoder, write_letters
from tests.glyphs.training.sets import NOWHERE, quietly

PUBLISHED = """
name = "published"
task = "glyph-classifier"
[data]
source = "folder"
held = 0.34
raw = true
turns = [-20, 20]
[glyph]
height = 24
width = 30
box = 20
[network]
layers = ["conv 4 3 valid relu", "flatten"]
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> PretrainedEncoder:
    """The small encoder."""
    return open_pretrained(str(write_encoder(tmp_path_factory.mktemp("start") / "small.onnx")))


def plan(folder: Path, start: PretrainedEncoder) -> GlyphRecipe:
    """The recipe for a folder, from the small encoder."""
    return with_encoder(folder_recipe(folder, [f'start="{start.session.name}"']), start)


def write_table(folder: Path, rows: Sequence[tuple[str, ...]], heading: str = "file,label,group") -> Path:
    """A table beside its images."""
    path = folder / "letters.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading.split(","), *rows])
    return path


def test_parts_of_a_folder(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Every label is trained on, calibrated by and measured; what was found is told, and the labels are the data's."""
    folder = write_letters(tmp_path / "letters", "AEK", 10)
    lines: list[str] = []
    recipe, parts = prepare_folder(plan(folder, start), start, Work(NOWHERE, folder, lines.append))
    assert recipe.labels == ("A", "E", "K")
    assert [len(part.frames) for part in (parts.own, parts.validation, parts.test)] == [21, 3, 6]
    assert set(parts.validation.classes) == set(parts.test.classes) == {0, 1, 2}
    assert lines[0] == "30 images of 3 classes: 10 a class."
    assert any(line.startswith("No groups") for line in lines)
    assert any("21 images to train on, 9 held out, split by image" in line for line in lines)
    (source,) = parts.sources
    assert (source.name, source.n) == ("letters", 30)
    assert source.fingerprint in recipe.text


def test_hands_stay_on_one_side(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Where a table names groups none of them stands in two parts."""
    write_letters(tmp_path, "AEK", 10)
    rows = [(f"{letter}_{seed:03d}.png", letter, f"hand {seed}") for letter in "AEK" for seed in range(10)]
    table = write_table(tmp_path, rows)
    usable = load_labelled(table)
    parts = divide(audit(usable), plan(table, start))
    sides = [{usable.groups[i] for i in places} for places in (parts.train, parts.validation, parts.test)]
    assert sum(map(len, sides)) == len(set.union(*sides)) == 10
    assert "split by group" in parts.statement


def test_numbers_of_files_may_be_drawers(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Numbers that return from label to label are offered as drawers; taken for that, each stands on one side."""
    folder = write_letters(tmp_path / "letters", "AEK", 10)
    lines: list[str] = []
    prepare_folder(plan(folder, start), start, Work(NOWHERE, folder, lines.append))
    assert any("000 to 009, may be those of drawers" in line and "--group-by number" in line for line in lines)
    lines.clear()
    grouped = plan(folder, start)
    grouped = replace(grouped, data=replace(grouped.data, group_by="number"))
    _, parts = prepare_folder(grouped, start, Work(NOWHERE, folder, lines.append))
    assert not any("may be those of drawers" in line for line in lines)
    assert "split by group" in parts.sources[0].split


def test_copies_stay_on_one_side(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Copies that augmentation made of a drawing stand where the drawing stands."""
    folder = tmp_path / "copied"
    folder.mkdir()
    for letter in "AE":
        for seed in range(6):
            page = Image.fromarray(letter_page(letter, seed))
            page.save(folder / f"{letter}_{seed}.png")
            for degrees in (-10, 10):
                page.rotate(degrees, fillcolor=255).save(folder / f"{letter}_{seed}_rot{degrees}.png")
    found = audit(load_labelled(folder))
    parts = divide(found, plan(folder, start))
    held = np.concatenate([parts.validation, parts.test])
    drawings = [{Path(found.usable.name(int(i))).stem[:3] for i in side} for side in (parts.train, held)]
    assert not drawings[0] & drawings[1]
    assert len(found.usable) == 36


@pytest.mark.parametrize(("each", "measured"), [(1, 0), (2, 3), (3, 3)])
def test_few_images(each: int, measured: int, tmp_path: Path, start: PretrainedEncoder) -> None:
    """Of two images a label one measures; with one nothing can be measured, which is said, and all are trained on."""
    folder = write_letters(tmp_path / "few", "AEK", each)
    lines: list[str] = []
    parts = prepare_folder(plan(folder, start), start, Work(NOWHERE, folder, lines.append))[1]
    assert len(parts.test.frames) == measured
    assert any("nothing is measured" in line for line in lines) == (each == 1)


def test_one_label_is_refused(tmp_path: Path, start: PretrainedEncoder) -> None:
    """A folder with one label, or none that is usable, cannot be trained on."""
    folder = write_letters(tmp_path / "one", "A", 3)
    with pytest.raises(DataError, match="expected usable images of two labels at least, received 3 images of 'A'"):
        prepare_folder(plan(folder, start), start, quietly(NOWHERE, folder))


def test_no_image(tmp_path: Path) -> None:
    """A folder without an image, and a place that is not there, are refused before anything is trained."""
    with pytest.raises(DataError, match="found no image"):
        folder_recipe(tmp_path, [])
    with pytest.raises(DataError, match="found nothing there"):
        folder_recipe(tmp_path / "missing", [])


def test_mixed_layouts(tmp_path: Path) -> None:
    """Folders of labels beside labelled files are refused."""
    write_letters(tmp_path, "AE", 1)
    write_letters(tmp_path / "K", "K", 1)
    with pytest.raises(DataError, match="expected one layout, received two"):
        folder_recipe(tmp_path, [])


def test_odd_labels(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Labels of 200 characters, with a slash, or alike but for case or Unicode form are labels, and listed."""
    write_letters(tmp_path, "AE", 8)
    odd = ["L" * 200, "a/b", "k", "K", "ﬁ", "fi", "\u00e9", "e\u0301"]
    rows = [(f"{'AE'[i // 4]}_{i:03d}.png", label, "") for i, label in enumerate(odd)]
    more = [(f"{'AE'[i % 2]}_{i:03d}.png", f"{i % 2}", "") for i in range(8) if (i // 4) != i % 2]
    table = write_table(tmp_path, [*rows, *more])
    lines: list[str] = []
    recipe, _ = prepare_folder(plan(table, start), start, Work(NOWHERE, table, lines.append))
    assert {"L" * 200, "a/b", "k", "K", "ﬁ", "fi", "\u00e9"} < set(recipe.labels)
    assert "e\u0301" not in recipe.labels
    (said,) = (line for line in lines if "differ by case, Unicode form or white space alone" in line)
    assert "'K' and 'k'" in said
    assert "'fi' and 'ﬁ' (U+FB01)" in said
    assert max(map(len, lines)) < 500


def test_missing_files_of_a_table(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Files that a table names and that are not there are told, and the rest is trained on."""
    write_letters(tmp_path, "AE", 3)
    rows = [(f"{letter}_{seed:03d}.png", letter, "") for letter in "AE" for seed in range(5)]
    table = write_table(tmp_path, rows)
    lines: list[str] = []
    recipe, parts = prepare_folder(plan(table, start), start, Work(NOWHERE, table, lines.append))
    assert recipe.labels == ("A", "E")
    assert parts.sources[0].n == 6
    assert any("Cannot be read, left out: 4 images" in line for line in lines)


@pytest.mark.parametrize("wrong", [0, 3])
def test_wrong_labels_are_told(wrong: int, tmp_path: Path, start: PretrainedEncoder) -> None:
    """With three labels in ten wrong about so many are told; with all of them right nothing is said of it."""
    letters, rows = "AKTW", []
    for place, letter in enumerate(letters):
        for seed in range(10):
            given = letters[(place + 1 + seed) % 4] if seed < wrong else letter
            rows.append((f"{letter}_{seed}.png", given, f"{letter}{seed}"))
            Image.fromarray(steady_page(letter, seed)).save(tmp_path / rows[-1][0])
    lines: list[str] = []
    table = write_table(tmp_path, rows)
    prepare_folder(plan(table, start), start, Work(NOWHERE, table, lines.append))
    told = [line for line in lines if "look wrong" in line]
    assert len(told) == (wrong > 0)
    assert not told or float(told[0].split("(")[1].split("%")[0]) == pytest.approx(30, abs=5)


def test_names_of_labels(tmp_path: Path, start: PretrainedEncoder) -> None:
    """A table says what labels mean; what it does not list is left out, and told."""
    folder = write_letters(tmp_path / "letters", "AEK", 3)
    names = tmp_path / "names.csv"
    names.write_text("label,name\nA,ᚠ\nE,ᚢ\n", encoding="utf-8")
    recipe = replace(plan(folder, start), folder=tmp_path)
    recipe = replace(recipe, data=replace(recipe.data, names="names.csv"))
    lines: list[str] = []
    assert prepare_folder(recipe, start, Work(NOWHERE, folder, lines.append))[0].labels == ("ᚠ", "ᚢ")
    assert lines[0] == "Not in names.csv, left out: 3 images."
    assert find_labels(recipe, folder) == ("ᚠ", "ᚢ")
    names.write_text("label,name\nA,ᚠ\nA,ᚢ\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected each label once"):
        read_names(names)
    with pytest.raises(DataError, match="columns label and name"):
        read_names(tmp_path / "missing.csv")


def test_runes_have_their_names(repository: Path) -> None:
    """Each of the 29 characters is a rune of its own; of the Elder Futhark's 24 letters 20 have the same form."""
    names = read_names(repository / "recipes" / "runes.csv")
    assert len(names) == len(set(names.values())) == 29
    assert all("\u16a0" <= name <= "\u16ea" for name in names.values())
    with (repository / "recipes" / "runes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    elder = {row["elder"]: row for row in rows if row["elder"]}
    assert len(elder) == 24
    assert {letter for letter, row in elder.items() if row["form"] == "differs"} == set("ᚲᚺᛃᛜ")
    assert all((row["form"] == "same") == (letter == row["name"]) for letter, row in elder.items())


def test_raw_images_and_their_copies(tmp_path: Path) -> None:
    """Published recipes take the images as they are, stretched to the frame; copies are of those trained on alone."""
    folder = write_letters(tmp_path / "letters", "AE", 6)
    path = tmp_path / "published.toml"
    path.write_text(PUBLISHED, encoding="utf-8")
    _, parts = prepare_folder(load_recipe(path, GlyphClassifier()), None, quietly(NOWHERE, folder))
    assert parts.own.frames.shape == (3 * 8, 24, 30)
    assert len(parts.validation.frames) + len(parts.test.frames) == 4
    assert parts.own.frames[0, 0, 0] == parts.own.frames[8, 0, 0] == 255
    np.testing.assert_array_equal(parts.own.classes[:8], parts.own.classes[8:16])


def test_folder_has_to_be_named(tmp_path: Path) -> None:
    """A recipe for images of one's own, run without saying where they are, says how to."""
    path = tmp_path / "published.toml"
    path.write_text(PUBLISHED, encoding="utf-8")
    with pytest.raises(DataError, match="name it by --data"):
        prepare_folder(load_recipe(path, GlyphClassifier()), None, quietly(NOWHERE, None))


def test_checkpoints_are_of_the_same_images(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Another image in the folder gives another text to compare a checkpoint by."""
    folder = write_letters(tmp_path / "letters", "AE", 3)
    texts = [prepare_folder(plan(folder, start), start, quietly(NOWHERE, folder))[0].text for _ in range(2)]
    write_letters(folder, "A", 1, first=10)
    other = prepare_folder(plan(folder, start), start, quietly(NOWHERE, folder))[0].text
    assert texts[0] == texts[1] != other


def test_names_of_recipes(tmp_path: Path) -> None:
    """A recipe is named after its folder, whatever characters that has, and settings change it."""
    folder = write_letters(tmp_path / 'my "runes" ᚠ', "AE", 1)
    recipe = folder_recipe(folder, ["epochs=3"])
    assert recipe.name == 'my "runes" ᚠ'
    assert recipe.fit.epochs == 3


def test_many_labels(tmp_path: Path, start: PretrainedEncoder) -> None:
    """Five hundred labels with two images each: every one is trained on and every one measured."""
    few = audit(load_labelled(write_letters(tmp_path, "AE", 1)))
    labels = tuple(f"{i % 500:03d}" for i in range(1000))
    many = LabelledImages(np.zeros((1000, 1, 1), np.uint8), labels, (None,) * 1000)
    parts = divide(replace(few, usable=many, copies=np.arange(1000)), plan(tmp_path, start))
    assert len({labels[i] for i in parts.train}) == 500
    assert len({labels[i] for i in parts.test}) == 500
