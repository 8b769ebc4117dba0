"""Labelled images: where they lie, how they are fetched, and how each kind of set is read."""
