"""How Alembic runs here: on the connection that `migrate` opened, whole or not at all."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, target_metadata=None
)
with context.begin_transaction():
    context.run_migrations()
