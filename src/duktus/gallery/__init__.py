"""Labelled examples and their vectors: what a person has taught, letters and hands alike."""
