"""Which bodies take part in the examination of an export of an item of an entry.

两用物项出口管制条例 Art. 4 and 17: the commerce ministry examines alone or together with other departments. Which
others, the law says for controlled chemicals and cryptography only; the rest is practice described in the white
paper on export control (中国的出口管制, 2021) and the origin of control that the third character of a code shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.classification.domain.codes import ancestors
from services.classification.domain.entries import ControlEntry


class Necessity(StrEnum):
    """Whether a body decides, must be asked, or may be."""

    COMPETENT = "competent"
    REQUIRED = "required"
    AS_NEEDED = "as_needed"


@dataclass(frozen=True, slots=True)
class CompetentAgency:
    """A body with its part, and whether that rests on law or on described practice only."""

    code: str
    necessity: Necessity
    basis: str
    basis_is_law: bool


@dataclass(frozen=True, slots=True)
class AgencyRule:
    """One row: an entry of its own, else prefixes of codes, else third characters; all empty is every entry.

    The first row that fits counts; a row for an entry also counts for what stands below it.
    """

    priority: int
    entry: str
    prefixes: tuple[str, ...]
    third_digits: str
    agencies: tuple[str, ...]
    necessity: Necessity
    basis: str
    basis_is_law: bool

    def fits(self, code: str) -> bool:
        """Whether the row is about a control code."""
        if self.entry:
            return self.entry in (code, *ancestors(code))
        if self.prefixes:
            return code.startswith(self.prefixes)
        return not self.third_digits or code[2:3] in tuple(self.third_digits)


@dataclass(frozen=True, slots=True)
class AgencyTable:
    """The rows, by priority: rows of one priority stand together, the first priority that fits counts."""

    rules: tuple[AgencyRule, ...]

    @classmethod
    def of(cls, rules: Iterable[AgencyRule]) -> "AgencyTable":
        """A table in the order of its priorities."""
        return cls(tuple(sorted(rules, key=lambda rule: (rule.priority, rule.agencies))))

    def of_entry(self, entry: ControlEntry) -> tuple[CompetentAgency, ...]:
        """The bodies for an entry, the deciding one first."""
        first = next((rule.priority for rule in self.rules if rule.fits(entry.code)), None)
        order = list(Necessity)
        found = (
            CompetentAgency(agency, rule.necessity, rule.basis, rule.basis_is_law)
            for rule in self.rules
            if rule.priority == first and rule.fits(entry.code)
            for agency in rule.agencies
        )
        return tuple(sorted(found, key=lambda each: (order.index(each.necessity), each.code)))
