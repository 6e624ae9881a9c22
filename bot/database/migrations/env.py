"""How Alembic runs here: on the connection that `migrate` opened, whole or not at all."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlalchemy.ext.compiler import compiles


@compiles(sa.Text, "postgresql")
def _text(*_: Any, **__: Any) -> str:
    """Sort and compare texts by their signs' numbers, as SQLite does, on every server alike."""
    return 'text collate "C"'


context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, target_metadata=None
)
with context.begin_transaction():
    context.run_migrations()
