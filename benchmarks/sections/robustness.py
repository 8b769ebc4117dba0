"""The MNIST test images changed as people's pictures differ, as PNG files: at least 98.5 % right after each change."""

from benchmarks.degrade import Change, changed, suite, to_png
from benchmarks.peer import load_peer, peer_hits
from benchmarks.reading import hits, mnist_test, view, workers
from benchmarks.results import Outcome, Row, Target, share
from benchmarks.setting import Setting

SEED = 20
TARGET = 0.985
NOTE = (
    "Each picture is changed, written as a PNG file, and read from it: by Duktus as `duktus read` does, the digits "
    "found in it joined; by the published recipe in grey, stretched to 28 × 28, divided by 255."
)


def run(setting: Setting) -> Outcome:
    """Measure both ways on each change."""
    images, labels = mnist_test(setting)
    network = load_peer(setting)
    rows: list[Row] = []
    details: dict[str, dict[str, int]] = {}
    with workers(setting.workers) as executor:
        for change in suite():
            pngs = [to_png(page) for page in changed(images, change, SEED)]
            views = view(executor, setting.model, pngs)
            answers = views.answers["auto"]
            ours, theirs = hits(answers, labels), peer_hits(network, views.stretched, labels)
            rows.append(_row(change, ours, theirs, len(labels)))
            details[change.name] = {"accepted": sum(answer.accepted for answer in answers), "right": ours}
            setting.report(f"{change.name}: {ours} of {len(labels)}, published {theirs}")
    return Outcome((_worst(rows), *rows), (NOTE,), details)


def _row(change: Change, ours: int, theirs: int, n: int) -> Row:
    aimed = change.target and change.name != "unchanged"
    target = Target(TARGET) if aimed else None
    return Row(change.name, "share", share(ours, n), share(theirs, n), target=target)


def _worst(rows: list[Row]) -> Row:
    """Return the row of the least figure among those with a target, as the one for the first table."""
    aimed = [row for row in rows if row.target]
    worst = min(aimed, key=lambda row: row.ours.value if row.ours else 0.0)
    claim = "Changed as people's pictures differ, each time at least {ours} of them."
    what = f"MNIST test changed, the worst of {len(aimed)} ways: {worst.what}"
    return Row(what, "share", worst.ours, worst.peer, target=worst.target, headline=True, claim=claim)
