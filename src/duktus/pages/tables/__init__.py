"""Ruled tables, read cell by cell; and their numbers as tables that people correct."""
