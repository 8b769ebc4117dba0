"""The Python door: what ``import duktus`` offers, a thin layer over the rooms; heavy packages load on use."""

__version__ = "0.1.0"
