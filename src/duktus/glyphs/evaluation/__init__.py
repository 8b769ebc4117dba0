"""How well characters are read."""
