"""Run by alembic; the connection and the tables come from `node.migrate`."""  # noqa: INP001

from node.migrate import run_environment

run_environment()
