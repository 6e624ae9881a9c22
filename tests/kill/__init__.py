"""Killing the process at random points, and counting afterwards: `python -m tests.kill`."""
