"""The metadata that every table of the licensing database belongs to, and its ledger."""

from sqlalchemy import MetaData

from services.foundation.ledger import Ledger

metadata = MetaData()
ledger = Ledger(metadata)
