"""How soon every page of the portal answers among ten thousand applications. Run with `make bench-pages`.

Every page that can be opened by GET is opened by somebody who may, one after the other and by several people at
once; the figures are those of whole answers over HTTP, the portal's session and all RPCs included.
"""

import functools
import os
import pathlib
import shutil
import signal
import tempfile

import psycopg
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc

from services.foundation.principal import Role
from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.people import stub
from services.launcher.demo.stories import ORGANISATION
from services.launcher.platform import Platform
from tests.bench.measure import Timing, concurrently
from tests.bench.multiplying import Original, multiply
from tests.journeys.portal.conftest import World, populate
from tests.journeys.portal.permissions import EXPECTED, PATHS
from tests.journeys.portal.permissions.roles import ACCOUNTS
from tests.support.browsing import Browser

APPLICATIONS = 10_000
DAYS = 360
ROUNDS = 40
USERS = 4
# These would take up the copies as cases that somebody must look after.
_STOPPED = ("approval", "sealer")
# Limited per address, and the limit is meant.
_LIMITED = frozenset({"verification", "sign_in"})
# Who opens a page if several may: those with the most to see.
_PREFERRED = (Role.MINISTRY_OFFICER, Role.EXPORTER, Role.AGENCY_REVIEWER, Role.PROVINCIAL_OFFICER)


def main() -> None:
    """Prints a line a page, the slowest first."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="xuke-bench-"))
    folder.chmod(0o755)
    platform = Platform(folder, first_port=None)
    platform.start()
    try:
        measure(platform)
    finally:
        for name in _STOPPED:
            os.kill(platform.process_ids[name], signal.SIGCONT)
        platform.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(platform: Platform) -> None:
    """Fills the databases and opens the pages."""
    cast = Cast(platform.people, SilentNarrator())
    world = populate(platform.addresses.url("portal"), cast)
    cases = originals(cast)
    for name in _STOPPED:
        os.kill(platform.process_ids[name], signal.SIGSTOP)
    fill(platform, cases)
    print(f"machine: {os.cpu_count()} processors, shared by the platform and the load")
    print(f"{'page':<34} {'one person':>34}   {f'{USERS} people at once':>34}")
    measured = sorted(
        ((endpoint, *open_page(world, endpoint)) for endpoint in PATHS if endpoint not in _LIMITED),
        key=lambda one: -one[1].percentile(0.95),
    )
    for endpoint, alone, together in measured:
        print(f"{endpoint:<34} {figures(alone)}   {figures(together)}")
    for what, timings in (("one person", [m[1] for m in measured]), ("together", [m[2] for m in measured])):
        worst = max(timing.percentile(0.95) for timing in timings)
        print(f"worst p95, {what}: {worst * 1000:.0f} ms = {worst / 0.3:.2f} of 300 ms")


def originals(cast: Cast) -> list[Original]:
    """Every case that has been submitted, and one more that waits at the province."""
    waiting = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-WAITING"), list(PAPERS))
    checks_pass(cast, waiting)
    reviews = stub(cast.people, "ministry.officer", "licensing", application_pb2_grpc.ReviewServiceStub)
    found = reviews.ListCases(a.ListCasesRequest(page_size=200)).cases
    cases = [reviews.GetCase(a.GetCaseRequest(application_id=one.application_id)) for one in found]
    return [Original(one.application_id, one.number, one.licence_number) for one in cases]


def fill(platform: Platform, cases: list[Original]) -> None:
    """Copies the cases until there are ten thousand."""
    for service in ("licensing", "consultation"):
        with psycopg.connect(
            host="127.0.0.1",
            port=platform.addresses.ports["postgres"],
            user="postgres",
            dbname=f"xuke_{service}",
            autocommit=True,
        ) as connection:
            multiply(connection, cases, APPLICATIONS // len(cases), DAYS)
            for table in ("application", "audit_event", "licence", "task", "notification"):
                if connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,):
                    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                    print(f"{service}: {row[0] if row else 0} rows in {table}")


@functools.cache
def signed_in(base: str, account: str) -> Browser:
    """A browser in which an account is signed in."""
    browser = Browser(base)
    browser.sign_in(account)
    return browser


def open_page(world: World, endpoint: str) -> tuple[Timing, Timing]:
    """The times of a page for one person, and for several at once."""
    # A page for everybody shows an exporter the most.
    roles = EXPECTED[endpoint] or {Role.EXPORTER}
    role = next((one for one in _PREFERRED if one in roles), next(iter(roles)))
    browser = signed_in(world.base, ACCOUNTS[role])
    path = PATHS[endpoint].format(**vars(world))

    def look() -> None:
        page = browser.get(path)
        if page.status != 200:
            raise RuntimeError(f"{path} answered {page.status}")

    look()
    return concurrently(1, [look] * ROUNDS), concurrently(USERS, [look] * ROUNDS)


def figures(timing: Timing) -> str:
    """Median, 95th percentile and the slowest, in milliseconds."""
    values = (timing.percentile(0.5), timing.percentile(0.95), max(timing.each))
    return "p50 {:6.1f}  p95 {:6.1f}  max {:6.1f}".format(*(value * 1000 for value in values))


if __name__ == "__main__":
    main()
