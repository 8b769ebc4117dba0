"""Tests of labels as drawings, where a font may lack the letter."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from duktus.reporting.confusion_matrix import confusion_matrix_svg
from duktus.reporting.label_drawings import draw_labels, drawn_label, may_lack_font

PICTURE = np.zeros((28, 28, 1), np.float32)
COUNTS = np.array([[3, 1], [0, 4]])


@pytest.mark.parametrize("text", ["a", "Ä", "ż", "Ω", "Ж", "7", "€", "“", "Greek/character07", ""])
def test_every_font_has_the_letters_of_europe(text: str) -> None:
    """Latin, Greek and Cyrillic letters, digits and punctuation need no drawing."""
    assert not may_lack_font(text)


@pytest.mark.parametrize("text", ["ᚠ", "漢", "א", "अ", "aᚠ", "𓀀", "😀"])
def test_a_font_may_lack_other_scripts(text: str) -> None:
    """One letter of another script is enough."""
    assert may_lack_font(text)


def test_a_drawing_follows_the_text() -> None:
    """The text stays, so that it can be selected and searched; a label without a drawing is text alone."""
    assert drawn_label("ᚠ", {"ᚠ": PICTURE}).startswith(drawn_label("ᚠ") + ' <img class="sign" src="data:image/png')
    assert "<img" not in drawn_label("a", {"ᚠ": PICTURE})


def test_tick_labels_of_a_plot_become_drawings() -> None:
    """Both ticks of such a label are pictures that name it, those of others stay text, and the plot is sound XML."""
    svg = confusion_matrix_svg("matrix", COUNTS, ["ᚠ", "<b>"], {"ᚠ": PICTURE})
    root = ET.fromstring(svg)
    texts = ["".join(each.itertext()) for each in root.iter() if each.tag.endswith("}text")]
    images = [each for each in root.iter() if each.tag.endswith("}image")]

    assert "ᚠ" not in texts
    assert texts.count("<b>") == 2
    assert [image[0].text for image in images] == ["ᚠ", "ᚠ"]
    assert all(image.attrib["href"].startswith("data:image/png;base64,") for image in images)


def test_a_drawing_stands_where_its_text_stood() -> None:
    """Centred, ending or beginning at the text's place, as the text did."""
    text = '<text style="font-size: 10px; {}" x="50" y="20" transform="rotate(-0 50 20)">ᚠ</text>'
    for style, left in (("text-anchor: middle", 42.0), ("text-anchor: end", 34.0), ("fill: red", 50.0)):
        image = ET.fromstring(draw_labels(text.format(style), {"ᚠ": PICTURE}))
        assert (float(image.attrib["x"]), float(image.attrib["y"])) == (left, 8.0)


def test_a_long_name_in_another_script_is_turned_upright_with_its_drawing() -> None:
    """A name of several letters, whose text would stand on end, has a drawing beneath the matrix too."""
    svg = confusion_matrix_svg("matrix", COUNTS, ["ᚠᚢᚦ", "b"], {"ᚠᚢᚦ": PICTURE})

    assert svg.count("<image") == 2
