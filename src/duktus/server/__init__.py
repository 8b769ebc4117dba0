"""Reading and hands over HTTP, and the page on which a person can try them; ``duktus serve`` starts it."""
