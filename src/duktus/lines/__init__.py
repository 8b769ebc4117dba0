"""A row of text: read, measured, and learnt."""
