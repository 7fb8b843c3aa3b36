import json
import socket
from pathlib import Path

from services.launcher.ports import free_ports, is_free, keep_ports


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(is_free(port) for port in ports)


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert not is_free(listener.getsockname()[1])


def test_ports_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = keep_ports(file, ["a", "b"], None)
    assert keep_ports(file, ["a", "b"], None) == first


def test_the_preferred_row_is_used_where_it_is_free(tmp_path: Path) -> None:
    start = next(port for port in range(20_000, 30_000) if is_free(port) and is_free(port + 1))
    assert keep_ports(tmp_path / "ports.json", ["a", "b"], start) == {"a": start, "b": start + 1}


def test_a_port_taken_by_another_program_is_replaced_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        file.write_text(json.dumps({"a": taken}))
        chosen = keep_ports(file, ["a"], None)["a"]
    assert chosen != taken
    assert json.loads(file.read_text()) == {"a": chosen}


def test_no_two_names_share_a_port(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    port = free_ports(1)[0]
    file.write_text(json.dumps({"a": port, "b": port}))
    ports = keep_ports(file, ["a", "b"], None)
    assert ports["a"] != ports["b"]
