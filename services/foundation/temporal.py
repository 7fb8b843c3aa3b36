"""What every process that talks to Temporal shares: connecting, the namespace, kicks, and leaving.

Temporal is the clock and the conductor, never the record: every process here keeps trying while it is down,
and its whole store may be deleted and rebuilt from the services' records.
"""

import asyncio
import pathlib
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import structlog
from google.protobuf.duration_pb2 import Duration
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client, GrpcCompression
from temporalio.common import SearchAttributeKey, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from services.foundation.ledger import Kick

if TYPE_CHECKING:
    from temporalio.api.enums.v1 import IndexedValueType

TASK_QUEUE = "xuke-approval"
KICK_SIGNAL = "kick"
# Temporal's own default of 24 hours would take the history of a case from the operators within a day.
RETENTION = timedelta(days=3650)

# For operators only. Temporal stores them in clear: words, numbers and instants, no names and no goods.
STATE = SearchAttributeKey.for_keyword("XukeState")
SEQUENCE = SearchAttributeKey.for_int("XukeSequence")
DUE_AT = SearchAttributeKey.for_datetime("XukeDueAt")
SEARCH_ATTRIBUTES = (STATE, SEQUENCE, DUE_AT)

_RPC_TIMEOUT = timedelta(seconds=3)
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 2.0
# Threads of the client's core that still end while the interpreter is torn down abort the process in about
# one exit of eight (temporalio/sdk-python issue 300). After this pause none was seen to.
_SETTLE_SECONDS = 0.2
# How often a process without a port shows that its loop still turns; the probe allows several times as much.
HEARTBEAT_SECONDS = 5.0

_log = structlog.get_logger()


async def connect(address: str, namespace: str) -> Client:
    """A client of the frontend at host:port; waits for as long as nothing answers there."""
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            # Compression costs a fifth of the throughput where server and worker share a machine.
            connecting = Client.connect(address, namespace=namespace, grpc_compression=GrpcCompression.NONE)
            # A server that accepts and is not ready to answer would otherwise be waited for without end.
            return await asyncio.wait_for(connecting, _RPC_TIMEOUT.total_seconds())
        except (RPCError, RuntimeError, TimeoutError) as error:
            _log.warning("temporal_unreachable", address=address, error=str(error))
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


async def ensure_namespace(address: str, namespace: str) -> Client:
    """Registers the namespace with its retention and search attributes where they are missing.

    Idempotent; waits while Temporal is down. Returns a connected client. Nothing may run in the namespace
    before: a workflow that sets an unregistered search attribute fails its task until it is registered.
    """
    client = await connect(address, namespace)
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            await _register(client, namespace)
            return client
        except RPCError as error:
            _log.warning("namespace_not_ready", namespace=namespace, error=str(error))
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


async def _register(client: Client, namespace: str) -> None:
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    try:
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=namespace), timeout=_RPC_TIMEOUT
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        request = RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=retention)
        try:
            await client.workflow_service.register_namespace(request, timeout=_RPC_TIMEOUT)
        except RPCError as refused:
            if refused.status is not RPCStatusCode.ALREADY_EXISTS:
                raise
    else:
        if described.config.workflow_execution_retention_ttl.ToTimedelta() < RETENTION:
            update = UpdateNamespaceRequest(namespace=namespace)
            update.config.workflow_execution_retention_ttl.CopyFrom(retention)
            await client.workflow_service.update_namespace(update, timeout=_RPC_TIMEOUT)
    await _register_search_attributes(client, namespace)


async def _register_search_attributes(client: Client, namespace: str) -> None:
    listing = ListSearchAttributesRequest(namespace=namespace)
    known = await client.operator_service.list_search_attributes(listing, timeout=_RPC_TIMEOUT)
    missing = {
        # The client's enumeration carries the numbers of the contract's.
        key.name: cast("IndexedValueType.ValueType", int(key.indexed_value_type))
        for key in SEARCH_ATTRIBUTES
        if key.name not in known.custom_attributes
    }
    if missing:
        request = AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
        await client.operator_service.add_search_attributes(request, timeout=_RPC_TIMEOUT)


async def kick(client: Client, wake: Kick, sequence: int, task_queue: str = TASK_QUEUE) -> None:
    """Wakes a workflow, starting it where none runs: `wake.source` has events up to `sequence`.

    Repeating it, or sending it late, is harmless: the workflow pulls the record, and one that finds its
    subject concluded ends at once, which is why a closed workflow id may be started again. Errors: RPCError
    where Temporal did not accept it.
    """
    subject = wake.workflow_id.partition("/")[2]
    await client.start_workflow(
        wake.workflow,
        subject,
        id=wake.workflow_id,
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal=KICK_SIGNAL,
        start_signal_args=[wake.source, sequence],
        rpc_timeout=_RPC_TIMEOUT,
    )


def run_process(
    main: Callable[[asyncio.Event], Awaitable[int]], heartbeat: pathlib.Path | None = None
) -> int:
    """Runs the main coroutine of a process and returns its exit code.

    The event it is given is set by SIGTERM and SIGINT. While the loop turns, the file `heartbeat` is touched
    every HEARTBEAT_SECONDS, so that a prober learns of a process that hangs although it listens nowhere.
    Leaves only once the client's threads have settled.
    """
    try:
        return asyncio.run(_until_signal(main, heartbeat))
    finally:
        time.sleep(_SETTLE_SECONDS)


async def _until_signal(
    main: Callable[[asyncio.Event], Awaitable[int]], heartbeat: pathlib.Path | None
) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    beating = asyncio.create_task(_beat(heartbeat)) if heartbeat is not None else None
    try:
        return await main(stopping)
    finally:
        if beating is not None:
            beating.cancel()


async def _beat(file: pathlib.Path) -> None:
    """Touches the file without end; one that cannot be touched is logged, and the prober sees it age."""
    while True:
        try:
            file.touch()
        except OSError as error:
            _log.error("heartbeat_failed", file=str(file), error=str(error))
        await asyncio.sleep(HEARTBEAT_SECONDS)
