"""One character: read, taught, measured and trained."""
