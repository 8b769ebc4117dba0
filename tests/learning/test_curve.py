"""Learning curves are drawn of what there is."""

from duktus.learning.curve import draw_curve


def test_every_figure_has_its_axes() -> None:
    """Training and validation share the axes of a figure; an epoch that lacks one is left out of its curve."""
    history = [
        {"loss": 1.0, "accuracy": 0.5, "validation_accuracy": 0.4, "validation_loss": 1.2},
        {"loss": 0.5, "accuracy": 0.7, "validation_accuracy": 0.6, "validation_loss": 0.9},
        {"loss": 0.4, "accuracy": 0.8},
    ]
    svg = draw_curve("runes", history)
    assert svg.startswith("<svg")
    assert "Learning curve of runes" in svg
    assert all(word in svg for word in (">loss<", ">accuracy<", ">training<", ">validation<", ">epoch<"))
    assert draw_curve("runes", history) == svg


def test_figures_of_any_name() -> None:
    """A task's own figures are drawn under their names."""
    assert ">overlap<" in draw_curve("spots", [{"loss": 1.0, "overlap": 0.5, "validation_overlap": 0.6}])
