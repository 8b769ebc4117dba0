"""Lines of ink to text: strips, the network's scores by column, decoding, confidence."""
