"""The answer of a hypothesis, which of several is chosen, and what of it is refused as there by chance."""

from collections import Counter
from dataclasses import dataclass, replace

from duktus.glyphs.reading.hypotheses import SURE_POLARITY, Hypothesis
from duktus.glyphs.reading.lattice import NO_PATH, Path
from duktus.imaging.layout.joined import joined_words
from duktus.models.confidence import Decision
from duktus.types import Box
from duktus.types.pages import join_boxes

PART_OF_NONE = "part of connected ink that is not a character"
"""Why a part of connected ink is not accepted where another part of it is doubtful."""

SURE = 0.97
"""Confidence from which a part of connected ink is believed to be a digit of its own."""

AMONG_NONE = "among marks that are not characters"
"""Why a character is not accepted on a page that is mostly none: chance finds a 1 in any texture."""

BLANK = "blank"
"""Why a page without ink has no characters."""

JOINED = "looks like joined writing"
"""Why a page of words whose letters are joined has no characters."""

LEAST_WORDS = 8
"""A page shows joined writing from so many joined words on, if fewer characters of it are accepted."""

LEAST_PAGE = 2**14
"""Pixels of a page that has room for so many words."""

EDGE = "a line along the edge"
"""Why an upright line is not accepted that stands at the side of a page which shows nothing else."""

EDGE_ZONE = 0.2
"""A line along the edge lies within this share of the page's width, on either side."""

EDGE_ASPECT = 0.35
"""A line is no wider than this share of its height."""

LOW_SCORE = -0.3
"""Nats for each unit of width under which an answer is doubted, though all that it read is accepted."""

CLUTTERED_SHARE = 1 / 3
"""A page is cluttered where less than this share of what it shows, by width, is accepted."""

FEW = 4
"""With fewer readings than this no page is called cluttered."""

CHANCE_SCORE = -1.0
"""Nats for each unit of width under which what is accepted of a page that is doubted in part is there by chance."""

MOST_CLUTTERED = 20
"""A cluttered page with this many readings has no further hypotheses."""

TOO_WIDE = 1.25
"""A character wider than this, in heights of its row, calls for further hypotheses even where it was accepted."""

BONUS = 0.15
"""Nats for each unit of width in favour of the first hypothesis, and of an answer that is accepted throughout."""


@dataclass(frozen=True)
class Answer:
    """The answer of a hypothesis: the path through its lattice, and the decision for each arc of it.

    ``words`` are the boxes of joined words, where these are what the page shows; it has no characters then.
    """

    hypothesis: Hypothesis
    path: Path
    decisions: tuple[Decision, ...]
    words: tuple[Box, ...] = ()

    @property
    def reason(self) -> str:
        """Why the page has no characters, where it has none."""
        return JOINED if self.words else BLANK

    @property
    def refused(self) -> tuple[int, ...]:
        """The arcs that were not accepted."""
        return tuple(arc for arc, one in zip(self.path.arcs, self.decisions, strict=True) if not one.accepted)

    @property
    def cluttered(self) -> bool:
        """Whether most of the ink is no character: what looks like one among it is no more than chance."""
        if len(self.decisions) < FEW:
            return False
        weights = [self.hypothesis.lattice.arcs[arc].weight for arc in self.path.arcs]
        accepted = sum(weight for weight, one in zip(weights, self.decisions, strict=True) if one.accepted)
        return accepted < CLUTTERED_SHARE * sum(weights)

    @property
    def certain(self) -> bool:
        """Whether there is no reason for further hypotheses, or no hope in them."""
        if self.words or (self.cluttered and len(self.decisions) >= MOST_CLUTTERED):
            return True
        lattice = self.hypothesis.lattice
        wide = any(lattice.arcs[arc].weight > TOO_WIDE for arc in self.path.arcs)
        poor = bool(self.decisions) and self.path.score < LOW_SCORE
        sure = self.hypothesis.writing.certainty >= SURE_POLARITY
        return sure and not wide and not poor and not self.refused and not self.put_together

    @property
    def put_together(self) -> bool:
        """Whether a character was put together from several pieces: one of them may be a line under or around it."""
        return any(len(self.hypothesis.lattice.pieces_of(arc)) > 1 for arc in self.path.arcs)


def find_joined(answer: Answer) -> Answer:
    """Return the answer of a page of joined writing without characters; any other as it is."""
    writing = answer.hypothesis.writing
    sure = answer.decisions and answer.certain and not answer.cluttered
    if sure or writing.unfiltered.size < LEAST_PAGE or writing.certainty < SURE_POLARITY:
        return answer
    words = joined_words(writing.unfiltered)
    accepted = 0 if answer.cluttered else len(answer.decisions) - len(answer.refused)
    return Answer(answer.hypothesis, NO_PATH, (), words) if len(words) >= max(LEAST_WORDS, accepted + 1) else answer


def best_answer(answers: list[Answer]) -> Answer:
    """Return the answer that explains its ink best; a doubtful one only where it does so by far."""
    first = answers[0]
    blank = [one for one in answers if one.hypothesis.requirement == "blank"]
    answers = [one for one in answers if _may_stand(one, first)]
    if blank and not any(one.decisions and not one.refused for one in answers):
        return blank[0]
    return max(answers, key=lambda one: one.path.score + BONUS * (one is first) + BONUS * (not one.refused))


def _may_stand(answer: Answer, first: Answer) -> bool:
    """Return whether an answer fulfils what its hypothesis requires."""
    if answer.hypothesis.requirement == "nothing":
        return True
    if answer.refused or not answer.decisions or answer.hypothesis.requirement in {"accepted", "blank"}:
        return not answer.refused and bool(answer.decisions)
    if len(answer.decisions) != 1 or not first.path.arcs:
        return False
    whole = answer.hypothesis.lattice.arcs[answer.path.arcs[0]].box
    return join_boxes([whole, *(first.hypothesis.lattice.arcs[arc].box for arc in first.path.arcs)]) == whole


def refuse_implausible(answer: Answer) -> Answer:
    """Return an answer with nothing accepted that is there by chance: on a cluttered page, and in torn writing.

    Nor is anything accepted where a page is doubted in part and badly explained as a whole: a scribble's dashes are 1s.
    A piece of connected ink that was cut is two digits that touch, or one letter that was torn. It is taken for the
    former only where each of its parts is a digit with high confidence. A page with nothing but lines at its sides is
    an empty cell.
    """
    if answer.cluttered or (answer.refused and answer.path.score < CHANCE_SCORE):
        return _refuse(answer, frozenset(range(len(answer.decisions))), AMONG_NONE)
    if _only_edges(answer):
        return _refuse(answer, frozenset(range(len(answer.decisions))), EDGE)
    pieces = answer.hypothesis.writing.pieces
    if not pieces.origins or len(answer.decisions) < 2:
        return answer
    owners = [{pieces.origins[i] for i in answer.hypothesis.lattice.pieces_of(arc)} for arc in answer.path.arcs]
    counts = Counter(origin for owner in owners for origin in owner)
    doubtful = {
        origin
        for owner, one in zip(owners, answer.decisions, strict=True)
        if not one.accepted or one.confidence < SURE
        for origin in owner
        if counts[origin] > 1
    }
    return _refuse(answer, frozenset(i for i, owner in enumerate(owners) if owner & doubtful), PART_OF_NONE)


def _only_edges(answer: Answer) -> bool:
    """Return whether a page shows nothing but upright lines at its sides."""
    columns = answer.hypothesis.writing.ink.shape[1]
    boxes = [answer.hypothesis.lattice.arcs[arc].box for arc in answer.path.arcs]
    return bool(boxes) and all(
        box.w <= EDGE_ASPECT * box.h and (box.x + box.w <= EDGE_ZONE * columns or box.x >= (1 - EDGE_ZONE) * columns)
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
