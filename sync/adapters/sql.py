"""The operation log on a SQLAlchemy connection.

Every method works inside the caller's transaction and reads or writes in bulk. Nothing is decided
here: what is authentic, allowed or visible was decided before.
"""

from sync.adapters.change_sets import ChangeSetRows, StoredChangeSet, runs, stored_header
from sync.adapters.operations import Held, OperationRows, Within

__all__ = ["Held", "SqlLog", "StoredChangeSet", "Within", "runs", "stored_header"]


class SqlLog(OperationRows, ChangeSetRows):
    """The log of one node inside one transaction."""
