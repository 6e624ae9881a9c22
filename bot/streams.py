"""The streams of the process. This file is what they can take, and when nobody reads them."""

import io
import os
import sys


def take_any_letter() -> None:
    """Read and print also what is no text here: bytes from elsewhere, bars where ASCII is all."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def forget_output() -> None:
    """Send what is still buffered nowhere: whoever read our output, or our errors, has left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
