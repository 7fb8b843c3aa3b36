"""The files of `reference/` as the domain wants them."""

import csv
import functools
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from services.foundation.messages import LocalizedText
from services.licensing.designation_files import read_designations
from services.licensing.domain.dossier_faults import Reference
from services.licensing.domain.due_diligence import DestinationDuties, DestinationDuty, DutyStage
from services.licensing.domain.export_conditions import (
    ConditionKind,
    ExportCondition,
    ExportConditions,
)
from services.licensing.domain.findings import LegalSource, NoticeKind, ScreeningVerdict
from services.licensing.domain.procedure import Confidence, ProcedureBook, parse_procedure
from services.licensing.domain.rescreening_effects import (
    Certainty,
    EffectRule,
    EffectRules,
    LicenceEffect,
)

REFERENCE = Path(__file__).resolve().parent / "reference"


def load_procedures(folder: Path = REFERENCE / "procedures") -> ProcedureBook:
    """Every version of every procedure. Raises KeyError or ValueError where a file is not of the form."""
    return ProcedureBook(
        tuple(
            parse_procedure(tomllib.loads(path.read_text(encoding="utf-8")))
            for path in sorted(folder.glob("*.toml"))
        )
    )


def load_reference(designations_file: Path | None = None) -> Reference:
    """Codes of countries (ISO 3166-1) and subheadings of the Harmonized System of 2022, and what exports need.

    Errors: those of `export_conditions`.
    """
    return Reference(
        countries=_column("country_codes.csv", "country"),
        hs_subheadings=_column("hs_codes.csv", "hs_subheading"),
        duties=destination_duties(),
        conditions=export_conditions(designations_file),
    )


@functools.cache
def destination_duties() -> DestinationDuties:
    """What destinations demand of an exporter, and from when to when."""
    with (REFERENCE / "destination_duties.csv").open(encoding="utf-8", newline="") as file:
        return DestinationDuties(
            tuple(
                DestinationDuty(
                    country=row["country"],
                    stages=frozenset(DutyStage(stage) for stage in row["stages"].split(";")),
                    source=LegalSource(row["instrument"], row["article"]),
                    confidence=Confidence(row["confidence"]),
                    effective_from=date.fromisoformat(row["effective_from"]),
                    effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
                )
                for row in csv.DictReader(file)
            )
        )


@functools.cache
def export_conditions(designations_file: Path | None = None) -> ExportConditions:
    """What exports of certain items need besides a licence, and which companies are designated.

    The designations are those shipped and those of an operator's file. Errors: see `read_designations`.
    """
    conditions = tuple(
        ExportCondition(
            condition_id=row["condition_id"],
            kind=ConditionKind(row["kind"]),
            pattern=row["pattern"],
            countries=frozenset(filter(None, row["countries"].split(";"))),
            source=LegalSource(row["instrument"], row["article"]),
            confidence=Confidence(row["confidence"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=_day(row["effective_to"]),
            enabled=row["enabled"] == "yes",
            text=LocalizedText(row["text_zh"], row["text_en"]),
        )
        for row in _rows("export_conditions.csv")
    )
    designating = {
        each.condition_id for each in conditions if each.kind is ConditionKind.EXPORTER_NOT_DESIGNATED
    }
    files = [REFERENCE / "designated_exporters.csv", *([designations_file] if designations_file else [])]
    return ExportConditions(
        conditions, tuple(each for file in files for each in read_designations(file, designating))
    )


@functools.cache
def rescreening_effects() -> EffectRules:
    """What a later screening does to a licence in use, by verdict and certainty."""
    with (REFERENCE / "rescreening_effects.csv").open(encoding="utf-8", newline="") as file:
        return {
            (ScreeningVerdict(row["verdict"]), Certainty(row["certainty"])): EffectRule(
                LicenceEffect(row["effect"]),
                LegalSource(row["instrument"], row["article"]),
                Confidence(row["confidence"]),
            )
            for row in csv.DictReader(file)
        }


@functools.cache
def notice_sources() -> Mapping[NoticeKind, tuple[LegalSource, ...]]:
    """The rules that notices of a kind rest on; a kind that is absent cites what was found in the case."""
    kinds = tomllib.loads((REFERENCE / "notice_sources.toml").read_text(encoding="utf-8"))
    return {
        NoticeKind(kind): tuple(LegalSource(row["instrument"], row["article"]) for row in rows)
        for kind, rows in kinds.items()
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _column(name: str, column: str) -> frozenset[str]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return frozenset(row[column] for row in csv.DictReader(file))
