"""`xuke explain`: one entry of the control list held against parameters, without a running platform."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from services.launcher.commands.output import CHINA, Refusing, console, json_option, literal, now, print_json

if TYPE_CHECKING:
    from services.classification.explaining import Explanation

_SIGNS = {"TRUE": "✓", "FALSE": "✗", "UNKNOWN": "?"}
_STYLES = {"TRUE": "green", "FALSE": "red", "UNKNOWN": "yellow"}


@click.command("explain", cls=Refusing)
@click.argument("code")
@click.argument("parameters", default="")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The legal day; today in China without it.")
@click.option("--destination", default="", help="Country code of the destination, for example KR.")
@json_option
def command(code: str, parameters: str, as_of: datetime | None, destination: str, as_json: bool) -> None:
    """Hold PARAMETERS ("name=value unit; ...") against the entry CODE and show each line of the law.

    The item is taken to be what the entry describes: met (✓), not met (✗), not known (?).
    """
    # Reading the tables takes a moment, and only this command needs them.
    from services.classification.batch import classifier_of
    from services.classification.explaining import explain

    day = as_of.date() if as_of else now().astimezone(CHINA).date()
    found = explain(code, parameters, classifier_of(day), destination.upper())
    if as_json:
        print_json(_as_json(found, day.isoformat()))
    else:
        _show(found, day.isoformat())


def _as_json(found: "Explanation", day: str) -> dict[str, object]:
    from services.classification.sentences import remark_text

    return {
        "code": found.entry.code,
        "as_of": day,
        "status": found.status.value,
        "outcome": found.outcome.name,
        "findings": [finding.value for finding in found.findings],
        "announcement": found.entry.source.announcement,
        "conditions": [
            {
                "depth": line.depth,
                "kind": line.word,
                "about": line.about,
                "path": line.path,
                "quote": line.quote,
                "given": line.given,
                "limit": line.limit,
                "truth": line.truth.value,
                "near_limit": line.near_limit,
                "faults": list(line.faults),
            }
            for line in (found.ruling.conditions if found.ruling else ())
        ],
        "missing": [missing.name_zh for missing in (found.ruling.missing if found.ruling else ())],
        "legal_regimes": [
            {
                "regime": each.regime.value,
                "track": each.track.value,
                "basis": f"{each.instrument} {each.article}",
            }
            for each in found.regimes
        ],
        "customs_remark": remark_text(found.remark).zh if found.remark else "",
    }


def _show(found: "Explanation", day: str) -> None:
    from services.classification.sentences import remark_text
    from services.foundation.messages import render

    entry = found.entry
    console.print(literal(f"{entry.code}  {entry.name_zh}  {entry.name_en}".rstrip(), "bold"))
    console.print(literal(f"{entry.source.title}  {day}  {found.status.value}"))
    console.print(literal(found.outcome.name, "bold"))
    for each in found.regimes:
        console.print(
            literal(f"  {each.regime} {each.track} {each.text_zh}（{each.instrument} {each.article}）")
        )
    for finding in found.findings:
        console.print(literal(f"  {render(finding.value).zh}"))
    if found.ruling is None:
        console.print(literal(f"  {entry.parameters_zh or entry.parameters_en or entry.name_zh}"))
    for line in found.ruling.conditions if found.ruling else ():
        words = line.quote or line.about
        compared = f"  {line.given or '—'} | {line.limit}" if line.limit or line.given else ""
        near = "  ≈" if line.near_limit else ""
        faults = f"  [{', '.join(line.faults)}]" if line.faults else ""
        console.print(
            literal(
                f"{'  ' * (line.depth + 1)}{_SIGNS[line.truth]} {line.word}: {words}{compared}{near}{faults}",
                _STYLES[line.truth],
            )
        )
    for missing in found.ruling.missing if found.ruling else ():
        console.print(literal(f"  → {missing.name_zh} / {missing.name_en}", "yellow"))
    if found.remark is not None:
        console.print(literal(f"  {remark_text(found.remark).zh}"))
