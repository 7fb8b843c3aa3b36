import asyncio
from pathlib import Path

from services.foundation import temporal


def test_a_process_without_a_port_shows_that_it_lives(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"

    async def main(stopping: asyncio.Event) -> int:
        while not file.exists():
            await asyncio.sleep(0)
        return 7

    assert temporal.run_process(main, file) == 7


def test_a_heartbeat_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path) -> None:
    async def main(stopping: asyncio.Event) -> int:
        await asyncio.sleep(0)
        return 0

    assert temporal.run_process(main, tmp_path / "absent" / "heartbeat") == 0
