"""Wakes the workflow that has changes followed and their results delivered."""

from typing import Final

from services.foundation.ledger import Kick

# To be given to the event of whatever changes what a screening finds: a list, the rules, a decision on a hit.
RESCREENING: Final = Kick("RescreeningWorkflow", "rescreening/all", "screening")
