"""Text from files as a terminal may show it; ``datasets.tables.harmless`` is its like for spreadsheets."""


def visible(text: str) -> str:
    r"""Return text in which nothing moves the cursor, breaks the line, turns the direction or colours the screen.

    >>> visible("a\tb\x1b[2J ᚠ")
    'a\\tb\\x1b[2J ᚠ'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
