"""The metadata that every table of the licensing database belongs to, and its ledger."""

from sqlalchemy import Column, FetchedValue, Integer, MetaData, Text

from services.foundation.ledger import Ledger

metadata = MetaData()
ledger = Ledger(metadata)
# Statistics read them; the database computes them from the row they stand in (migration 0010_statistics).
for computed in (Column("step", Text, FetchedValue()), Column("legal_day", Integer, FetchedValue())):
    ledger.audit_event.append_column(computed)
