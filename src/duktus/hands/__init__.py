"""Whose hand wrote it: identified, measured and trained."""
