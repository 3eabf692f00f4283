"""How long help takes, as a multiple of an empty Python: medians of interleaved runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def once(*args: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(runs: int = 15) -> None:
    empty, help_ = [], []
    for _ in range(runs):
        empty.append(once("-c", "pass"))
        help_.append(once("-m", "xfkh", "--help"))
    base, ours = statistics.median(empty), statistics.median(help_)
    print(f"empty Python {base * 1000:.0f} ms, xfkh --help {ours * 1000:.0f} ms: {ours / base:.1f} times")


if __name__ == "__main__":
    main()
