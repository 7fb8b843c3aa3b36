"""Prints what the platform costs on this machine: figures and ratios, no verdict. Run with `make bench`."""

import os
import pathlib
import shutil
import tempfile
import time
from collections.abc import Callable

import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import licence_pb2 as li
from xuke.licensing.v1 import licence_pb2_grpc

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, activate, file_application, review_and_grant
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.people import ask, stub
from services.launcher.demo.stories import ORGANISATION, declaration_numbers
from services.launcher.platform import Platform
from tests.bench.measure import Timing, concurrently, for_a_while

USERS = 10
APPLICATIONS = 40
READERS = 8
READ_SECONDS = 4.0
RESERVATIONS = 600
BATCH = 100


def megabytes(process_id: int) -> float:
    """Memory of a process and the processes it started, each shared page counted once (Linux, PSS)."""
    total, waiting = 0.0, [process_id]
    while waiting:
        folder = pathlib.Path("/proc") / str(waiting.pop())
        try:
            lines = (folder / "smaps_rollup").read_text().splitlines()
            for task in (folder / "task").iterdir():
                waiting.extend(int(child) for child in (task / "children").read_text().split())
        except FileNotFoundError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def show(what: str, timing: Timing) -> None:
    print(f"{what:<58} {timing}")


def main() -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="xuke-bench-"))
    folder.chmod(0o755)
    platform = Platform(folder, first_port=None)
    started = time.perf_counter()
    platform.start()
    try:
        print(f"{'start of the whole platform, empty folder':<58} {time.perf_counter() - started:.2f} s")
        measure(platform)
        memory = {name: megabytes(pid) for name, pid in platform.process_ids.items()}
        print(f"{'memory of all processes, after the load':<58} {sum(memory.values()):.0f} MB")
        for name, size in sorted(memory.items(), key=lambda one: -one[1]):
            print(f"    {name:<20} {size:7.0f} MB")
    finally:
        platform.stop()
    again = time.perf_counter()
    platform = Platform(folder, first_port=None)
    platform.start()
    print(f"{'start of the whole platform, existing state':<58} {time.perf_counter() - again:.2f} s")
    platform.stop()
    shutil.rmtree(folder, ignore_errors=True)


def measure(platform: Platform) -> None:
    cast = Cast(platform.people, SilentNarrator())
    print(f"machine: {os.cpu_count()} processors, shared by the platform and the load")
    human_acts(cast)
    licence = review_and_grant(cast, prepared(cast), with_experts=False)
    activate(cast, licence.licence_number)
    customs_reads(platform, licence.licence_number)
    reservations(platform, licence.licence_number)


def prepared(cast: Cast) -> str:
    """An application that waits at the province."""
    application_id = file_application(
        cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-KR-BENCH"), list(PAPERS)
    )
    cast.province.wait_for_state(application_id, a.APPLICATION_STATE_PROVINCIAL_REVIEW)
    return application_id


def human_acts(cast: Cast) -> None:
    """Drafts and submissions by ten users at once; then how soon the procedure has reacted to each."""
    made: list[str] = []

    def draft() -> None:
        made.append(cast.exporter.draft(dossier(ORGANISATION, KOREAN_END_USER, "ZJ-KR-BENCH")).application_id)

    show(f"human act: draft recorded, {USERS} users at once", concurrently(USERS, [draft] * APPLICATIONS))
    for application_id in made:
        cast.exporter.attach(application_id, list(PAPERS))
    submitted: dict[str, float] = {}

    def submit(application_id: str) -> Callable[[], None]:
        def act() -> None:
            cast.exporter.submit(application_id)
            submitted[application_id] = time.perf_counter()

        return act

    show(
        f"human act: submission recorded (read + write), {USERS} at once",
        concurrently(USERS, [submit(one) for one in made]),
    )
    reactions = []
    for application_id in made:
        cast.province.wait_for_state(application_id, a.APPLICATION_STATE_PROVINCIAL_REVIEW)
    for application_id in made:
        checked = cast.province.case(application_id).history
        instants = {entry.state: entry.occurred_at.ToNanoseconds() for entry in checked}
        reactions.append((instants["PROVINCIAL_REVIEW"] - instants["SUBMITTED"]) / 1e9)
    show(
        f"reaction of the procedure (checks done), burst of {APPLICATIONS}",
        Timing(reactions, max(reactions)),
    )
    single = []
    for _ in range(10):
        application_id = prepared(cast)
        instants = {
            entry.state: entry.occurred_at.ToNanoseconds()
            for entry in cast.province.case(application_id).history
        }
        single.append((instants["PROVINCIAL_REVIEW"] - instants["SUBMITTED"]) / 1e9)
    show("reaction of the procedure, one at a time", Timing(single, sum(single)))
    forward = [
        lambda one=one: cast.province.forward(cast.province.case(one), "拟同意。")  # type: ignore[misc]
        for one in made
    ]
    show(f"human act: forwarded (read + write), {USERS} at once", concurrently(USERS, forward))


def customs_reads(platform: Platform, number: str) -> None:
    """Status reads against the bare gRPC call of the same server and the bare read of the same database."""
    people = platform.people
    customs = stub(people, "customs.officer", "licensing", licence_pb2_grpc.CustomsServiceStub)
    health = health_pb2_grpc.HealthStub(people.channel("customs.officer", "licensing"))
    request = li.GetLicenceStatusRequest(number=number)
    batch = li.BatchGetLicenceStatusesRequest(numbers=[number] * BATCH)
    bare = for_a_while(READERS, READ_SECONDS, lambda: lambda: health.Check(health_pb2.HealthCheckRequest()))
    status = for_a_while(READERS, READ_SECONDS, lambda: lambda: customs.GetLicenceStatus(request))
    batched = for_a_while(READERS, READ_SECONDS, lambda: lambda: customs.BatchGetLicenceStatuses(batch))
    rest = for_a_while(
        READERS,
        READ_SECONDS,
        lambda: lambda: people.customs().request("GET", f"/v1/licences/{number}"),
    )
    database = for_a_while(READERS, READ_SECONDS, lambda: bare_read(platform, number))
    show("bare gRPC call on the same server (health)", bare)
    show("bare PostgreSQL read of the licence row (psycopg)", database)
    show("customs: GetLicenceStatus over gRPC", status)
    show(f"customs: BatchGetLicenceStatuses of {BATCH}", batched)
    show("customs: status over REST", rest)
    print(f"    ratio status read / bare gRPC          {status.rate / bare.rate:6.2f}")
    print(f"    ratio status read / bare database read {status.rate / database.rate:6.2f}")
    print(f"    ratio licences by batch / one by one   {batched.rate * BATCH / status.rate:6.2f}")


def bare_read(platform: Platform, number: str) -> Callable[[], object]:
    connection = psycopg.connect(
        host="127.0.0.1",
        port=platform.addresses.ports["postgres"],
        user="postgres",
        dbname="xuke_licensing",
        autocommit=True,
    )
    return lambda: connection.execute("SELECT * FROM licence WHERE number = %s", (number,)).fetchone()


def reservations(platform: Platform, number: str) -> None:
    """One declaration with many lines reserves on one licence line from eight clients at once."""
    customs = stub(platform.people, "customs.officer", "licensing", licence_pb2_grpc.CustomsServiceStub)
    declaration = next(declaration_numbers())

    def reserve(line: int) -> Callable[[], None]:
        def act() -> None:
            answer = ask(
                customs.ReserveQuantities,
                li.WriteOffRequest(
                    declaration_number=declaration,
                    lines=[
                        li.WriteOffLine(
                            declaration_line=line,
                            licence_number=number,
                            licence_line=1,
                            quantity="1",
                            unit="kg",
                            hs_code="2841801000",
                        )
                    ],
                ),
            )
            if not answer.results[0].accepted:
                raise RuntimeError(answer.results[0].reason)

        return act

    show(
        f"reservations on one contended licence, {READERS} clients",
        concurrently(READERS, [reserve(line + 1) for line in range(RESERVATIONS)]),
    )


if __name__ == "__main__":
    main()
