"""How well the written layer finds what a hand wrote."""
