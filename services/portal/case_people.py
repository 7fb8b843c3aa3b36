"""Who is who in a case: the names that licensing knows of the people whom the case mentions."""

from typing import Final

from xuke.licensing.v1 import application_pb2 as a

from services.portal.language import choose, shown

# A program of the platform acts under its own account.
_PROGRAM: Final = "service:"


def person_name(case: a.Case, subject: str) -> str:
    """The name of a person or program; the subject itself of somebody who never signed in."""
    if subject.startswith(_PROGRAM):
        return shown("Program", subject.removeprefix(_PROGRAM))
    if subject not in case.people:
        return subject
    name = case.people[subject]
    return choose(name.zh, name.en) or subject
