"""The tasks hand-classifier and hand-encoder, and what they are trained on."""
