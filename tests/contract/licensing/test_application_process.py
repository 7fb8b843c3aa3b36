"""The licensing process itself: both halves wired, serving, and gone without a crash."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from services.launcher.ports import free_ports
from services.licensing.document.development_authority import create_development_authority
from tests.conftest import ServiceDatabase


def test_serves_both_halves_and_stops(
    service_database: Callable[[str], ServiceDatabase], tmp_path: Path
) -> None:
    signing = tmp_path / "signing"
    create_development_authority(signing, datetime.now(UTC))
    address = f"127.0.0.1:{free_ports(1)[0]}"
    process = subprocess.Popen(
        [sys.executable, "-m", "services.licensing"],
        env=os.environ
        | {
            "XUKE_LICENSING_DATABASE_URL": service_database("licensing").url,
            "XUKE_LICENSING_ADDRESS": address,
            "XUKE_ISSUER_URL": "http://127.0.0.1:9",
            "XUKE_DOCUMENTS": str(tmp_path / "documents"),
            "XUKE_SIGNING": str(signing),
        },
    )
    try:
        with grpc.insecure_channel(address) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            answer = health.Check(health_pb2.HealthCheckRequest(), wait_for_ready=True, timeout=30)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
            names = set(ProtoReflectionDescriptorDatabase(channel).get_services())
        assert {
            f"xuke.licensing.v1.{name}"
            for name in (
                "ApplicationService",
                "ReviewService",
                "ProcedureService",
                "LicenceService",
                "LicenceProcedureService",
                "CustomsService",
            )
        } <= names
        process.terminate()
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
