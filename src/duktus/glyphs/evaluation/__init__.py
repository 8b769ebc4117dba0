"""Measuring the reading of characters."""
