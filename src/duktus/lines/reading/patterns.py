r"""Regular expressions that a whole line must match, as automata: none of them takes long, whatever it says.

Thompson, "Regular expression search algorithm", 1968. The syntax: characters, ``.``, ``[a-z]``, ``[^a-z]``, ``\d``,
``\w``, ``\s``, ``\.``, groups ``( )``, ``|``, and ``?``, ``*``, ``+``, ``{2}``, ``{1,3}``, ``{2,}`` after any of them.
"""

from dataclasses import dataclass, field

from duktus.types import UsageError

MOST_STATES = 20_000
"""States of an automaton, at most: ``{1,3}`` three times within itself has 27 of what it repeats."""

MOST_DEPTH = 50
"""Groups within groups, at most."""

_CLASSES = {"d": "0123456789", "s": " \t"}
"""Classes by their letter; ``w`` is tested by ``str.isalnum``."""


@dataclass(frozen=True)
class _Set:
    """Characters: those named, or with ``inverted`` all others; ``words`` adds letters and digits."""

    characters: frozenset[str]
    inverted: bool = False
    words: bool = False

    def holds(self, character: str) -> bool:
        known = character in self.characters or (self.words and (character.isalnum() or character == "_"))
        return known != self.inverted


@dataclass
class _Automaton:
    """States with edges by characters and without any."""

    edges: list[tuple[_Set, int] | None] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)

    def add(self) -> int:
        if len(self.edges) >= MOST_STATES:
            raise UsageError(f"pattern: expected at most {MOST_STATES:,} states, received more; repeat less")
        self.edges.append(None)
        self.free.append([])
        return len(self.edges) - 1


class Pattern:
    """A regular expression for whole lines; a ``beam.Constraint`` whose states are sets of an automaton's.

    Args:
        text: the expression.

    Raises:
        UsageError: it is none, uses what is not known here, or would be too large.

    >>> number = Pattern("[0-9]{1,3}([.,][0-9]+)?")
    >>> [number.matches(text) for text in ("12", "12.75", "1234", "12.")]
    [True, True, False, False]
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._automaton = _Automaton()
        parser = _Parser(text, self._automaton)
        begin, self._end = parser.alternatives(0)
        parser.finish()
        self.start = self._closed({begin})
        self._known: dict[tuple[frozenset[int], str], frozenset[int] | None] = {}

    def step(self, state: frozenset[int], character: str) -> frozenset[int] | None:
        """Return the states after one more character, None where no match goes on so."""
        key = state, character
        if key not in self._known:
            edges = (self._automaton.edges[number] for number in state)
            reached = {edge[1] for edge in edges if edge is not None and edge[0].holds(character)}
            self._known[key] = self._closed(reached) if reached else None
        return self._known[key]

    def accepts(self, state: frozenset[int]) -> bool:
        """Tell whether what was read is a match."""
        return self._end in state

    def matches(self, text: str) -> bool:
        """Tell whether a whole text matches."""
        state: frozenset[int] | None = self.start
        for character in text:
            if state is None:
                return False
            state = self.step(state, character)
        return state is not None and self.accepts(state)

    def _closed(self, states: set[int]) -> frozenset[int]:
        """Return states with all that are reached from them without a character."""
        found, left = set(states), list(states)
        while left:
            for other in self._automaton.free[left.pop()]:
                if other not in found:
                    found.add(other)
                    left.append(other)
        return frozenset(found)


class _Parser:
    """Reads an expression into an automaton; each method returns the first and the last state of what it read."""

    def __init__(self, text: str, automaton: _Automaton) -> None:
        self._text, self._at, self._automaton = text, 0, automaton
        self._sets: dict[int, tuple[_Set, int]] = {}

    def finish(self) -> None:
        if self._at < len(self._text):
            raise self._fault("an end of the pattern")

    def alternatives(self, depth: int) -> tuple[int, int]:
        if depth > MOST_DEPTH:
            raise self._fault(f"at most {MOST_DEPTH} groups within each other")
        begin, end = self._automaton.add(), self._automaton.add()
        while True:
            first, last = self._sequence(depth)
            self._join(begin, first)
            self._join(last, end)
            if not self._taken("|"):
                return begin, end

    def _sequence(self, depth: int) -> tuple[int, int]:
        begin = last = self._automaton.add()
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            start = self._at
            first, end = self._atom(depth)
            stop = self._at
            least, most = self._count()
            if (least, most) != (1, 1):
                first, end = self._repeated(first, end, (start, stop), least, most, depth)
            self._join(last, first)
            last = end
        return begin, last

    def _repeated(
        self, first: int, end: int, span: tuple[int, int], least: int, most: int | None, depth: int
    ) -> tuple[int, int]:
        """Return so many copies of an atom, the first of which was read; the others are read again from its span."""
        begin, last = self._automaton.add(), self._automaton.add()
        here, self._at = self._at, span[0]
        at = begin
        copies = max(1, least if most is None else most)
        for copy in range(copies):
            if copy:
                self._at = span[0]
                first, end = self._atom(depth)
            if copy >= least:
                self._join(at, last)
            self._join(at, first)
            at = end
        self._at = here
        if most is None:
            self._join(end, first)
        if most != 0:
            self._join(at, last)
        return begin, last

    def _atom(self, depth: int) -> tuple[int, int]:
        if self._taken("("):
            if self._taken("?") and not self._taken(":"):
                raise self._fault("no (?…) but (?:…)")
            found = self.alternatives(depth + 1)
            if not self._taken(")"):
                raise self._fault("a closing )")
            return found
        begin, end = self._automaton.add(), self._automaton.add()
        self._automaton.edges[begin] = self._known_set(), end
        return begin, end

    def _known_set(self) -> _Set:
        """Return the set that is read here; one that is read again, for each of its copies, is the same one."""
        start = self._at
        if start not in self._sets:
            self._sets[start] = self._set(), self._at
        found, self._at = self._sets[start]
        return found

    def _set(self) -> _Set:
        character = self._next()
        if character == ".":
            return _Set(frozenset(), inverted=True)
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escaped()
        if character in "?*+{":
            raise self._fault("something to repeat before it")
        return _Set(frozenset(character))

    def _class(self) -> _Set:
        inverted, words, found = self._taken("^"), False, set[str]()
        while not (self._taken("]") and (found or words)):
            character = self._next()
            if character == "\\":
                one = self._escaped()
                found |= one.characters
                words |= one.words
            elif self._text[self._at : self._at + 1] == "-" and self._text[self._at + 1 : self._at + 2] not in (
                "]",
                "",
            ):
                self._at += 1
                last = self._next()
                if not character <= last or ord(last) - ord(character) > 4096:
                    raise self._fault("a range in order, such as a-z")
                found |= {chr(code) for code in range(ord(character), ord(last) + 1)}
            else:
                found.add(character)
        return _Set(frozenset(found), inverted, words)

    def _escaped(self) -> _Set:
        character = self._next()
        if character == "w":
            return _Set(frozenset(), words=True)
        if character.isalnum() and character not in _CLASSES:
            raise self._fault(r"\d, \w, \s or a sign after a backslash")
        return _Set(frozenset(_CLASSES.get(character, character)))

    def _count(self) -> tuple[int, int | None]:
        """Return how often what was read is repeated."""
        for sign, count in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._taken(sign):
                return count
        if not self._taken("{"):
            return 1, 1
        inside, closed, _ = self._text[self._at :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not least.isdecimal() or not (most.isdecimal() or not most) or len(inside) > 9:
            raise self._fault("{2}, {1,3} or {2,}")
        self._at += len(inside) + 1
        bounds = int(least), int(most) if most else None if comma else int(least)
        if bounds[1] is not None and bounds[1] < max(1, bounds[0]):
            raise self._fault("a count of at least 1, the lower bound first")
        return bounds

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise self._fault("more")
        self._at += 1
        return self._text[self._at - 1]

    def _taken(self, sign: str) -> bool:
        found = self._text[self._at : self._at + 1] == sign
        self._at += found
        return found

    def _join(self, state: int, other: int) -> None:
        self._automaton.free[state].append(other)

    def _fault(self, expected: str) -> UsageError:
        return UsageError(f"pattern {self._text!r}: expected {expected}, received it not at character {self._at}")
