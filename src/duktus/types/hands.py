"""Results of writer identification: matches, rankings and verdicts."""

from dataclasses import dataclass

from duktus.types.markup import BAD, GOOD, bar, card, label, quiet, safe, scale, statement, table

MOST_SHOWN = 60
"""Matches or documents that a notebook shows."""


@dataclass(frozen=True)
class Match:
    """A known hand and how well it matches a document; ``rank`` 1 is the best match.

    ``score`` is the likeness in [-1, 1]; ``log10_lr`` the logarithm of how much likelier this hand makes that likeness
    than another hand does, within the bounds of the calibration. Of a network that was trained on the hands ``score``
    is the calibrated probability of this one among them, and the ratio is that against the others of them.
    """

    label: str
    score: float
    log10_lr: float
    rank: int


@dataclass(frozen=True)
class Identification:
    """Whose hand a document is in.

    ``matches`` are the known hands, the most likely first. One that is not ``accepted`` says why in ``reason``
    ("blank", "too little ink", "too coarse", "none of the known hands", "unsure: Anna or Bert"). ``ink`` is how much
    was written: the length of all contours in text heights; a word has some 30, a line 150. ``notes`` say what else was
    seen.

    >>> Identification((Match("Anna", 0.81, 2.1, 1),), True, "", 240.0).matches[0].label
    'Anna'
    """

    matches: tuple[Match, ...]
    accepted: bool
    reason: str
    ink: float
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        best = self.matches[0].label if self.matches and self.accepted else self.reason
        colour = GOOD if self.accepted else BAD
        rows = [
            (str(one.rank), label(one.label), bar(one.score, colour), f"{one.score:.3f}", f"{one.log10_lr:+.2f}")
            for one in self.matches[:MOST_SHOWN]
        ]
        ranked = table(("", "hand", "similarity", "", "log₁₀ LR"), rows) if rows else ""
        notes = "; ".join((f"ink: {self.ink:.0f} text heights", *self.notes))
        return card(label(best, 22, colour), ranked, quiet(safe(notes, 600)))


@dataclass(frozen=True)
class Likeness:
    """A document of a gallery that was searched: its content's hash, label, source and similarity in [-1, 1]."""

    content: str
    label: str
    source: str
    score: float
    rank: int


class Ranking(tuple[Likeness, ...]):
    """The documents of a gallery by similarity of hand, the most similar first; empty where the queried page is blank.

    >>> Ranking([Likeness("3f…", "Anna", "anna/1.png", 0.93, 1)])[0].label
    'Anna'
    """

    def _repr_html_(self) -> str:
        rows = [
            (str(one.rank), bar(one.score), f"{one.score:.3f}", label(one.label), quiet(safe(one.source)))
            for one in self[:MOST_SHOWN]
        ]
        return card(table(("", "similarity", "", "label", "source"), rows) if rows else quiet("nothing is written"))


@dataclass(frozen=True)
class Verdict:
    """Whether one hand wrote two documents.

    ``log10_lr`` is the logarithm of how much likelier their likeness ``score`` is if one hand wrote both than if two
    did; None where nothing can be said, and ``reason`` says why. ``bounds`` are the least and the greatest ratio that
    the calibration supports. ``statement`` puts it into the words of forensic practice. ``ink`` is how much either
    document has, in text heights of contour; ``limits`` are sentences on what the answer does not cover.
    """

    log10_lr: float | None
    statement: str
    reason: str
    score: float
    bounds: tuple[float, float]
    ink: tuple[float, float]
    limits: tuple[str, ...]

    def _repr_html_(self) -> str:
        low, high = self.bounds
        ratio = "none" if self.log10_lr is None else f"{self.log10_lr:+.2f}"
        line = f"{low:+.1f} {scale(self.log10_lr, low, high)} {high:+.1f}" if low < 0 < high else ""
        first, second = self.ink
        note = f"log₁₀ likelihood ratio {ratio}, similarity {self.score:.3f}, ink {first:.0f} and {second:.0f}"
        limits = "".join(f"<li>{safe(limit, 600)}</li>" for limit in self.limits)
        more = f'<details style="font-size:12px;opacity:.8"><summary>Limits</summary><ul>{limits}</ul></details>'
        return card(statement(self.statement), line, quiet(note), more if limits else "")
