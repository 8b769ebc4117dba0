"""The tasks glyph-classifier and glyph-encoder, and what they are trained on."""
