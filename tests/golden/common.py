"""What the golden-number scripts share: where things lie, the option they all take, and how JSON is written."""

import argparse
import hashlib
import json
import math
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
INPUTS = HERE / "inputs"


def cache_folder(description: str) -> Path:
    """Reads the command line of a script that needs the weights and returns the folder that keeps the downloads."""
    parser = argparse.ArgumentParser(description=description)
    default = Path(tempfile.gettempdir()) / "sweetspot-golden"
    parser.add_argument("--cache", type=Path, default=default, help="folder for downloaded packages (default: %(default)s)")
    folder = parser.parse_args().cache
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _scalar(value) -> bool:
    return not isinstance(value, (dict, list, tuple))


def _layout(value, indent: str) -> str:
    """JSON with one entry a line, except that lists and small objects of plain values stay on one line."""
    inner = indent + " "
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("JSON has no number for " + str(value))
    if isinstance(value, dict):
        if len(value) <= 8 and all(map(_scalar, value.values())) and indent:
            return json.dumps(value)
        entries = [f"{inner}{json.dumps(key)}: {_layout(entry, inner)}" for key, entry in value.items()]
        return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
    if isinstance(value, (list, tuple)) and not all(map(_scalar, value)):
        return "[\n" + ",\n".join(inner + _layout(entry, inner) for entry in value) + f"\n{indent}]"
    return json.dumps(value)


def write_json(script: str, name: str, value: dict) -> None:
    """Writes `value` to `name` beside the scripts, with the script's own name first."""
    made_by = "tests/golden/" + Path(script).name
    (HERE / name).write_text(_layout({"made_by": made_by, **value}, "") + "\n")


def read_json(name: str) -> dict:
    return json.loads((HERE / name).read_text())
