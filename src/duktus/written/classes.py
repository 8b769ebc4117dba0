"""What a pixel of a page can be."""

PAPER, WRITTEN, PRINTED, RULED, OTHER = range(5)
"""Bare ground; ink of a hand; print; guides, squares, tables and boxes; stamps, stains, holes, edges, guilloches."""

NAMES = ("paper", "written", "printed", "ruled", "other")

UNWRITTEN, UNKNOWN = 5, 255
"""In truth alone: ink that no hand wrote, whatever else it is; and what nobody knows."""
