"""Which agencies object to a licence, over all rounds of consultation (会商) of an application."""

from collections.abc import Iterable

from services.licensing.domain.findings import ConsultationSummary

# Word of the consultation service for an opinion against the licence.
REFUSE = "REFUSE"


def objecting_agencies(rounds: Iterable[ConsultationSummary]) -> tuple[str, ...]:
    """The agencies whose latest opinion in the closed rounds, given in order, is against the licence.

    An objection stands until the same agency gives another opinion: a later round that leaves the agency out,
    or in which it does not answer, takes nothing back.
    """
    latest = {
        summary.agency: summary.opinion for closed in rounds for summary in closed.opinions if summary.opinion
    }
    return tuple(agency for agency, opinion in latest.items() if opinion == REFUSE)
