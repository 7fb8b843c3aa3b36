"""Exports to screen, and the refusals they meet."""

from collections.abc import Callable

import grpc
import pytest
from xuke.screening.v1 import screening_pb2 as messages

from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from tests.support.services import request_id

APPLICANT = messages.Party(
    role=messages.PARTY_ROLE_APPLICANT,
    name_zh="江苏钨业进出口有限公司",
    name_en="Jiangsu Tungsten Import & Export Co., Ltd.",
    country="CN",
)
KOREAN_END_USER = messages.Party(
    role=messages.PARTY_ROLE_END_USER,
    name_zh="韩国精密材料株式会社",
    name_en="Hanguk Precision Materials Co., Ltd.",
    country="KR",
)


def export(*parties: messages.Party, **fields: object) -> messages.ScreenRequest:
    given = {
        "request_id": request_id(),
        "subject": "applications/0198/1",
        "destination": "KR",
        "end_user_kind": messages.END_USER_KIND_CIVIL,
        "end_use_purpose": messages.END_USE_PURPOSE_CIVIL,
        "end_use": "Cutting tools",
    } | fields
    return messages.ScreenRequest(parties=[APPLICANT, *parties], **given)


def party(name_zh: str = "", name_en: str = "", country: str = "KR", role: int = 0) -> messages.Party:
    return messages.Party(
        role=role or messages.PARTY_ROLE_END_USER, name_zh=name_zh, name_en=name_en, country=country
    )


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)
