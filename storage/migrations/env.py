"""Runs migrations on the connection it is handed (`storage.database.upgrade_engine`). Knows none of our models."""

from alembic import context

connection = context.config.attributes["connection"]
# SQLite cannot alter a table: batch mode copies it. `target_metadata` is only given when a difference is looked for.
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("target_metadata"),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
