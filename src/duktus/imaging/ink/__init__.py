"""Page to ink: ground, polarity, tone, and the straight lines that nobody wrote."""
