"""PAGE, ALTO and hOCR: written, and read, always as trees of elements."""
