"""Which list a regime has: the shipped one, or one from a file."""

import pathlib
from datetime import date

from services.classification.batch import Classifier, classifier_of
from services.classification.examination import ENCODED_REGIME
from services.classification.list_files import read_list_file
from services.foundation.errors import failed_precondition


def classifier_of_regime(regime: str, list_file: pathlib.Path | None, as_of: date) -> Classifier:
    """A classifier of a regime. Errors: FAILED_PRECONDITION CLASSIFICATION_LIST_NEEDED; see `read_list_file`."""
    if list_file is not None:
        return classifier_of(as_of, read_list_file(list_file, regime))
    if regime != ENCODED_REGIME:
        raise failed_precondition("CLASSIFICATION_LIST_NEEDED", regime=regime)
    return classifier_of(as_of)
