"""Every file format to pages, and what a file says of its resolution."""
