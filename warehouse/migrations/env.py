"""What alembic runs: the migrations, on the connection and in the transaction of warehouse.migrations.migrate."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="quality")
context.run_migrations()
