"""${message}

Revision ${up_revision}, after ${down_revision or "nothing"}.

Runs inside one transaction with every other pending revision, foreign keys off and checked at the
end. Never touch signed operations here: old facts are read as today's by casework. Name every
constraint. A column that must not be empty comes with a server default or is filled first.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
