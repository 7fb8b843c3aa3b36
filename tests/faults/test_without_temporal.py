"""People act while Temporal is down; the procedure catches up when it is back."""

from xuke.licensing.v1 import application_pb2 as a

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, activate, file_application, review_and_grant
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.stories import ORGANISATION


def test_exporters_and_officers_act_while_temporal_is_down(platform, people) -> None:
    cast = Cast(people, SilentNarrator())
    waiting = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-KR-1"), list(PAPERS))
    cast.province.wait_for_state(waiting, a.APPLICATION_STATE_PROVINCIAL_REVIEW)
    platform.kill("temporal")
    try:
        filed = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-KR-2"), list(PAPERS))
        assert cast.province.case(filed).state == a.APPLICATION_STATE_SUBMITTED
        forwarded = cast.province.forward(cast.province.case(waiting), "拟同意。")
        assert forwarded.state == a.APPLICATION_STATE_MINISTRY_INTAKE
        accepted = cast.ministry.accept(cast.ministry.case(waiting))
        assert accepted.state == a.APPLICATION_STATE_ACCEPTED
    finally:
        platform.restart("temporal")
    cast.province.wait_for_state(filed, a.APPLICATION_STATE_PROVINCIAL_REVIEW)
    activate(cast, review_and_grant(cast, filed, with_experts=False).licence_number)
