"""Tables of notifications, of what has been read of them, and of the e-mails that carry them."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, Table, Text, Uuid

from services.licensing.store.metadata import metadata

_instant = DateTime(timezone=True)

notification = Table(
    "notification",
    metadata,
    Column("notification_id", Uuid, primary_key=True),
    # The order of lists.
    Column("serial", BigInteger, Identity(always=True)),
    Column("kind", Text, nullable=False),
    # See `addressees_of`.
    Column("addressee", Text, nullable=False),
    # Whose act it tells an authority of: they need not be told. Empty in what applicants are told.
    Column("caused_by", Text, nullable=False),
    Column("application_id", Uuid, nullable=False),
    Column("application_number", Text, nullable=False),
    # Empty where no licence is meant.
    Column("licence_number", Text, nullable=False),
    # What brought it about, and the version of it; empty where the kind says it all.
    Column("cause", Text, nullable=False),
    Column("cause_version", Text, nullable=False),
    Column("created_at", _instant, nullable=False),
)

notification_read = Table(
    "notification_read",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("notification_id", Uuid, primary_key=True),
    Column("read_at", _instant, nullable=False),
)

email = Table(
    "email",
    metadata,
    Column("email_id", Uuid, primary_key=True),
    Column("notification_id", Uuid, nullable=False),
    Column("subject", Text, nullable=False),
    # As the person had them when it was written.
    Column("address", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", _instant, nullable=False),
    Column("next_attempt_at", _instant, nullable=False),
    Column("last_failure", Text, nullable=False),
)
