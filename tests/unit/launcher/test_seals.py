"""`xuke doctor` and a record that was tampered with, on a real database with its real sealer."""

import datetime
from pathlib import Path

from services.launcher.health import checks
from services.launcher.health.finding import Finding, Status
from services.launcher.platform import Platform
from services.launcher.processes import TABLE
from services.launcher.readiness import wait_until

NEEDED = ("postgres", "migrations", "issuer", "sealer")
WRITE = """
    INSERT INTO audit_event (event_id, occurred_at, actor_subject, actor_role, actor_organisation, action,
        subject_type, subject_id, subject_sequence, payload, trace_id)
    VALUES (gen_random_uuid(), %s, 'somebody', 'auditor', '', 'note', 'application', '1', %s, '{}', '')
"""


def seal_of(platform: Platform, service: str) -> Finding:
    (finding,) = [one for one in checks.seals(platform.place) if one.subject == service]
    return finding


def test_a_sealed_row_that_is_gone_is_told_at_once(state_path: Path) -> None:
    platform = Platform(state_path, None, table=[row for row in TABLE if row.name in NEEDED])
    platform.start()
    try:
        with platform.place.postgres.connect("xuke_licensing") as connection:
            for sequence in (1, 2):
                connection.execute(WRITE, (datetime.datetime.now(datetime.UTC), sequence))
        assert wait_until(lambda: seal_of(platform, "licensing").figures.get("unsealed") == "0", 20)
        assert seal_of(platform, "licensing").status is Status.OK
        with platform.place.postgres.connect("xuke_licensing") as connection:
            connection.execute("DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)")
        assert wait_until(lambda: seal_of(platform, "licensing").reason == "SEAL_STOPPED", 20)
        told = seal_of(platform, "licensing")
        assert told.status is Status.DOWN
        assert "verify-audit" in told.sentence.zh
        assert "verify-audit" in told.sentence.en
        assert told.figures["cause"]
        # The other databases are well, and a sealer that cannot be asked hides nothing of what can be seen.
        assert seal_of(platform, "screening").status is Status.OK
        platform.kill("sealer")
        assert seal_of(platform, "screening").status is Status.OK
    finally:
        platform.stop()
