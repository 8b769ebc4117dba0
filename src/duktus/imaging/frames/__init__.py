"""What a network sees: glyph, line strip, patch, contours; and their augmentation."""
