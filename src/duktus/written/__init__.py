"""The written layer: what a hand wrote on a page, how high its text is, and where its lines run."""
