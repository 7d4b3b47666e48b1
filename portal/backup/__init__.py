"""A copy of the whole portal, database and uploads, and the way back from it.

It may import the rest of `portal`, and knows no conference and no company. Start reading in `making`; `restoring` is
the way back, `folder` says how backups lie in their folder, `databases` asks the engine for its own consistent copy.

The database is copied first and the uploads after it. An upload is stored before its row is committed, is never
overwritten (its name is random) and never deleted meanwhile (`portal.taking_turns`): so every file that a row of the
copy names is there when the uploads are copied. The other way round, rows committed in between would point at nothing.
"""


class BackupError(Exception):
    """Why there is no backup, or nothing was restored: a sentence to the operator."""
