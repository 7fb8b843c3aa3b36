"""The process of the approval worker: `python -m services.approval`.

`python -m services.approval rebuild` starts the workflow of every open subject that has none, once, for a
Temporal whose store was lost; the running worker does the same within a minute by itself.
"""

import asyncio
import sys

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from services.approval.activities.housekeeping import open_subjects
from services.approval.activities.services import CALLED, Services
from services.approval.reconciliation import reconcile
from services.approval.worker import (
    activities,
    build_worker,
    ensure_rescreening,
    ensure_schedule,
    schedule_lost,
)
from services.foundation.identity import ServiceCredential
from services.foundation.settings import Settings
from services.foundation.temporal import ensure_namespace, run_process
from services.foundation.tracing import configure_logging

PAUSE_SECONDS = 1.0
# How often the worker asks whether Temporal still has its store.
WATCH_SECONDS = 5.0

_log = structlog.get_logger()


async def work(settings: Settings, services: Services, stopping: asyncio.Event) -> int:
    """Runs the worker until told to stop, however often Temporal goes away or loses its store."""
    stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        connecting = asyncio.create_task(
            ensure_namespace(settings.temporal_address, settings.temporal_namespace)
        )
        await asyncio.wait({stop, connecting}, return_when=asyncio.FIRST_COMPLETED)
        if not connecting.done():
            connecting.cancel()
            break
        client = connecting.result()
        try:
            await _run(client, services, stop)
        except (RPCError, RuntimeError) as error:
            _log.error("worker_failed", error=str(error))
            await asyncio.wait({stop}, timeout=PAUSE_SECONDS)
    _log.info("stopped")
    return 0


async def _run(client: Client, services: Services, stop: "asyncio.Task[bool]") -> None:
    """Runs one worker until told to stop or until Temporal lost its store; raises what else ended it."""
    await ensure_schedule(client)
    await ensure_rescreening(client)
    worker = build_worker(client, activities(services, client))
    running = asyncio.create_task(worker.run())
    watching = asyncio.create_task(_until_store_lost(client))
    _log.info("working", task_queue=worker.task_queue)
    await asyncio.wait({stop, running, watching}, return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    if not running.done():
        await worker.shutdown()
    await running


async def _until_store_lost(client: Client) -> None:
    """Returns once Temporal came back without its store: nothing would reconcile it with the record."""
    while not await schedule_lost(client):
        await asyncio.sleep(WATCH_SECONDS)
    _log.error("temporal_store_lost", namespace=client.namespace)


async def rebuild(settings: Settings, services: Services) -> int:
    """Wakes every open subject that no running workflow has caught up with, and says how many."""
    client = await ensure_namespace(settings.temporal_address, settings.temporal_namespace)
    kicked = await reconcile(client, open_subjects(services))
    await ensure_rescreening(client)
    _log.info("rebuilt", kicked=kicked)
    return 0


def main() -> int:
    """Wires the process; returns its exit code."""
    configure_logging("approval")
    settings = Settings.from_environment()
    credential = ServiceCredential(settings.issuer_url, settings.client_id, settings.client_secret)
    services = Services.at({service: settings.address(service) for service in CALLED}, credential.token)
    try:
        if sys.argv[1:] == ["rebuild"]:
            return run_process(lambda _: rebuild(settings, services))
        return run_process(lambda stopping: work(settings, services, stopping), settings.heartbeat_file)
    finally:
        services.close()


if __name__ == "__main__":
    sys.exit(main())
