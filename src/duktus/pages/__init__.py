"""Pages of handwriting: in which order their lines are read, their tables, and the formats that hold them."""
