"""Ink to pieces, rows, words, lines and regions, by geometry alone."""
