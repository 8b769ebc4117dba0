"""Measurements: the published recipes and other peers beside Duktus, in one run on one machine."""
