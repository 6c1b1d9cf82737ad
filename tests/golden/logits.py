"""The logits of both networks on all inputs: writes logits.json and logits_NETWORK.npy.

The arrays have the shape [inputs, 2, 1000]: the original float32 weights, and the same weights rounded to float16.
"""

from pathlib import Path

import numpy as np
from scipy.special import softmax

from common import HERE, cache_folder, read_json, write_json
from networks import LABELS, NAMES, load

VARIANTS = ["original", "float16"]


def top5(logits: np.ndarray) -> list[dict]:
    """The five largest logits, equal ones in the order of their index."""
    probabilities = softmax(logits)
    best = np.argsort(-logits, kind="stable")[:5]
    return [
        {"index": int(i), "label": LABELS[i], "logit": round(float(logits[i]), 6), "probability": round(float(probabilities[i]), 6)}
        for i in best
    ]


def record_network(name: str, cache: Path, inputs: list[str]) -> dict:
    variants = [load(name, cache, half=variant == "float16") for variant in VARIANTS]
    logits = np.array([[network.logits(input_name) for network in variants] for input_name in inputs])
    np.save(HERE / f"logits_{name}.npy", logits.astype(np.float32))
    largest = np.abs(logits[:, 0] - logits[:, 1]).max()
    best = {
        input_name: {variant: top5(logits[row, column]) for column, variant in enumerate(VARIANTS)}
        for row, input_name in enumerate(inputs)
    }
    recipe = {"mean": list(variants[0].mean), "std": variants[0].std}
    return {"recipe": recipe, "largest_difference": float(largest), "top5": best}


def main() -> None:
    cache = cache_folder(__doc__)
    inputs = [{"name": entry["name"], "sha256": entry["sha256"]} for entry in read_json("inputs.json")["inputs"]]
    networks = {name: record_network(name, cache, [entry["name"] for entry in inputs]) for name in NAMES}
    write_json(__file__, "logits.json", {"inputs": inputs, "variants": VARIANTS, "networks": networks})


if __name__ == "__main__":
    main()
