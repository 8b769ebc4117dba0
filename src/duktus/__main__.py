"""``python -m duktus`` is the command line."""

import sys

from duktus.cli import main

if __name__ == "__main__":
    sys.exit(main())
