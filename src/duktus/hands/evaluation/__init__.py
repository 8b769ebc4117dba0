"""Measuring the identification, retrieval and verification of hands."""
