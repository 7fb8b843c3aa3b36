"""How a case and an application look in a terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from xuke.consultation.v1 import consultation_pb2
from xuke.foundation.v1 import foundation_pb2
from xuke.licensing.v1 import application_pb2

from services.foundation.messages import render
from services.launcher.commands.output import due_day, literal, local_time
from services.launcher.commands.words import shown, word


def both(text: foundation_pb2.LocalizedText) -> str:
    """A text in both languages."""
    return " · ".join(filter(None, (text.zh, text.en)))


def _sentence(reason: str) -> str:
    """A reason as people read it, with its code; empty where there is none."""
    if not reason:
        return ""
    sentence = render(reason)
    return f"{reason}\n{sentence.zh}\n{sentence.en}" if sentence.zh != reason else reason


def facts(title: str, rows: Sequence[tuple[str, str]]) -> Table:
    """A small table of names and values; what is empty is left out."""
    table = _table(title, show_header=False)
    table.add_column("name", style="dim", no_wrap=True)
    table.add_column("value", overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(name, literal(value))
    return table


def listing(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Table]:
    """A table with a heading, or nothing where there are no rows."""
    if not rows:
        return []
    table = _table(title)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(literal(value) for value in row))
    return [table]


def _table(title: str, *, show_header: bool = True) -> Table:
    """Few lines, so that a narrow terminal has room for the words; what is too long goes on below."""
    return Table(
        title=literal(title, "bold"),
        title_justify="left",
        show_header=show_header,
        box=SIMPLE_HEAD,
        pad_edge=False,
    )


def clock_view(clock: application_pb2.Clock) -> Table:
    """The review clock: what counted, what did not, when it ends, or why no day can be named."""
    limit = "" if clock.no_statutory_limit else f"{clock.limit_working_days} 个工作日 · working days"
    exclusions = "; ".join(
        f"{word(application_pb2.ExclusionReason, one.reason)} {local_time(one.started_at)}"
        f" → {local_time(one.ended_at) or '…'} ({one.working_days})"
        for one in clock.exclusions
    )
    holders = "; ".join(f"{time.holder} {time.working_days}" for time in clock.holder_times)
    return facts(
        "审查期限 Review clock",
        [
            ("state", word(application_pb2.ClockState, clock.state)),
            ("limit", limit or "无法定期限 · no statutory limit"),
            ("started on", clock.started_on),
            ("counted", f"{clock.counted_working_days} (as of {clock.as_of})" if clock.as_of else ""),
            ("excluded", str(clock.excluded_working_days) if clock.excluded_working_days else ""),
            ("exclusions", exclusions),
            ("due", clock.due_date),
            ("why", both(clock.due_date_explanation)),
            ("working days held by", holders),
            ("source", f"{clock.source.instrument} {clock.source.article}".strip()),
        ],
    )


def _opinions(
    case: application_pb2.Case, rounds: Sequence[consultation_pb2.Round]
) -> list[tuple[str, str, str, str, str]]:
    if rounds:
        return [
            (
                f"{one.round_number}",
                task.agency + (" *" if task.mandatory else ""),
                word(consultation_pb2.TaskState, task.state),
                word(consultation_pb2.Opinion, task.opinion),
                local_time(task.answered_at) or f"due {due_day(task.due_at)}",
            )
            for one in rounds
            for task in one.tasks
        ]
    return [
        (
            f"{summary.round_number}",
            opinion.agency + (" *" if opinion.mandatory else ""),
            shown("TaskState", opinion.task_state),
            shown("Opinion", opinion.opinion),
            "",
        )
        for summary in case.consultations
        for opinion in summary.opinions
    ]


def case_view(case: application_pb2.Case, rounds: Sequence[consultation_pb2.Round]) -> RenderableType:
    """A case as reviewers see it."""
    decision = case.decision
    parts: list[RenderableType] = [
        facts(
            f"{case.number or case.application_id}",
            [
                ("id", case.application_id),
                ("state", word(application_pb2.ApplicationState, case.state)),
                ("waits because", _sentence(case.waiting_reason)),
                ("applicant", case.dossier.applicant.name_zh),
                ("destination", case.dossier.destination),
                (
                    "items",
                    "; ".join(
                        f"{item.line_number} {item.outcome} {' '.join(item.control_codes)}"
                        for item in case.classifications
                    ),
                ),
                ("screening", word(application_pb2.ScreeningVerdict, case.screening.verdict)),
                ("province", case.provincial_opinion),
                ("proposed by", f"{decision.proposed_by} {local_time(decision.proposed_at)}".strip()),
                (
                    "countersigned by",
                    f"{decision.countersigned_by} {local_time(decision.countersigned_at)}".strip(),
                ),
                ("licence", case.licence_number),
                ("you may", " ".join(case.allowed_actions)),
                ("submitted", local_time(case.submitted_at)),
                ("procedure", case.procedure_version),
            ],
        ),
        clock_view(case.clock),
    ]
    parts += listing(
        "截止 Deadlines",
        ("kind", "state", "due", "reminders"),
        [
            (
                deadline.kind,
                word(application_pb2.DeadlineState, deadline.state),
                due_day(deadline.due_at) or "—",
                str(deadline.reminders_sent),
            )
            for deadline in case.deadlines
        ],
    )
    parts += listing(
        "会商意见 Opinions (* mandatory 会同)",
        ("round", "agency", "task", "opinion", "when"),
        _opinions(case, rounds),
    )
    parts += listing(
        "经过 History",
        ("#", "when", "what", "who", "state after"),
        [
            (
                str(entry.sequence),
                local_time(entry.occurred_at),
                entry.action,
                f"{entry.actor} ({entry.actor_role})",
                shown("ApplicationState", entry.state),
            )
            for entry in case.history
        ],
    )
    return Group(*parts)


def application_view(application: application_pb2.Application) -> RenderableType:
    """An application as its applicant sees it."""
    status = application.status
    parts: list[RenderableType] = [
        facts(
            application.number or application.application_id,
            [
                ("id", application.application_id),
                ("state", word(application_pb2.PublicState, status.state)),
                ("due", status.due_date),
                ("why", both(status.due_date_explanation)),
                ("licence", application.licence_number),
                ("submitted", local_time(application.submitted_at)),
            ],
        )
    ]
    parts += listing(
        "请您补正 Asked of you",
        ("what", "field", "what to do"),
        [(one.code, one.field, both(one.text)) for one in status.asked_of_you],
    )
    parts += listing(
        "通知 Notices",
        ("when", "kind", "text"),
        [(local_time(one.issued_at), one.kind, both(one.text)) for one in application.notices],
    )
    return Group(*parts)
