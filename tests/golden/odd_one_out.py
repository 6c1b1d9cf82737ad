"""Writes odd_one_out.json: how alike both ImageNet networks find the eight inputs, and which of every three is the odd one out.

Features are PyTorch's in float64, of the networks with float16-rounded weights, averaged over places; cosines are scikit-learn's.
"""

from importlib.metadata import version
from itertools import combinations

import numpy as np
from common import cache_folder, read_json, write_json
from discovery import TAPS, features
from networks import NAMES, load
from sklearn.metrics.pairwise import cosine_similarity


def odd(cosines: np.ndarray, three: tuple[int, ...]) -> dict:
    """The one that is not of the most alike two, and how far ahead of the next pair they are."""
    pairs = {one: cosines[tuple(at for at in three if at != one)] for one in three}
    order = sorted(pairs, key=pairs.get, reverse=True)
    return {"images": list(three), "odd": order[0], "margin": float(pairs[order[0]] - pairs[order[1]])}


def main() -> None:
    cache = cache_folder(__doc__)
    names = [one["name"] for one in read_json("inputs.json")["inputs"]]
    found = {}
    for name in NAMES:
        network = load(name, cache, half=True)
        found[name] = {}
        for tap, _ in TAPS[name]:
            pooled = np.stack([features(network, tap, network.input(image).numpy()).mean(axis=(1, 2)) for image in names])
            cosines = cosine_similarity(pooled)
            found[name][tap] = {
                "cosines": cosines.tolist(),
                "triplets": [odd(cosines, three) for three in combinations(range(len(names)), 3)],
            }
    packages = ("numpy", "scikit-learn", "timm", "torch", "torchvision")
    write_json(__file__, "odd_one_out.json", {"made_with": {one: version(one) for one in packages}, "networks": found})


if __name__ == "__main__":
    main()
