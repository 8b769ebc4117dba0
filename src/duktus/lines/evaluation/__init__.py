"""How well lines are read: error rates with intervals, confusions, and the report."""
