"""What experts do who are asked for an opinion (Regulation 792 Art. 17(3))."""

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc, organisation_pb2_grpc
from xuke.licensing.v1 import organisation_pb2 as o

from services.launcher.clients import People
from services.launcher.demo.people import ask, new_request_id, stub

QUESTION = "请就钨粉粒度与所称民用刀片用途是否相符出具意见。"
OPINION = "粒度分布符合硬质合金刀片的通用要求，数量与产能相符。"


class Expert:
    """The account of an expert."""

    def __init__(self, people: People, account: str) -> None:
        self.account = account
        self._directory = stub(people, account, "licensing", organisation_pb2_grpc.DirectoryServiceStub)
        self._review = stub(people, account, "licensing", application_pb2_grpc.ReviewServiceStub)

    def sign_in(self) -> None:
        """Is known from then on, and can be asked."""
        ask(self._directory.RecordSignIn, o.RecordSignInRequest(name_zh="朱文", name_en="Zhu Wen"))

    def requests(self, application_id: str) -> list[a.ExpertRequest]:
        """What the expert is asked about a case."""
        case = ask(self._review.GetCase, a.GetCaseRequest(application_id=application_id))
        return list(case.expert_requests)

    def answer(self, application_id: str) -> a.ExpertRequest:
        """Gives the opinion that is waited for."""
        asked = next(one for one in self.requests(application_id) if one.answerable)
        request = a.SubmitExpertOpinionRequest(
            request_id=new_request_id(),
            application_id=application_id,
            expert_request_id=asked.expert_request_id,
            opinion=OPINION,
            declares_no_conflict_of_interest=True,
        )
        case = ask(self._review.SubmitExpertOpinion, request)
        return next(one for one in case.expert_requests if one.expert_request_id == asked.expert_request_id)
