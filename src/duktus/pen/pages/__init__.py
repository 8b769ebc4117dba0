"""What whole pages are made of: strokes in bulk, rules and forms, print, stamps and stains."""
