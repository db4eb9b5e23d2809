"""python -m models list | fetch [--pack standard|light|all] [ID ...] | verify | path ID"""

from __future__ import annotations

import argparse
import sys

from errors import GeneratorUnavailable
from models import store


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m models")
    parser.add_argument("command", choices=["list", "fetch", "verify", "path"])
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--pack", choices=["standard", "light", "all"], default="standard")
    given = parser.parse_args()
    ids = given.ids or [k for k, e in store.entries().items() if given.pack == "all" or given.pack in e["pack"]]
    try:
        for model_id in ids if given.command != "list" else store.entries():
            entry = store.entries().get(model_id, {})
            if given.command == "list":
                print(f"{model_id:22} {entry['size'] >> 20:6} MB  {entry['licence']}  {entry['upstream']}")
            elif given.command == "path":
                print(store.path(model_id))
            elif given.command == "verify":
                print(f"{model_id}: {'verified' if store.verify(model_id) else 'missing or wrong'}")
            else:
                store.fetch(model_id, lambda n, of, m=model_id: print(f"{m}: part {n} of {of}", file=sys.stderr))  # type: ignore[misc]
    except GeneratorUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
