"""The process of the approval worker: `python -m services.approval`.

`python -m services.approval rebuild` starts the workflow of every open subject that has none, once, for a
Temporal whose store was lost; the running worker does the same within a minute by itself.
"""

import asyncio
import sys

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from services.approval.activities.housekeeping import open_subjects
from services.approval.activities.services import CALLED, Services
from services.approval.reconciliation import reconcile
from services.approval.worker import activities, build_worker, ensure_schedule
from services.foundation.identity import ServiceCredential
from services.foundation.settings import Settings
from services.foundation.temporal import ensure_namespace, run_process
from services.foundation.tracing import configure_logging

PAUSE_AFTER_FAILURE_SECONDS = 1.0

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
            await asyncio.wait({stop}, timeout=PAUSE_AFTER_FAILURE_SECONDS)
    _log.info("stopped")
    return 0


async def _run(client: Client, services: Services, stop: "asyncio.Task[bool]") -> None:
    """Runs one worker until told to stop; raises what ended it otherwise."""
    await ensure_schedule(client)
    worker: Worker = build_worker(client, activities(services, client))
    running = asyncio.create_task(worker.run())
    _log.info("working", task_queue=worker.task_queue)
    await asyncio.wait({stop, running}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        await worker.shutdown()
    await running


async def rebuild(settings: Settings, services: Services) -> int:
    """Wakes every open subject that no running workflow has caught up with, and says how many."""
    client = await ensure_namespace(settings.temporal_address, settings.temporal_namespace)
    kicked = await reconcile(client, open_subjects(services))
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
        return run_process(lambda stopping: work(settings, services, stopping))
    finally:
        services.close()


if __name__ == "__main__":
    sys.exit(main())
