"""Recipes: read strictly, changed from the command line, refused with the key that is wrong."""

from pathlib import Path

import pytest

from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import GlyphClassifier
from duktus.learning.recipe import load_recipe
from duktus.learning.settings import FitSettings
from duktus.types import RecipeError
from tests.glyphs.training.sets import RECIPE, small_recipe


def written(folder: Path, text: str) -> Path:
    """A recipe's file."""
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> GlyphRecipe:
    """The recipe of a glyph classifier."""
    return load_recipe(path, GlyphClassifier())


def test_recipe_is_read(tmp_path: Path) -> None:
    """Every table becomes its settings, whole numbers serve as figures, and what is not named has its default."""
    recipe = read(written(tmp_path, RECIPE.replace("0.01", "1")))
    assert recipe.name == "three"
    assert recipe.labels == ("0", "1", "2")
    assert recipe.network.layers[1] == "maxpool 2"
    assert recipe.fit.learning_rate == 1.0
    assert isinstance(recipe.fit.learning_rate, float)
    assert recipe.fit.weight_decay == FitSettings().weight_decay
    assert recipe.augment is None
    assert recipe.folder == tmp_path


def test_text_goes_along(tmp_path: Path) -> None:
    """The recipe carries its own text, with what the command line changed at its end."""
    assert small_recipe(tmp_path).text == RECIPE
    assert small_recipe(tmp_path, "epochs=7").text == RECIPE + "\n# --set epochs=7"


@pytest.mark.parametrize(
    ("override", "table", "key", "value"),
    [
        ("epochs=7", "fit", "epochs", 7),
        ("fit.epochs=7", "fit", "epochs", 7),
        ("fit.learning_rate=1", "fit", "learning_rate", 1.0),
        ("precision=mixed_bfloat16", "fit", "precision", "mixed_bfloat16"),
        ('precision="auto"', "fit", "precision", "auto"),
        ("raw=true", "data", "raw", True),
        ("glyph.box=18", "glyph", "box", 18),
        ("augment.rotate=3", "augment", "rotate", 3.0),
        ("stroke=1", "augment", "stroke", 1.0),
        ('network.layers=["gap"]', "network", "layers", ("gap",)),
        ("twins=a=b.csv", "data", "twins", "a=b.csv"),
    ],
)
def test_overrides(override: str, table: str, key: str, value: object, tmp_path: Path) -> None:
    """Settings are changed by their own or their full name, to values with or without quotation marks."""
    assert getattr(getattr(small_recipe(tmp_path, override), table), key) == value


def test_overrides_of_the_recipe_itself(tmp_path: Path) -> None:
    """Keys that stand in no table are changed too, the last of several changes counts."""
    recipe = small_recipe(tmp_path, "seed=2", "name=other words", "seed=3")
    assert recipe.seed == 3
    assert recipe.name == "other words"


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("epochs", "expected key=value, received 'epochs'"),
        ("=2", "expected key=value"),
        ("epoch=2", "received 'epoch', which no table has; did you mean 'epochs'"),
        ("fit.epoch=2", "received 'epoch'; did you mean 'epochs'"),
        ("fits.epochs=2", "received 'fits'"),
        ("name.first=2", "name is no table"),
        ("epochs=two", "expected int, received 'two'"),
        ("epochs=2.5", "expected int, received 2.5"),
        ("epochs=true", "expected int, received True"),
        ("raw=1", "expected bool, received 1"),
        ("labels=012", "labels: expected"),
        ('labels=["0", 1]', "labels: expected"),
        ("text=x", "received 'text'"),
        ("folder=x", "received 'folder'"),
    ],
)
def test_bad_overrides(override: str, said: str, tmp_path: Path) -> None:
    """A change that is none, of an unknown key or to a wrong type is refused with what was received."""
    with pytest.raises(RecipeError, match=said):
        small_recipe(tmp_path, override)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("colour = 3", "received 'colour'"),
        ("labels = []", "at least two"),
        ('labels = ["a", "a"]', "none twice"),
        ('task = "line-transcriber"', "task: glyph-classifier"),
        ("fit = 3", "fit: expected FitSettings, received 3"),
        ("[network]\nlayers = []", "at least one layer"),
        ("[data]\nvalidation = 0", "data.validation"),
        ("[data]\npool_share = 1.5", "data.pool_share"),
        ("[data]\nheld = 0.2", "no labels beside data.held"),
        ("[data]\nheld = 1.0", "data.held"),
        ("[data]\nrefit = true", "data.held above 0"),
        ('[data]\nnames = "t.csv"', "data.held above 0"),
        ("[data]\nunlike = 9.0", "data.held above 0"),
        ('[network]\nstart = "e"\nlayers = ["gap"]', "network.layers or network.start, not both"),
        ("[fit]\nlongest = -1", "fit.longest"),
        ("[glyph]\nbox = 40", "glyph.box"),
        ("[glyph]\nstroke_min = 9.0", "glyph.stroke_min"),
        ("[pools]\nletters = 5", "other = true"),
        ("[pools]\nwritten = -5", "pools: no figure below 0"),
        ("[augment]\nrotate = -1.0", "augment: no figure below 0"),
        ("[augment]\nshare = 2.0", "augment.share"),
        ("[fit]\nepochs = 0", "fit.epochs"),
        ("[fit]\nbatch = 0", "fit.batch"),
        ("[fit]\nlearning_rate = 0.0", "fit.learning_rate"),
        ("[fit]\nlearning_rate = nan", "fit.learning_rate"),
        ("[fit]\nwarm_up = 1.0", "fit.warm_up"),
        ("[fit]\nfinal_rate = 2.0", "fit.final_rate"),
        ("[fit]\nweight_decay = -0.1", "fit.weight_decay"),
        ("[fit]\nclip = -1.0", "fit.clip"),
        ("[fit]\nsmoothing = 1.0", "fit.smoothing"),
        ("[fit]\naverage = 1.0", "fit.average"),
        ('[fit]\nprecision = "float16"', "fit.precision"),
    ],
)
def test_contradictions(line: str, said: str, tmp_path: Path) -> None:
    """Unknown keys, values out of range and settings that contradict each other are refused by their names."""
    head = 'name = "x"\ntask = "glyph-classifier"\nlabels = ["a", "b"]\n'
    body = '[network]\nlayers = ["gap"]\n'
    key = line.partition(" ")[0]
    kept = "".join(f"{each}\n" for each in head.splitlines() if not each.startswith(key))
    text = kept + (line if line.startswith("[network]") else f"{line}\n{body}")
    with pytest.raises(RecipeError, match=said):
        read(written(tmp_path, text))


@pytest.mark.parametrize("key", ["name", "task"])
def test_missing_key(key: str, tmp_path: Path) -> None:
    """A key without which there is no recipe is asked for by its name."""
    text = "\n".join(line for line in RECIPE.splitlines() if not line.startswith(key))
    with pytest.raises(RecipeError, match=f"expected the key '{key}'"):
        read(written(tmp_path, text))


def test_a_classifier_names_its_labels(tmp_path: Path) -> None:
    """A recipe of a classifier without labels is refused."""
    text = "\n".join(line for line in RECIPE.splitlines() if not line.startswith("labels"))
    with pytest.raises(RecipeError, match="labels: at least two, none twice"):
        read(written(tmp_path, text))


@pytest.mark.parametrize("text", ["name = ", "= 3", "\x00"])
def test_no_toml(text: str, tmp_path: Path) -> None:
    """A file that is no TOML is refused with where it goes wrong."""
    with pytest.raises(RecipeError, match=r"recipe\.toml: expected a recipe in TOML"):
        read(written(tmp_path, text))


def test_no_file(tmp_path: Path) -> None:
    """A missing file, a folder, and bytes that are no text each say what was expected."""
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    for name in ("missing.toml", "", "bytes.toml"):
        with pytest.raises(RecipeError, match="expected a recipe in TOML"):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[data]\nheld = 0.2\nunlike = 0.5", "other and network.start beside data.unlike"),
        ("[data]\nheld = 0.2\nturns = [10]", "data.raw beside data.turns"),
        ("[data]\nheld = 0.2\n[pools]\nwritten = 5", "no pools beside data.held"),
        ("[data]\nheld = 0.2\n[glyph]\nbox = 18", ""),
    ],
)
def test_labels_of_the_data(table: str, said: str, tmp_path: Path) -> None:
    """A classifier that holds out a share names no labels; what would not come to anything beside it is refused."""
    text = f'name = "x"\ntask = "glyph-classifier"\n{table}\n[network]\nlayers = ["gap"]\n'
    if not said:
        assert read(written(tmp_path, text)).labels == ()
        return
    with pytest.raises(RecipeError, match=said):
        read(written(tmp_path, text))


def test_start_brings_its_frame(tmp_path: Path) -> None:
    """A recipe that starts from an encoder and names a frame of its own is refused; figures may be whole ones."""
    text = 'name = "x"\ntask = "glyph-classifier"\n[data]\nheld = 0.2\nraw = true\nturns = [10, -2.5]\n'
    recipe = read(written(tmp_path, f'{text}[network]\nlayers = ["gap"]\n'))
    assert recipe.data.turns == (10.0, -2.5)
    bare = text.replace("raw = true\nturns = [10, -2.5]\n", "")
    with pytest.raises(RecipeError, match="the frame is the encoder's"):
        read(written(tmp_path, f'{bare}[network]\nstart = "e"\n[glyph]\nbox = 18\n'))
