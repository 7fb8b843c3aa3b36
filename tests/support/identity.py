"""Tokens for tests: a real signing key and real verification, without an issuer's HTTP address."""

import time

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.foundation.identity import TokenVerifier
from services.foundation.principal import Principal, Role

ISSUER = "https://issuer.test"
AUDIENCE = "xuke"
_KEY = ECKey.generate_key("P-256", {"kid": "test"}, private=True)


def verifier() -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, lambda: KeySet([_KEY]))


def token(principal: Principal, lifetime_seconds: int = 600) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": principal.subject,
        "name": principal.name,
        "iat": now,
        "exp": now + lifetime_seconds,
        "scope": " ".join(sorted(principal.scopes)),
        "xuke_role": principal.role.value,
        "xuke_organisation": principal.organisation,
        "xuke_province": principal.province,
        "xuke_agency": principal.agency,
    }
    return jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY)


EXPORTER = Principal("exporter-1", "Zhao", Role.EXPORTER, organisation="91320100MA1XUKE016", province="32")
OTHER_EXPORTER = Principal(
    "exporter-2", "Qian", Role.EXPORTER, organisation="91440100MA1XUKE028", province="44"
)
AGENT = Principal("agent-1", "Wei", Role.AGENT, organisation="91320100MA1XUKE016", province="32")
PROVINCIAL_OFFICER = Principal("province-1", "Sun", Role.PROVINCIAL_OFFICER, province="32")
OTHER_PROVINCE = Principal("province-2", "Li", Role.PROVINCIAL_OFFICER, province="44")
MINISTRY_OFFICER = Principal("ministry-1", "Zhou", Role.MINISTRY_OFFICER)
SECOND_OFFICER = Principal("ministry-2", "Wu", Role.MINISTRY_OFFICER)
MINISTRY_DIRECTOR = Principal("director-1", "Zheng", Role.MINISTRY_DIRECTOR)
AGENCY_REVIEWER = Principal("agency-1", "Wang", Role.AGENCY_REVIEWER, agency="SASTIND")
OTHER_AGENCY = Principal("agency-2", "Feng", Role.AGENCY_REVIEWER, agency="CMC-EDD")
EXPERT = Principal("expert-1", "Chen", Role.EXPERT)
CUSTOMS_OFFICER = Principal(
    "customs-1", "Chu", Role.CUSTOMS_OFFICER, scopes=frozenset({"customs:status", "customs:writeoff"})
)
ENFORCEMENT_OFFICER = Principal("enforcement-1", "Jiang", Role.ENFORCEMENT_OFFICER)
LIST_EDITOR = Principal("editor-1", "Shen", Role.LIST_EDITOR)
SECOND_EDITOR = Principal("editor-2", "Tang", Role.LIST_EDITOR)
AUDITOR = Principal("auditor-1", "Han", Role.AUDITOR)
PROCEDURE = Principal("service:approval", "approval", Role.PROCEDURE)
PORTAL = Principal("service:portal", "portal", Role.PORTAL)
NOTIFIER = Principal("service:notifier", "notifier", Role.NOTIFIER)

ONE_OF_EACH_ROLE = (
    EXPORTER,
    AGENT,
    PROVINCIAL_OFFICER,
    MINISTRY_OFFICER,
    MINISTRY_DIRECTOR,
    AGENCY_REVIEWER,
    EXPERT,
    CUSTOMS_OFFICER,
    ENFORCEMENT_OFFICER,
    LIST_EDITOR,
    AUDITOR,
    PROCEDURE,
    PORTAL,
    NOTIFIER,
)
