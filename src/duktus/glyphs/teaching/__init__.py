"""An alphabet taught from examples, and labels that look wrong."""
