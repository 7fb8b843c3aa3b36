"""The consultation desk as it is set up: its policy, and the calendar of working days."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from services.classification.domain.inquiry import DeskPolicy
from services.classification.reference_files import REFERENCE
from services.foundation.working_days import WorkingDayCalendar


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk counts with; immutable, shared by every thread."""

    policy: DeskPolicy
    calendar: WorkingDayCalendar


def read_desk(calendar_file: Path | None = None, folder: Path = REFERENCE) -> Desk:
    """Reads the policy as shipped, and the calendar with an operator's later notice laid over it."""
    read = tomllib.loads((folder / "inquiry_desk.toml").read_text(encoding="utf-8"))
    return Desk(DeskPolicy(read["target_working_days"]), WorkingDayCalendar.load(calendar_file))
