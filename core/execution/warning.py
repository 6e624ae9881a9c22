"""Telling the admins what the signer needs, not too often. This file is the bell."""

from core.community import warn_admins
from core.execution import store, views
from core.execution.model import WARN_AGAIN, Alarm
from core.kernel.call import Call
from core.kernel.clock import span_ms


def warn(call: Call, what: Alarm, detail: str) -> bool:
    """Post a warning where admins read; return False where it was told lately."""
    since = call.now_ms - span_ms(WARN_AGAIN)
    if not store.may_warn(call.tx, call.community.id, what.value, call.now_ms, since):
        return False
    warn_admins(call, views.warned, what.value, detail)
    return True
