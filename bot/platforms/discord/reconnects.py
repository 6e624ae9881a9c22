"""A lost connection in the log: one line without a stack. This file is that filter."""

import logging

_BEGINS = "Attempting a reconnect"


class Briefly(logging.Filter):
    """Tells the library's reconnects in one line: they are weather, and no mistake of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the stack off, and call it a warning; raises nothing."""
        if record.exc_info and str(record.msg).startswith(_BEGINS):
            error = record.exc_info[1]
            record.msg = f"{record.getMessage()}: {type(error).__name__}: {error}"
            record.args, record.exc_info = None, None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            return logging.getLogger().isEnabledFor(logging.WARNING)
        return True


def tell_briefly() -> None:
    """Put the filter where the library logs; a second call changes nothing."""
    logger = logging.getLogger("discord.client")
    if not any(isinstance(one, Briefly) for one in logger.filters):
        logger.addFilter(Briefly())
