"""Public verification of a licence by its number."""

from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found
from services.licensing.domain.licence_number import LicenceNumber
from services.licensing.store.licence_verification_store import Verification, read_verification


def verify_licence(work: UnitOfWork, number: str) -> Verification:
    """The public status of a licence. Errors: NOT_FOUND; INVALID_ARGUMENT for what is no licence number."""
    compact = str(LicenceNumber.parse(number))
    verification = read_verification(work.connection, compact)
    if verification is None:
        raise not_found("licence", compact)
    return verification
