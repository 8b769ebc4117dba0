"""How well hands are told apart."""
