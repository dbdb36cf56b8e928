"""Times whole commands against a peer in the same run: medians of several rounds, and the ratio round by round.

The peer of an assessment is python-hcl2 loading the same Terraform files, which is the part every tool of this kind
shares; the peer of a start is an empty Python. Rounds alternate, so that a slower machine slows both alike.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "dynamodb_schemas"
PYTHON = sys.executable
READINESS = [PYTHON, "-m", "bbws_readiness"]
LOAD = "import glob, hcl2\nfor path in glob.glob('{}/terraform/**/*.tf', recursive=True): hcl2.load(open(path))"

PAIRS = [
    ("start: readiness --version", [*READINESS, "--version"], "python -c pass", [PYTHON, "-c", "pass"]),
    ("rules: readiness explain IDX001", [*READINESS, "explain", "IDX001"], "python -c pass", [PYTHON, "-c", "pass"]),
    (
        "assess: the example, six files written",
        [*READINESS, "assess", "sit", str(EXAMPLE), "-q", "--as-of", "2026-01-07", "--output-dir", "{out}"],
        "python-hcl2 loads its .tf files",
        [PYTHON, "-c", LOAD.format(EXAMPLE)],
    ),
]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as out:
        for name, command, peer_name, peer in PAIRS:
            ours = [part.format(out=out) if part == "{out}" else part for part in command]
            seconds(ours), seconds(peer)
            pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
            mine = statistics.median(own for own, _ in pairs)
            theirs = statistics.median(other for _, other in pairs)
            ratio = statistics.median(own / other for own, other in pairs)
            print(f"{name:<42} {mine * 1000:7.0f} ms   {peer_name:<34} {theirs * 1000:7.0f} ms   ratio {ratio:5.2f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"largest process: {peak} MiB; median of {rounds} rounds")


if __name__ == "__main__":
    main()
