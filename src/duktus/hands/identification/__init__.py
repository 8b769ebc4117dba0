"""Documents enrolled, identified, verified and searched by hand, with the evidence."""
