"""`python -m marketplace.matching`: see cli."""

import sys

from marketplace.matching.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
