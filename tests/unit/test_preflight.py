"""Preflight: each check passes where it should, and otherwise names the value and the way out."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from models import preflight, store


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VITRINE_CACHE", str(tmp_path / "not" / "made" / "yet"))
    return tmp_path


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize(("version", "level"), [((3, 10), "error"), ((3, 11), "ok"), ((3, 14), "ok"), ((2, 7), "error")])
def test_python(version: tuple[int, int], level: str) -> None:
    found = preflight.check_python(version)
    assert found.level == level
    assert f"Python {version[0]}.{version[1]}" in found.text
    assert ("3.11 or newer" in found.text) == (level == "error")


def test_disk_counts_what_is_missing_and_the_largest_model_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [store.size(model_id) for model_id in store.ids("standard")]
    need = sum(sizes) + max(sizes)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=need - 1))
    found = preflight.check_disk("standard")
    assert found.level == "error"
    assert f"need {need / 1e9:.1f} GB" in found.text and "VITRINE_CACHE" in found.text
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=need))
    assert preflight.check_disk("standard").level == "ok"


def test_disk_is_no_matter_when_the_models_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    assert preflight.check_disk("light").level == "error"
    monkeypatch.setattr(store, "is_here", lambda _: True)
    assert preflight.check_disk("light").level == "ok"


def test_memory_shortage_is_a_warning_with_the_smaller_pack() -> None:
    found = preflight.check_memory("standard", (1_100_000_000, "memory free"))
    assert found == preflight.Finding("warning", "1.1 GB memory free; the standard pack needs about 2.9 GB. Try: PACK=light make demo")
    assert "PACK=light" not in preflight.check_memory("light", (100_000_000, "memory free")).text
    assert preflight.check_memory("standard", (2_900_000_000, "memory free")).level == "ok"
    assert preflight.check_memory("standard", None).level == "ok"


def test_memory_is_the_smaller_of_machine_and_container(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable:    4000000 kB\n")
    assert preflight.free_memory(tmp_path) == (4_096_000_000, "memory free")
    group = tmp_path / "sys" / "fs" / "cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("1000000\n")
    (group / "memory.current").write_text("700000\n")
    (group / "memory.stat").write_text("anon 1\ninactive_file 50000\n")
    assert preflight.free_memory(tmp_path) == (350_000, "memory free")
    (group / "memory.max").write_text("max\n")
    assert preflight.free_memory(tmp_path) == (4_096_000_000, "memory free")


def test_memory_without_proc_is_all_there_is_or_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}[name])
    assert preflight.free_memory(tmp_path) == (4_096_000, "memory in all")

    def unknown(name: str) -> int:
        raise ValueError(name)

    monkeypatch.setattr(os, "sysconf", unknown)
    assert preflight.free_memory(tmp_path) is None


def test_taken_port_is_an_error_with_a_free_one(taken: int) -> None:
    found = preflight.check_port(taken)
    assert found.level == "error"
    assert found.text.startswith(f"Port {taken} is taken. Try: PORT=")
    offered = int(found.text.split("PORT=")[1].split()[0])
    assert offered != taken and preflight.check_port(offered).level == "ok"


def test_port_of_a_server_on_all_addresses_is_taken() -> None:
    with socket.create_server(("", 0)) as server:
        assert preflight.check_port(server.getsockname()[1]).level == "error"


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_port_out_of_range(port: int) -> None:
    assert preflight.check_port(port).text.startswith(f"Port {port} does not exist: choose one from 1024 to 65535.")


def test_exit_code(taken: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**13))
    monkeypatch.setattr(preflight, "free_memory", lambda: (1, "memory free"))
    assert preflight.main(["--port", str(free_port()), "--pack", "light"]) == 0, "a warning alone stops nothing"
    assert "WARNING  0.0 GB memory free" in capsys.readouterr().err
    assert preflight.main(["--port", str(taken), "--pack", "light"]) == 1
    assert "ERROR    Port" in capsys.readouterr().err
