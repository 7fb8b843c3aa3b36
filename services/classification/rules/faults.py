"""Why a comparison could not be decided, or was decided with a reservation."""

from enum import StrEnum


class Fault(StrEnum):
    """What stands in the way of a comparison."""

    NUMBER_MALFORMED = "NUMBER_MALFORMED"
    # 1,270 is a thousand or a little more than one, 10 with a lost superscript is another case: both are read.
    NUMBER_AMBIGUOUS = "NUMBER_AMBIGUOUS"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    UNIT_MISSING = "UNIT_MISSING"
    UNIT_UNKNOWN = "UNIT_UNKNOWN"
    # Written so that it could be either of two units, for example mpa.
    UNIT_AMBIGUOUS = "UNIT_AMBIGUOUS"
    UNIT_MISMATCH = "UNIT_MISMATCH"
    # Outside what the quantity can be, for example a tensile strength in mPa.
    VALUE_IMPLAUSIBLE = "VALUE_IMPLAUSIBLE"
    CONTRADICTORY_VALUES = "CONTRADICTORY_VALUES"
    # The law speaks of a range and a single figure outside it was given.
    RANGE_EXPECTED = "RANGE_EXPECTED"
    # The value may lie on either side of the limit.
    VALUE_SPANS_LIMIT = "VALUE_SPANS_LIMIT"
    TEST_CONDITION_UNSTATED = "TEST_CONDITION_UNSTATED"
    TEST_CONDITION_DIFFERS = "TEST_CONDITION_DIFFERS"
    # 松装, transverse, ...: what stands beside the value may say that it is of another thing.
    REMARK_NOT_UNDERSTOOD = "REMARK_NOT_UNDERSTOOD"
    # A related figure was given in place of the one the law names.
    RELATED_QUANTITY_USED = "RELATED_QUANTITY_USED"
    # On the limit itself, and the words of the law do not say on which side it lies.
    BOUNDARY_UNRESOLVED = "BOUNDARY_UNRESOLVED"
    # The exclusion was not claimed, so the item is taken not to be excluded.
    EXCLUSION_NOT_SHOWN = "EXCLUSION_NOT_SHOWN"
    REFERENCE_NOT_HELD = "REFERENCE_NOT_HELD"
    LIST_INCOMPLETE = "LIST_INCOMPLETE"
