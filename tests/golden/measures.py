"""Relevance mass and rank accuracy of small maps, computed from their definitions with numpy: writes measures.json.

* Mass accuracy: the sum of the map inside the mask over the sum of the map. Signed values count as they are.
* Rank accuracy: the share of the mask's K = |M| pixels among the K largest values; ties go to the lowest index.
"""

import numpy as np

from common import write_json

SEED = 20250702


def mass_accuracy(relevance: np.ndarray, mask: np.ndarray) -> float:
    return float(relevance[mask].sum() / relevance.sum())


def rank_accuracy(relevance: np.ndarray, mask: np.ndarray) -> float:
    count = int(mask.sum())
    largest = np.argsort(-relevance.flatten(), kind="stable")[:count]
    return float(mask.flatten()[largest].sum() / count)


def main() -> None:
    random = np.random.default_rng(SEED)
    height, width = 6, 7
    mask = np.zeros((height, width), dtype=bool)
    mask[1:4, 2:6] = True
    mask[4, 3] = True
    uniform = random.random((height, width))
    maps = {
        "random": uniform.round(4),
        "signed": (uniform - 0.3).round(4),
        "few-values": np.floor(uniform * 4),
        "constant": np.ones((height, width)),
        "the-mask-itself": mask.astype(float),
        "outside-the-mask": (~mask).astype(float),
    }
    cases = []
    for name, relevance in maps.items():
        scores = {
            "relevance_mass_accuracy": mass_accuracy(relevance, mask),
            "relevance_rank_accuracy": rank_accuracy(relevance, mask),
        }
        cases.append({"name": name, "map": relevance.tolist(), **scores})
    write_json(__file__, "measures.json", {"seed": SEED, "mask": mask.astype(int).tolist(), "cases": cases})


if __name__ == "__main__":
    main()
