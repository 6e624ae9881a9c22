"""This file is `python -m benchmarks.counting`."""

import sys

from benchmarks.counting import main

main(sys.argv[1:])
