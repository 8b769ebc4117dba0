"""What a look says, which of several looks is believed, and what of it is refused as there by chance."""

from collections import Counter
from dataclasses import dataclass, replace

from duktus.glyphs.reading.hypotheses import UNSURE, Look
from duktus.glyphs.reading.lattice import Path
from duktus.imaging.layout.pieces import join_boxes
from duktus.models.confidence import Decision

TORN = "part of what is not a character"
"""Why a part of connected ink is not accepted where another part of it is doubtful."""

SURE = 0.97
"""Confidence from which a part of connected ink is believed to be a digit of its own."""

AMONG_OTHERS = "among what is not a character"
"""Why a character is not accepted on a page that is mostly none: chance finds a 1 in any texture."""

EDGE = "a line along the edge"
"""Why an upright line is not accepted that stands at the side of a page which shows nothing else."""

OUTER = 0.2
"""A line along the edge lies within this share of the page's width, on either side."""

SLENDER = 0.35
"""A line is no wider than this share of its height."""

POOR = -0.3
"""Nats for each unit of width under which an answer is doubted, though all that it read is accepted."""

CLUTTERED = 1 / 3
"""A page is cluttered where less than this share of what it shows, by width, is accepted."""

FEW = 4
"""With fewer readings than this no page is called cluttered."""

POINTLESS = -1.0
"""Nats for each unit of width under which what is accepted of a page that is doubted in part is there by chance."""

HOPELESS = 20
"""A cluttered page with this many readings is not looked at again."""

TOO_WIDE = 1.25
"""A character wider than this, in heights of its row, is looked at again even where it was accepted."""

STAY = 0.15
"""Nats for each unit of width that speak for the first look, and for an answer that is accepted throughout."""


@dataclass(frozen=True)
class Answer:
    """What a look says: the path through its lattice, and the decision for each arc of it."""

    look: Look
    path: Path
    decisions: tuple[Decision, ...]

    @property
    def doubted(self) -> tuple[int, ...]:
        """The arcs that were not accepted."""
        return tuple(arc for arc, one in zip(self.path.arcs, self.decisions, strict=True) if not one.accepted)

    @property
    def cluttered(self) -> bool:
        """Whether most of the ink is no character: what looks like one among it is no more than chance."""
        if len(self.decisions) < FEW:
            return False
        weights = [self.look.lattice.arcs[arc].weight for arc in self.path.arcs]
        accepted = sum(weight for weight, one in zip(weights, self.decisions, strict=True) if one.accepted)
        return accepted < CLUTTERED * sum(weights)

    @property
    def certain(self) -> bool:
        """Whether there is no reason to look again, or no hope in it."""
        if self.cluttered and len(self.decisions) >= HOPELESS:
            return True
        lattice = self.look.lattice
        wide = any(lattice.arcs[arc].weight > TOO_WIDE for arc in self.path.arcs)
        poor = bool(self.decisions) and self.path.score < POOR
        return not wide and not poor and not self.doubted and self.look.writing.certainty >= UNSURE


def best_answer(answers: list[Answer]) -> Answer:
    """Return the answer that explains its ink best; a doubtful one only where it does so by far."""
    first = answers[0]
    answers = [one for one in answers if _may_stand(one, first)]
    return max(answers, key=lambda one: one.path.score + STAY * (one is first) + STAY * (not one.doubted))


def _may_stand(answer: Answer, first: Answer) -> bool:
    """Tell whether an answer gives what its look has to give to be believed."""
    if answer.look.demand == "nothing":
        return True
    if answer.doubted or not answer.decisions or answer.look.demand == "accepted":
        return not answer.doubted and bool(answer.decisions)
    if len(answer.decisions) != 1 or not first.path.arcs:
        return False
    whole = answer.look.lattice.arcs[answer.path.arcs[0]].box
    return join_boxes([whole, *(first.look.lattice.arcs[arc].box for arc in first.path.arcs)]) == whole


def refuse_chance(answer: Answer) -> Answer:
    """Return an answer with nothing accepted that is there by chance: on a cluttered page, and in torn writing.

    Nor is anything accepted where a page is doubted in part and badly explained as a whole: a scribble's dashes are 1s.
    A piece of connected ink that was cut is two digits that touch, or one letter that was torn. It is taken for the
    former only where each of its parts is surely a digit. A page with nothing but lines at its sides is an empty cell.
    """
    if answer.cluttered or (answer.doubted and answer.path.score < POINTLESS):
        return _refuse(answer, frozenset(range(len(answer.decisions))), AMONG_OTHERS)
    if _only_edges(answer):
        return _refuse(answer, frozenset(range(len(answer.decisions))), EDGE)
    pieces = answer.look.writing.pieces
    if not pieces.origins or len(answer.decisions) < 2:
        return answer
    owners = [{pieces.origins[i] for i in answer.look.lattice.pieces_of(arc)} for arc in answer.path.arcs]
    counts = Counter(origin for owner in owners for origin in owner)
    doubtful = {
        origin
        for owner, one in zip(owners, answer.decisions, strict=True)
        if not one.accepted or one.confidence < SURE
        for origin in owner
        if counts[origin] > 1
    }
    return _refuse(answer, frozenset(i for i, owner in enumerate(owners) if owner & doubtful), TORN)


def _only_edges(answer: Answer) -> bool:
    """Tell whether a page shows nothing but upright lines at its sides."""
    columns = answer.look.writing.ink.shape[1]
    boxes = [answer.look.lattice.arcs[arc].box for arc in answer.path.arcs]
    return bool(boxes) and all(
        box.w <= SLENDER * box.h and (box.x + box.w <= OUTER * columns or box.x >= (1 - OUTER) * columns)
        for box in boxes
    )


def _refuse(answer: Answer, which: frozenset[int], reason: str) -> Answer:
    """Return an answer with some of its decisions not accepted, for a reason unless they have one."""
    if not which:
        return answer
    decisions = (
        one._replace(accepted=False, reason=one.reason or reason) if i in which else one
        for i, one in enumerate(answer.decisions)
    )
    return replace(answer, decisions=tuple(decisions))
