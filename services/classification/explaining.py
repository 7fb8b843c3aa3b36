"""One entry held against the parameters of an item that is taken to be what the entry describes."""

from dataclasses import dataclass

from services.classification.batch import Classifier, parameters_of
from services.classification.domain.codes import normalise_control_code
from services.classification.domain.customs import CustomsRemark, listed, near_limit
from services.classification.domain.entries import ControlEntry, codes_of
from services.classification.domain.item import Item
from services.classification.domain.judgement import settle
from services.classification.domain.legal_regimes import FoundRegime
from services.classification.domain.outcomes import FindingCode, Outcome
from services.classification.domain.ruling import Ruling
from services.classification.domain.standings import EntryStatus
from services.foundation.errors import not_found


@dataclass(frozen=True)
class Explanation:
    """The outcome of one entry with the tree of its rule; without a rule it decides by description."""

    entry: ControlEntry
    status: EntryStatus
    outcome: Outcome
    findings: tuple[FindingCode, ...]
    ruling: Ruling | None
    remark: CustomsRemark | None
    regimes: tuple[FoundRegime, ...]


def explain(code: str, parameters: str, classifier: Classifier, destination: str = "") -> Explanation:
    """Holds the parameters (`name=value unit; ...`) against an entry of a code, printed or proposed.

    Errors: NOT_FOUND.
    """
    wanted = normalise_control_code(code) or code.strip()
    entries = classifier.index.control_list.entries
    entry = classifier.index.entry(wanted) or codes_of(entries).get(wanted)
    if entry is None:
        raise not_found("control_entry", code)
    item = Item(parameters=parameters_of(parameters), destination=destination)
    regime = classifier.index.control_list.regime
    ruling = classifier.examination.judges_of(regime)(item, classifier.as_of)(entry, True)
    status = entry.status_on(classifier.as_of)
    outcome, findings = settle(entry, status, True, False, bool(item.parameters), ruling)
    table = classifier.examination.legal_regimes_of(regime)
    return Explanation(
        entry,
        status,
        outcome,
        findings,
        ruling,
        _remark(entry, outcome, findings, ruling),
        table.of_codes((entry.code,), classifier.as_of, possible=False) if table is not None else (),
    )


def _remark(
    entry: ControlEntry, outcome: Outcome, findings: tuple[FindingCode, ...], ruling: Ruling | None
) -> CustomsRemark | None:
    if outcome in (Outcome.CONTROLLED, Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN):
        return listed((entry.code,))
    if ruling is not None and FindingCode.LIMITS_NOT_MET in findings:
        return near_limit([(entry.code, ruling)])
    return None
