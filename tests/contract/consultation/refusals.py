"""What a call was refused with."""

from collections.abc import Callable

import grpc
import pytest

from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error


def refusal(call: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return from_rpc_error(raised.value)
