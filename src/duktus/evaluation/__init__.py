"""How good a model is: figures with their intervals, plots, and a report to look at."""
