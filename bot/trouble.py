"""What stops a command of the command line, as sentences for whoever typed it."""


class Trouble(Exception):
    """Something is in the way that a person can mend; the text says what and how."""

    status = 1


class Misused(Trouble):
    """It was asked wrongly."""

    status = 2
