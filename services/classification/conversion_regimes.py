"""Bodies of law and international arrangements between the contract and the domain."""

from collections.abc import Iterator
from functools import cache

from xuke.classification.v1 import classification_pb2 as messages
from xuke.foundation.v1 import foundation_pb2

from services.classification.domain.legal_regimes import FoundRegime
from services.classification.domain.obligations import ObligationTable
from services.classification.examination import ENCODED_REGIME
from services.classification.reference_files import read_obligations


@cache
def _table() -> ObligationTable:
    return read_obligations()


def obligation_messages(regime: str, code: str) -> Iterator[messages.Obligation]:
    """What a control code has to do with international arrangements; nothing for a list of another country."""
    for found in _table().of_code(code) if regime == ENCODED_REGIME else ():
        yield messages.Obligation(
            arrangement=found.arrangement.value,
            reference=found.reference,
            source=foundation_pb2.LegalSource(instrument=found.instrument),
            basis_kind=found.basis_kind.value,
            text=foundation_pb2.LocalizedText(zh=found.text_zh, en=found.text_en),
        )


def same_number_message(regime: str, code: str) -> messages.SameNumber | None:
    """The entry of the same number in another list; None where none is known."""
    found = _table().same_number(code) if regime == ENCODED_REGIME else None
    if found is None:
        return None
    return messages.SameNumber(
        control_code=found.code, regime=found.regime, edition=found.edition, words_agree=found.words_agree
    )


def legal_regime_message(found: FoundRegime) -> messages.LegalRegime:
    """A body of law under which the item is, or may be, exported."""
    return messages.LegalRegime(
        regime=found.regime.value,
        track=found.track.value,
        possible=found.possible,
        because=found.because,
        source=foundation_pb2.LegalSource(instrument=found.instrument, article=found.article),
        basis_kind=found.basis_kind.value,
        text=foundation_pb2.LocalizedText(zh=found.text_zh, en=found.text_en),
        quote=found.quote,
    )
