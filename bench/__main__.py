"""`python -m bench [MODULE …]`: run the benchmarks, print a line per figure, never fail."""

import importlib
import sys

from bench import print_line, reference

MODULES = ("businesstime", "importing", "escalation", "worker", "pages")


def main(names: tuple[str, ...]) -> None:
    """Run each module's `run()`; one that cannot be measured says why in a line of its own."""
    try:
        for name in names:
            _measure(name)
    finally:
        reference.close()


def _measure(name: str) -> None:
    try:
        for figure in importlib.import_module(f"bench.{name}").run():
            print_line(figure)
    except Exception as reason:
        print(f"bench {name}: not measured ({type(reason).__name__}: {reason})", flush=True)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or MODULES)
