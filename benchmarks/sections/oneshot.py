"""Omniglot's twenty one-shot runs, taught and read as a user would: at most 2.5 % errors; one pass, no repetition."""

import tempfile
from pathlib import Path

from benchmarks.letters import check_unseen
from benchmarks.one_shot import OneShotRun, load_one_shot_runs
from benchmarks.results import Outcome, Row, Target, share
from benchmarks.setting import Setting
from duktus.datasets.omniglot import alphabets_of
from duktus.datasets.places import find_data
from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.teaching.teacher import Lesson, Teacher
from duktus.models.file import open_model_file
from duktus.models.runtime import Session

LARGEST = 0.025
NOTE = (
    "Each run teaches a gallery 20 letters of one alphabet by one drawing each, all by one person, and reads 20 "
    "drawings by another. The encoder saw the alphabets of `images_background.zip` alone, its card lists them. A "
    "reading counts by its text. Published for comparison (Lake, Salakhutdinov and Tenenbaum 2019): people 4.5 %, "
    "Bayesian program learning 3.3 %, prototypical networks 13.7 %."
)


def run(setting: Setting) -> Outcome:
    """Count the drawings that are told wrong."""
    folder = find_data("omniglot")
    session = open_model_file(setting.encoder)
    check_unseen(session.card, sorted(alphabets_of(folder / "images_evaluation.zip")))
    runs = load_one_shot_runs(folder / "all_runs.zip")
    wrong = [wrong_in(session, one) for one in runs[: setting.limit]]
    n = sum(len(one.queries) for one in runs[: setting.limit])
    claim = "Of letters shown once it tells all but {ours}."
    target = Target(LARGEST, at_least=False)
    row = Row("one-shot runs, errors", "error", share(sum(wrong), n), target=target, headline=True, claim=claim)
    return Outcome((row,), (NOTE,), {"wrong": wrong})


def wrong_in(session: Session, run: OneShotRun) -> int:
    """Return how many of a run's queries are read wrong."""
    teacher, failed = Teacher(session), list[str]()
    lessons = [Lesson(page, f"{i:02d}", f"{run.name}/{i:02d}") for i, page in enumerate(run.shown)]
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteGallery.create(Path(folder) / "run.db", teacher.encoder) as gallery,
    ):
        list(teacher.teach(gallery, lessons, failed))
        reader = Reader(session, teacher.head(gallery))
    texts = [reader.read(page, layout="one")[0].text for page in run.queries]
    return sum(text != f"{truth:02d}" for text, truth in zip(texts, run.truth.tolist(), strict=True))
