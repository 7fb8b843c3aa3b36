"""Every route of the interface, declared once: the application, its OpenAPI document and its page are made of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from xuke.licensing.v1 import licence_pb2

from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role

READS: Final = "customs:status"
WRITES_OFF: Final = "customs:writeoff"
SCOPES: Final = (READS, WRITES_OFF)

_CUSTOMS_SERVICE: Final = licence_pb2.DESCRIPTOR.services_by_name["CustomsService"]


def _success(_: Message) -> int:
    return 200


def write_off_status(answer: Message) -> int:
    """200 if every line was accepted, 409 if none was, 207 if some were: each line is judged on its own."""
    assert isinstance(answer, licence_pb2.WriteOffResponse)
    accepted = {result.accepted for result in answer.results}
    return 207 if len(accepted) == 2 else 200 if accepted == {True} else 409


@dataclass(frozen=True)
class Route:
    """One route: a method of licensing's CustomsService as a resource of the web.

    Fields of the request that stand neither in the path nor in the query form the JSON body. Raises
    ValueError for a route without one of the scopes: nothing is open to everybody by oversight.
    """

    name: str
    verb: str
    path: str
    rpc: str
    scope: str
    query: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (200,)
    status_of: Callable[[Message], int] = _success

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            raise ValueError(f"{self.name}: declare one of the scopes {', '.join(SCOPES)}")

    @cached_property
    def method(self) -> MethodDescriptor:
        """The method of licensing behind the route."""
        return _CUSTOMS_SERVICE.methods_by_name[self.rpc]

    @property
    def permission(self) -> Permission:
        """Who may use the route; licensing checks it again."""
        return allow(Role.CUSTOMS_OFFICER, scopes=(self.scope,))

    @cached_property
    def in_path(self) -> tuple[str, ...]:
        """Names of the fields that stand in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @cached_property
    def body(self) -> Mapping[str, FieldDescriptor]:
        """The fields of the JSON body by name; empty where the route takes none."""
        elsewhere = {*self.in_path, *self.query}
        return {field.name: field for field in self.method.input_type.fields if field.name not in elsewhere}

    @property
    def answer(self) -> Descriptor:
        """The message that the route answers with."""
        return self.method.output_type

    def new_request(self) -> Message:
        """An empty request of the method."""
        return GetMessageClass(self.method.input_type)()


def _write_off(verb: str, rpc: str) -> Route:
    return Route(
        f"{verb}Quantities",
        "POST",
        f"/v1/declarations/{{declaration_number}}:{verb}",
        rpc,
        WRITES_OFF,
        statuses=(200, 207, 409),
        status_of=write_off_status,
    )


ROUTES: Final[Sequence[Route]] = (
    Route("getLicenceStatus", "GET", "/v1/licences/{number}", "GetLicenceStatus", READS),
    Route("batchGetLicenceStatuses", "POST", "/v1/licences:batchStatus", "BatchGetLicenceStatuses", READS),
    Route(
        "listLicenceChanges",
        "GET",
        "/v1/licence-changes",
        "ListLicenceChanges",
        READS,
        query=("cursor", "page_size"),
    ),
    Route(
        "acknowledgeLicence", "POST", "/v1/licences/{number}:acknowledge", "AcknowledgeLicence", WRITES_OFF
    ),
    _write_off("reserve", "ReserveQuantities"),
    _write_off("commit", "CommitQuantities"),
    _write_off("release", "ReleaseQuantities"),
)
