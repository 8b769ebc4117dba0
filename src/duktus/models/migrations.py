"""Cards of older formats: a format number, and one function a version that brings a card to the next."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from duktus.types import JSON, ModelError

FORMAT = 11
"""The format number of the cards that this version writes. It also reads every older one."""


def migrate(content: object) -> JSON:
    """Brings a card's JSON object from any older format to ``FORMAT``.

    Raises:
        ModelError: where the format is newer than ``FORMAT``, or is none.
    """
    found = content.get("format") if isinstance(content, dict) else None
    if not isinstance(content, dict) or type(found) is not int or found < 1:
        raise ModelError(f"field format: expected an integer of 1 to {FORMAT}, received {found!r}")
    if found > FORMAT:
        raise ModelError(
            f"the card has format {found}, this version of duktus knows formats up to {FORMAT}: "
            "upgrade with `pip install --upgrade duktus`"
        )
    for version in range(found, FORMAT):
        content = MIGRATIONS[version](content)
    return content


def migrate_1_to_2(content: JSON) -> JSON:
    """Format 1 had its calibration at the top level, no output for "none of the labels" and no attribution."""
    rest = {key: value for key, value in content.items() if key not in ("temperature", "threshold")}
    flat = {key: content[key] for key in ("temperature", "threshold") if key in content}
    calibration = None if list(flat.values()) == [None, None] else flat | {"accept": None, "split": "not recorded"}
    return rest | {"format": 2, "calibration": calibration, "other": False, "attribution": []}


def migrate_2_to_3(content: JSON) -> JSON:
    """Format 2 had no encoders, and so no spread of vectors."""
    return content | {"format": 3, "spread": None}


def migrate_3_to_4(content: JSON) -> JSON:
    """Format 3 had no encoders of hands, and so no contours and no likelihood ratios."""
    ink_and_glyph = content.get("preprocessing")
    kept = {"preprocessing": ink_and_glyph | {"contours": None}} if isinstance(ink_and_glyph, dict) else {}
    return content | kept | {"format": 4, "likelihood": None}


def migrate_4_to_5(content: JSON) -> JSON:
    """Format 4 said nothing of how a hand classifier cuts its patches and weighs their votes."""
    kept = {
        name: content[name] | added
        for name, added in (("preprocessing", {"patches": None}), ("calibration", {"growth": 0.0, "n": None}))
        if isinstance(content.get(name), dict)
    }
    return content | kept | {"format": 5}


def migrate_5_to_6(content: JSON) -> JSON:
    """Format 5 knew no int8-quantised networks."""
    return content | {"format": 6, "numbers": "float32"}


def migrate_6_to_7(content: JSON) -> JSON:
    """Format 6 knew no page segmenters, and so no darkness that they see."""
    kept = content.get("preprocessing")
    added = {"preprocessing": kept | {"darkness": None}} if isinstance(kept, dict) else {}
    return content | added | {"format": 7}


def migrate_7_to_8(content: JSON) -> JSON:
    """Format 7 measured ratios by likeness alone, knew no galleries' odds, and traced all ink of a page."""
    likelihood, seen = content.get("likelihood"), content.get("preprocessing")
    kept: JSON = {}
    if isinstance(likelihood, dict):
        kept["likelihood"] = likelihood | {"measure": "likeness", "open_set": None}
    if isinstance(seen, dict) and isinstance(seen.get("contours"), dict):
        kept["preprocessing"] = seen | {"contours": seen["contours"] | {"written": False}}
    return content | kept | {"format": 8}


def migrate_8_to_9(content: JSON) -> JSON:
    """Format 8 knew no transcribers of lines, and so neither strips nor a line's probability."""
    seen = content.get("preprocessing")
    kept = {"preprocessing": seen | {"line": None}} if isinstance(seen, dict) else {}
    return content | kept | {"format": 9, "transcription": None}


def migrate_9_to_10(content: JSON) -> JSON:
    """Format 9 took all labels for shapes of their own, and knew no n-grams."""
    lines = content.get("transcription")
    kept = {"transcription": lines | {"language": 0.0, "bonus": 0.0}} if isinstance(lines, dict) else {}
    return content | kept | {"format": 10, "alike": []}


def migrate_10_to_11(content: JSON) -> JSON:
    """Format 10 read each line at one width."""
    seen = content.get("preprocessing")
    if not isinstance(seen, dict) or not isinstance(line := seen.get("line"), dict):
        return content | {"format": 11}
    return content | {"format": 11, "preprocessing": seen | {"line": line | {"views": []}}}


MIGRATIONS: Mapping[int, Callable[[JSON], JSON]] = MappingProxyType(
    {
        1: migrate_1_to_2,
        2: migrate_2_to_3,
        3: migrate_3_to_4,
        4: migrate_4_to_5,
        5: migrate_5_to_6,
        6: migrate_6_to_7,
        7: migrate_7_to_8,
        8: migrate_8_to_9,
        9: migrate_9_to_10,
        10: migrate_10_to_11,
    }
)
"""For each older format the function that brings a card to the next; functions are only ever appended."""
