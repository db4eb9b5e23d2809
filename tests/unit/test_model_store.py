"""The model store's own part: full disks, two fetches at once, stamps, and the commands."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from errors import GeneratorUnavailable
from models import __main__ as cli
from models import sources, store
from tests.unit.fake_sources import BIG, CONFIG, Hub, Pip, hub, names, pip, room

__all__ = ["hub", "pip", "room"]  # fixtures: importing them is what switches them on


# --------------------------------------------------------- disks and locks


def test_too_little_disk_is_told_before_anything_is_fetched(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4_000))
    with pytest.raises(GeneratorUnavailable, match=r"hubbed needs 0\.0 MB of disk.*VITRINE_CACHE.*models fetch hubbed"):
        store.fetch("hubbed")
    assert hub.gets() == []


@pytest.mark.parametrize("model_id", ["hubbed", "single", "parted"])
def test_disk_that_fills_while_writing(model_id: str, hub: Hub, pip: Pip, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(out: Any, chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sources, "write", full)
    with pytest.raises(GeneratorUnavailable, match=f"disk became full.*{model_id}.*are free.*models fetch {model_id}"):
        store.fetch(model_id)
    assert not store.is_here(model_id)
    assert not {f.name for f in store.files(model_id)} & names(room / model_id)


def test_cache_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("VITRINE_CACHE", str(tmp_path / "taken"))
    with pytest.raises(GeneratorUnavailable, match="single can't be kept.*VITRINE_CACHE"):
        store.fetch("single")


def test_two_fetches_at_once_download_and_hash_once(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    complete = store._complete
    completed: list[str] = []

    def counted(model_id: str, folder: Path, report: sources.Report) -> None:
        completed.append(model_id)
        complete(model_id, folder, report)

    monkeypatch.setattr(store, "_complete", counted)
    pip.before = lambda requirement: time.sleep(0.2)
    threads = [threading.Thread(target=store.fetch, args=("single",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pip.asked == ["single==1"]
    assert completed == ["single"]
    assert store.verify("single")


# ------------------------------------------------------- stamps and checks


def test_stamped_model_is_not_hashed_again_and_an_edited_one_is(pip: Pip, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.fetch("single")
    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
        patch.setattr(store, "_only_one", lambda *_: pytest.fail("a cache that can only be read would fail here"))
        store.fetch("single")
    (room / "single" / "config.json").write_bytes(b"x" * len(CONFIG))
    os.utime(room / "single" / "config.json", (1, 1))
    assert store.problems("single")[0].startswith("config.json has sha256 ")
    assert not store.verify("single")
    store.fetch("single")
    assert store.verify("single")


def test_model_without_stamp_is_hashed_once_and_needs_no_source(room: Path) -> None:
    (room / "hubbed").mkdir(parents=True)
    (room / "hubbed" / "big.gguf").write_bytes(BIG)
    assert store.fetch("hubbed").read_bytes() == BIG
    assert store.STAMP in names(room / "hubbed")


def test_wrong_file_of_the_right_size_is_not_used_when_no_source_answers(room: Path) -> None:
    (room / "hubbed").mkdir(parents=True)
    (room / "hubbed" / "big.gguf").write_bytes(b"x" * len(BIG))
    with pytest.raises(GeneratorUnavailable):
        store.fetch("hubbed")
    with pytest.raises(GeneratorUnavailable, match="not on this machine"):
        store.path("hubbed")


def test_missing_beside_file_makes_the_model_missing(pip: Pip, room: Path) -> None:
    store.fetch("single")
    (room / "single" / "config.json").unlink()
    with pytest.raises(GeneratorUnavailable, match="single is not on this machine"):
        store.path("single")
    assert store.problems("single") == ["config.json is missing"]


# ---------------------------------------------------------------- commands


def test_list_shows_what_is_here(pip: Pip, capsys: pytest.CaptureFixture[str]) -> None:
    store.fetch("single")
    assert cli.main(["list"]) == 0
    states = {line.split()[0]: line.split()[3] for line in capsys.readouterr().out.splitlines()}
    assert states == {"id": "state", "hubbed": "missing", "single": "here", "parted": "missing"}


def test_verify_says_what_is_wrong_and_fails(pip: Pip, room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fetch", "single", "parted"]) == 0
    assert cli.main(["verify", "single", "parted"]) == 0
    (room / "single" / "model.bin").write_bytes(b"short")
    capsys.readouterr()
    assert cli.main(["verify", "single", "parted"]) == 1
    said = capsys.readouterr()
    assert f"single: model.bin has 5 bytes; the catalogue says {len(BIG)}" in said.out
    assert "parted: verified" in said.out
    assert "python -m models fetch single" in said.err


def test_mistyped_id_is_told_before_anything_is_fetched(pip: Pip, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fetch", "single", "../oops"]) == 1
    assert "No model is called '../oops'; known are: hubbed, single, parted" in capsys.readouterr().err
    assert pip.asked == []


def test_stopped_fetch_tells_how_to_go_on(pip: Pip, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stops(requirement: str) -> None:
        raise KeyboardInterrupt

    pip.before = stops
    assert cli.main(["fetch", "parted"]) == 130
    assert "go on with: python -m models fetch parted" in capsys.readouterr().err


def test_real_catalogue_pins_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for model_id, entry in store.entries().items():
        repo, _, revision = entry["upstream"].partition(" at ")
        assert repo.count("/") == 1 and len(bytes.fromhex(revision)) == 20, model_id
        assert all(len(bytes.fromhex(f.sha256)) == 32 and f.size > 0 for f in store.files(model_id)), model_id
        assert entry["licence"] and entry["use"] and entry["pack"], model_id
