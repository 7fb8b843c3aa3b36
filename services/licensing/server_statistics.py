"""StatisticsService over gRPC: figures for managers."""

from datetime import timedelta
from typing import NamedTuple

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.licensing.v1 import application_pb2, statistics_pb2, statistics_pb2_grpc

from services.foundation.database import Database
from services.foundation.grpc_server import Registration, current_call
from services.foundation.permissions import allow
from services.foundation.principal import Call, Role
from services.licensing.application_context import ApplicationContext
from services.licensing.domain.working_day_ranks import WorkingDayRanks
from services.licensing.recent_answers import RecentAnswers
from services.licensing.statistics_service import Statistics, get_statistics

STATISTICS_PERMISSIONS = {
    "GetStatistics": allow(
        Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR
    ),
}


class _Question(NamedTuple):
    """What the figures depend on: all that row-level security knows of those admitted, and the request."""

    role: Role
    own_province: str
    submitted_from: str
    submitted_to: str
    province: str


class StatisticsServicer(statistics_pb2_grpc.StatisticsServiceServicer):
    """See the contract."""

    def __init__(self, database: Database, context: ApplicationContext, lifetime: timedelta) -> None:
        self._database = database
        self._context = context
        self._ranks = WorkingDayRanks.of(context.calendar)
        self._recent: RecentAnswers[_Question, statistics_pb2.Statistics] = RecentAnswers(lifetime)

    def GetStatistics(
        self, request: statistics_pb2.GetStatisticsRequest, context: grpc.ServicerContext
    ) -> statistics_pb2.Statistics:
        call = current_call()
        question = _Question(
            call.principal.role,
            call.principal.province,
            request.submitted_from,
            request.submitted_to,
            request.province,
        )
        return self._recent.get(question, call.now, lambda: self._compute(call, request))

    def _compute(self, call: Call, request: statistics_pb2.GetStatisticsRequest) -> statistics_pb2.Statistics:
        with self._database.begin(call) as work:
            return _message(
                get_statistics(
                    work,
                    self._context,
                    self._ranks,
                    request.submitted_from,
                    request.submitted_to,
                    request.province,
                )
            )


def statistics_registration(
    database: Database, context: ApplicationContext, lifetime: timedelta
) -> Registration:
    """StatisticsService with its permissions; figures are computed anew once they are older than `lifetime`."""
    return Registration(
        statistics_pb2.DESCRIPTOR.services_by_name["StatisticsService"],
        statistics_pb2_grpc.add_StatisticsServiceServicer_to_server,
        StatisticsServicer(database, context, lifetime),
        STATISTICS_PERMISSIONS,
    )


def _message(computed: Statistics) -> statistics_pb2.Statistics:
    as_of = Timestamp()
    as_of.FromDatetime(computed.as_of)
    return statistics_pb2.Statistics(
        as_of=as_of,
        states=[
            application_pb2.StateCount(
                state=application_pb2.ApplicationState.Value(f"APPLICATION_STATE_{state}"), count=cases
            )
            for state, cases in computed.states.items()
        ],
        provinces=[
            statistics_pb2.ProvinceCount(
                province=province, open=tally.open, concluded=tally.concluded, overdue=tally.overdue
            )
            for province, tally in computed.provinces.items()
        ],
        months=[
            statistics_pb2.MonthCount(month=month, submitted=submitted, decided=decided)
            for month, submitted, decided in computed.months
        ],
        durations=[
            statistics_pb2.StageDuration(
                stage=each.stage,
                cases=each.cases,
                median_working_days=each.median,
                ninetieth_percentile_working_days=each.ninetieth_percentile,
                limit_working_days=each.limit,
                beyond_limit=each.beyond_limit,
                not_countable=each.not_countable,
            )
            for each in computed.durations
        ],
        reconciliations=[
            statistics_pb2.Reconciliation(
                figure=each.figure, in_tables=each.in_tables, in_ledger=each.in_ledger
            )
            for each in computed.reconciliations
        ],
        destinations=[
            statistics_pb2.DestinationCount(
                destination=destination,
                applications=counted.applications,
                granted=counted.granted,
                refused=counted.refused,
            )
            for destination, counted in computed.destinations
        ],
        codes=[
            statistics_pb2.CodeCount(
                control_code=code,
                applications=counted.applications,
                granted=counted.granted,
                refused=counted.refused,
            )
            for code, counted in computed.codes
        ],
        unpublished_years=computed.unpublished_years,
    )
