"""Tables of people who sign in, organisations, their members and the mandates of agents."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Table, Text, Uuid

from services.licensing.store.metadata import metadata

_instant = DateTime(timezone=True)

# Everybody who signed in, as the issuer's token and the sign-in told last.
person = Table(
    "person",
    metadata,
    Column("subject", Text, primary_key=True),
    # Word of `Role`.
    Column("role", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("first_signed_in_at", _instant, nullable=False),
    Column("last_signed_in_at", _instant, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("organisation", Text, primary_key=True),
    # The etag of the particulars.
    Column("version", BigInteger, nullable=False),
    # What new applications begin with: an `Applicant` as JSON.
    Column("particulars", Text, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("receives_email", Boolean, nullable=False),
    # The etag of the member.
    Column("version", BigInteger, nullable=False),
)

mandate = Table(
    "mandate",
    metadata,
    Column("mandate_id", Uuid, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("agent_subject", Text, nullable=False),
    Column("agent_name", Text, nullable=False),
    Column("agent_organisation", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    # Asia/Shanghai days, both inclusive.
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", _instant, nullable=False),
    # Empty and null until it is revoked.
    Column("revoked_by", Text, nullable=False),
    Column("revoked_at", _instant),
)
