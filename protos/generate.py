"""Generates the Python code beside the contracts, or proves that what is committed is fresh (--check)."""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SUFFIXES = ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb2_grpc.pyi")


def contracts() -> list[str]:
    """Paths of all contracts, relative to this folder."""
    return sorted(str(path.relative_to(HERE)) for path in HERE.rglob("*.proto"))


def generate(target: pathlib.Path) -> None:
    """Runs protoc over every contract; messages and stubs land in `target`."""
    services = [name for name in contracts() if "\nservice " in (HERE / name).read_text(encoding="utf-8")]
    # The plug-ins of mypy-protobuf stand beside the interpreter.
    environment = os.environ | {
        "PATH": f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    }
    protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{HERE}"]
    for outputs, names in (
        (["--python_out", "--mypy_out"], contracts()),
        (["--grpc_python_out", "--mypy_grpc_out"], services),
    ):
        command = [*protoc, *(f"{output}={target}" for output in outputs), *names]
        subprocess.run(command, cwd=HERE, env=environment, check=True, stderr=subprocess.DEVNULL)


def generated(folder: pathlib.Path) -> dict[str, bytes]:
    """Content of every generated file below `folder` by relative path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*_pb2*.py*")
        if path.name.endswith(SUFFIXES)
    }


def main() -> int:
    """Returns 0 if the generated code is (now) that of the contracts."""
    if "--check" not in sys.argv[1:]:
        generate(HERE)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder)
        generate(fresh)
        expected, found = generated(fresh), generated(HERE)
    stale = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    for name in stale:
        print(f"stale: protos/{name}; run `make protos`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
