"""What all measuring shares: figures with intervals, plots, and the pieces of an HTML page."""
