"""Each notice with legal effect rests on a rule: on one of its kind, or on what was found in the case."""

from services.licensing.domain.findings import NoticeKind
from services.licensing.reference_files import notice_sources


def test_every_kind_of_notice_has_its_sources_or_those_of_the_case() -> None:
    cite_the_case = {NoticeKind.GATE_REFUSAL, NoticeKind.LAPSE}
    assert set(notice_sources()) == set(NoticeKind) - cite_the_case
    assert all(
        source.instrument and source.article for sources in notice_sources().values() for source in sources
    )


def test_a_refusal_names_the_duty_to_give_reasons_and_the_remedy() -> None:
    cited = [(source.instrument, source.article) for source in notice_sources()[NoticeKind.REFUSAL]]
    assert cited == [("行政许可法", "Art. 38"), ("出口管制法", "Art. 41")]
