"""The outcome of one entry: its standing, whether it describes the item, and what its rule says.

An item is released from an entry only by a rule that is decisively false, or by a standing that does not apply;
never because words are unlike. An entry whose text was not read in full proposes and asks, and never clears.
"""

from collections.abc import Sequence
from typing import Final, assert_never

from services.classification.domain.entries import ControlEntry, ItemKind
from services.classification.domain.index import Pointer, PointerCode
from services.classification.domain.item import Nature
from services.classification.domain.outcomes import FindingCode, Outcome
from services.classification.domain.ruling import Ruling
from services.classification.domain.standings import EntryStatus
from services.classification.rules.truth import Truth

Settled = tuple[Outcome, tuple[FindingCode, ...]]

_HS_OF_ENTRY: Final = frozenset({PointerCode.HS_CODE_10, PointerCode.HS_CODE_10_CATALOGUE})


def identified(entry: ControlEntry, pointers: Sequence[Pointer], nature: Nature, named: bool) -> bool:
    """Whether the item is what the entry describes, limits apart.

    A claimed code, a CAS number or an equal name says so. A name that only contains the term says so together
    with the full commodity code; the code alone never does (海关商品编号仅供参考). `named` says that the item has
    a name, beside which its description identifies nothing.
    """
    if not same_nature(entry.kind, nature):
        return False
    codes = {pointer.code for pointer in pointers}
    if codes & {PointerCode.CONTROL_CODE_EXACT, PointerCode.CAS_NUMBER_EXACT}:
        return True
    by_name = {pointer.code for pointer in pointers if not (named and pointer.from_description)}
    if PointerCode.TEXT_EXACT in by_name:
        return True
    return bool(codes & _HS_OF_ENTRY) and PointerCode.TEXT_CONTAINED in by_name


def same_nature(kind: ItemKind, nature: Nature) -> bool:
    """Whether an entry of a kind can name what is exported; software is delivered as goods or as data."""
    match nature:
        case Nature.UNSPECIFIED:
            return True
        case Nature.GOODS:
            return kind is not ItemKind.TECHNOLOGY
        case Nature.TECHNOLOGY | Nature.SERVICE:
            return kind in (ItemKind.TECHNOLOGY, ItemKind.OTHER)
        case Nature.DATA:
            return kind in (ItemKind.TECHNOLOGY, ItemKind.SOFTWARE, ItemKind.OTHER)
        case _:
            assert_never(nature)


def settle(
    entry: ControlEntry,
    status: EntryStatus,
    is_described: bool,
    claimed: bool,
    figures_given: bool,
    ruling: Ruling | None,
    claimed_near: bool = False,
) -> Settled:
    """The outcome of one entry and what decided it.

    `claimed` says that the applicant states this very code, and thereby that its limits are met; `claimed_near` that
    it is this one, one above it or one below it, so that limits that are missed contradict the claim.
    """
    match status:
        case EntryStatus.ANNOUNCED:
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.ENTRY_ANNOUNCED,)
        case EntryStatus.SUSPENDED:
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.ENTRY_SUSPENDED,)
        case EntryStatus.REPEALED:
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.ENTRY_REPEALED,)
        case EntryStatus.UNCONFIRMED:
            standing: tuple[FindingCode, ...] = (FindingCode.ENTRY_UNCONFIRMED,)
        case EntryStatus.TEMPORARY:
            standing = (FindingCode.ENTRY_TEMPORARY,)
        case EntryStatus.IN_FORCE:
            standing = ()
        case _:
            assert_never(status)
    if ruling is not None and entry.quality.decides:
        outcome, findings = _by_rule(
            entry, is_described, claimed, figures_given, ruling, contradicts=claimed or claimed_near
        )
    else:
        outcome, findings = _by_description(entry, is_described, claimed, figures_given)
    return outcome, (*standing, *findings)


def _by_rule(
    entry: ControlEntry,
    is_described: bool,
    claimed: bool,
    figures_given: bool,
    ruling: Ruling,
    contradicts: bool,
) -> Settled:
    if ruling.truth is Truth.UNKNOWN and ruling.released is Truth.TRUE and entry.parameters_complete:
        # Whatever the figures are, the entry does not keep the item: 密码法 Art. 28(2) asks for no key lengths.
        return Outcome.DECONTROLLED, (FindingCode.DECONTROL_SHOWN,)
    match ruling.truth:
        case Truth.FALSE:
            if contradicts:
                return Outcome.NEEDS_INFORMATION, (FindingCode.LIMITS_CONTRADICT_CLAIM,)
            if not entry.parameters_complete:
                return Outcome.NEEDS_INFORMATION, (FindingCode.TEXT_NOT_VERIFIED,)
            return Outcome.NOT_CONTROLLED_FOR_ENTRY, (FindingCode.LIMITS_NOT_MET,)
        case Truth.UNKNOWN:
            if not is_described:
                return Outcome.NEEDS_INFORMATION, (FindingCode.DESCRIPTION_NOT_SETTLED,)
            if not figures_given:
                return Outcome.NEEDS_INFORMATION, (FindingCode.PARAMETERS_MISSING,)
            if not claimed:
                return Outcome.NEEDS_INFORMATION, (FindingCode.LIMITS_NOT_SETTLED,)
            return _released(entry, Truth.UNKNOWN if entry.has_decontrol else None)
        case Truth.TRUE:
            if not is_described:
                return Outcome.NEEDS_INFORMATION, (FindingCode.DESCRIPTION_NOT_SETTLED,)
            released = ruling.released
            if released is None and entry.has_decontrol:
                released = Truth.UNKNOWN
            outcome, findings = _released(entry, released)
            return outcome, (FindingCode.DESCRIPTION_MET, FindingCode.LIMITS_MET, *findings[1:])
        case _:
            assert_never(ruling.truth)


def _released(entry: ControlEntry, released: Truth | None) -> Settled:
    """The outcome of an item that the entry covers, by whether a note of the entry releases it again."""
    match released:
        case None | Truth.FALSE:
            return Outcome.CONTROLLED, (FindingCode.DESCRIPTION_MET,)
        case Truth.UNKNOWN:
            return (
                Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN,
                (FindingCode.DESCRIPTION_MET, FindingCode.DECONTROL_POSSIBLE),
            )
        case Truth.TRUE:
            if not entry.parameters_complete:
                return Outcome.NEEDS_INFORMATION, (
                    FindingCode.DESCRIPTION_MET,
                    FindingCode.TEXT_NOT_VERIFIED,
                )
            return Outcome.DECONTROLLED, (FindingCode.DESCRIPTION_MET, FindingCode.DECONTROL_SHOWN)
        case _:
            assert_never(released)


def _by_description(entry: ControlEntry, is_described: bool, claimed: bool, figures_given: bool) -> Settled:
    """Without a rule a person compares; only an entry read in full and without limits is settled by its name."""
    if not is_described:
        return Outcome.NEEDS_INFORMATION, (FindingCode.DESCRIPTION_NOT_SETTLED,)
    if not entry.quality.decides:
        return Outcome.NEEDS_INFORMATION, (FindingCode.TEXT_NOT_VERIFIED,)
    if entry.has_parameters and not figures_given:
        return Outcome.NEEDS_INFORMATION, (FindingCode.PARAMETERS_MISSING,)
    if entry.has_parameters and not claimed:
        return Outcome.NEEDS_INFORMATION, (FindingCode.PARAMETERS_NOT_COMPARED,)
    return _released(entry, Truth.UNKNOWN if entry.has_decontrol else None)
