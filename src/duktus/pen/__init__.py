"""Strokes to pages: what a canvas or a stroke file brings, and what tests, examples and training need."""
