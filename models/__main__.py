"""python -m models list | fetch [--pack standard|light|all] [ID ...] | verify [ID ...] | path ID

Ids win over `--pack`. Exit code 0 means all is well, 1 that a model is missing, wrong or can't be had, 130 that it was stopped.
"""

from __future__ import annotations

import argparse
import sys

from errors import GeneratorUnavailable
from models import sources, store

HEAD = ("id", "MB", "licence", "state", "pack", "use")


def table() -> str:
    """The catalogue as people read it."""
    rows = [HEAD] + [
        (
            model_id,
            f"{store.size(model_id) / 1e6:.0f}",
            str(row["licence"]),
            "here" if store.is_here(model_id) else "missing",
            ", ".join(row["pack"]),
            str(row["use"]),
        )
        for model_id, row in store.entries().items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    form = "  ".join(f"{{:{'>' if name == 'MB' else '<'}{width}}}" for name, width in zip(HEAD, widths, strict=True))
    return "\n".join(form.format(*row).rstrip() for row in rows)


def check(ids: list[str]) -> int:
    """Hashes every file of the models, prints what it finds, and gives the exit code."""
    wrong = []
    for model_id in ids:
        found = store.problems(model_id)
        print(f"{model_id}: {'; '.join(found) or 'verified'}")
        wrong += [model_id] if found else []
    if wrong:
        print(f"{len(wrong)} of {len(ids)} are missing or wrong. Get them: python -m models fetch {' '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "fetch", "verify", "path"])
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--pack", choices=["standard", "light", "all"], default="standard")
    given = parser.parse_args(arguments)
    if given.command == "path" and not given.ids:
        parser.error("path needs the id of a model; see: python -m models list")
    ids: list[str] = list(dict.fromkeys(given.ids)) or store.ids(given.pack)
    try:
        for model_id in ids:
            store.entry(model_id)  # a mistyped id is told before a gigabyte is fetched, not after
        if given.command == "list":
            print(table())
        elif given.command == "path":
            print("\n".join(str(store.path(model_id)) for model_id in ids))
        elif given.command == "verify":
            return check(ids)
        else:
            for model_id in ids:
                store.fetch(model_id, bars=True)
            total = sources.megabytes(sum(store.size(model_id) for model_id in ids))
            print(f"Here and verified: {', '.join(ids)} ({total})")
    except GeneratorUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped. What came so far is kept; go on with: python -m models fetch {' '.join(ids)}", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
