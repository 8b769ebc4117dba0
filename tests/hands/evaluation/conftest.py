"""The card of the reports that are written here."""

import pytest

from duktus.models.card import Card
from tests.reporting.cards import report_card


@pytest.fixture(scope="session")
def card() -> Card:
    """A card of four labels with texts that HTML must not take for its own."""
    return report_card()
