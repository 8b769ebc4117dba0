"""What is written: a picture in, readings out."""
