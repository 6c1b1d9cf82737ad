"""Error consistency and accuracy of networks and people: writes alignment.json.

`kappas` and `shares` are of drawn answers: scikit-learn's Cohen's kappa of being right (error consistency is that), and scipy's Wilson interval.
`data_sets` are of real experiments, edges and silhouettes of Geirhos et al. (2019), which are not part of this repository: they are read from
the folder named with --human (DATA_SET/stimuli/CATEGORY/NAME.png, 224 x 224, and DATA_SET/responses/*.csv). Without it they are kept as they are.
`decisions` are the categories, by their place in the alphabet's order, that a network gives to the pictures in the order of their paths; the
networks run in float64 on the weights as they are shipped (rounded to float16).
"""

import argparse
import csv
import itertools
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from common import HERE, ROOT, read_json, write_json
from networks import NAMES, load

SEED = 20250702
# 16-class-ImageNet: ImageNet's classes of each category, torchvision's numbers, first and last of each run.
CATEGORIES = {
    "airplane": [(404, 404)],
    "bear": [(294, 297)],
    "bicycle": [(444, 444), (671, 671)],
    "bird": [(8, 8), (10, 16), (18, 20), (22, 24), (80, 83), (87, 96), (98, 100), (127, 133), (135, 145)],
    "boat": [(472, 472), (554, 554), (625, 625), (814, 814), (914, 914)],
    "bottle": [(440, 440), (720, 720), (737, 737), (898, 899), (901, 901), (907, 907)],
    "car": [(436, 436), (511, 511), (817, 817)],
    "cat": [(281, 286)],
    "chair": [(423, 423), (559, 559), (765, 765), (857, 857)],
    "clock": [(409, 409), (530, 530), (892, 892)],
    "dog": [(152, 191), (193, 203), (205, 226), (228, 241), (243, 250), (252, 257), (259, 259), (261, 263), (265, 268)],
    "elephant": [(385, 386)],
    "keyboard": [(508, 508), (878, 878)],
    "knife": [(499, 499)],
    "oven": [(766, 766)],
    "truck": [(555, 555), (569, 569), (656, 656), (675, 675), (717, 717), (734, 734), (864, 864), (867, 867)],
}
NUMBERS = [[n for first, last in spans for n in range(first, last + 1)] for spans in CATEGORIES.values()]


def kappa(a: np.ndarray, b: np.ndarray) -> float:
    """Cohen's kappa of being right, and 1 where two always agree, which scikit-learn leaves undefined if neither ever changes."""
    return 1.0 if np.array_equal(a, b) else float(cohen_kappa_score(a, b))


def drawn() -> dict:
    random = np.random.default_rng(SEED)
    kappas = []
    for count in [1, 2, 7, 40, 160, 160, 160, 1280]:
        p, q, together = random.uniform(size=3)
        a = random.uniform(size=count) < p
        b = np.where(random.uniform(size=count) < together, a, random.uniform(size=count) < q)
        kappas.append({"a": "".join("01"[int(x)] for x in a), "b": "".join("01"[int(x)] for x in b), "kappa": kappa(a, b)})
    kappas.append({"a": "1111", "b": "1111", "kappa": 1.0})
    kappas.append({"a": "1111", "b": "0000", "kappa": kappa(np.ones(4, bool), np.zeros(4, bool))})
    shares = []
    for right, of in [(0, 1), (1, 1), (0, 160), (160, 160), (1, 10), (22, 160), (87, 160), (1280, 1281), (37, 50000)]:
        low, high = binomtest(right, of).proportion_ci(0.95, method="wilson")
        shares.append({"right": right, "of": of, "low": float(low), "high": float(high)})
    return {"kappas": kappas, "shares": shares}


def decide(probabilities: np.ndarray) -> int:
    return int(np.argmax([probabilities[numbers].mean() for numbers in NUMBERS]))


def people(folder: Path) -> dict[str, dict[str, bool]]:
    """Observer, picture's name, whether the answer is right."""
    answers: dict[str, dict[str, bool]] = {}
    for path in sorted(folder.glob("*.csv")):
        for row in csv.DictReader(path.open()):
            row = {key.lower(): value for key, value in row.items()}
            answers.setdefault(row["subj"], {})[row["imagename"].split("_")[-1]] = row["object_response"] == row["category"]
    return answers


def data_set(folder: Path, cache: Path) -> dict:
    paths = sorted((folder / "stimuli").glob("*/*.png"))
    observers = people(folder / "responses")
    names = [path.name for path in paths]
    right = {name: np.array([answers[picture] for picture in names]) for name, answers in observers.items()}
    pairs = [kappa(right[a], right[b]) for a, b in itertools.combinations(sorted(right), 2)]
    found = {
        "pictures": len(paths),
        "observers": sorted(right),
        "ceiling": float(np.mean(pairs)),
        "human_accuracy": float(np.mean([value.mean() for value in right.values()])),
        "networks": {},
    }
    for name in NAMES:
        network = load(name, cache, half=True)
        decisions = []
        for path in paths:
            pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float64)
            values = torch.from_numpy(((pixels - np.array(network.mean)) / network.std).transpose(2, 0, 1)[None].copy())
            with torch.no_grad():
                decisions.append(decide(torch.softmax(network.module(values)[0], 0).numpy()))
        truth = [list(CATEGORIES).index(path.parent.name) for path in paths]
        own = np.array(decisions) == np.array(truth)
        with_each = [kappa(own, right[observer]) for observer in sorted(right)]
        found["networks"][name] = {
            "decisions": decisions,
            "accuracy": float(own.mean()),
            "with_observers": with_each,
            "error_consistency": float(np.mean(with_each)),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "sweetspot-golden", help="folder for downloaded packages")
    parser.add_argument("--human", type=Path, default=ROOT.parent / "shared" / "human", help="folder of the experiments (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    if arguments.human.is_dir():
        data_sets = {name: data_set(arguments.human / name, arguments.cache) for name in ["edge", "silhouette"]}
    else:
        data_sets = read_json("alignment.json")["data_sets"] if (HERE / "alignment.json").exists() else {}
    write_json(__file__, "alignment.json", {"seed": SEED, **drawn(), "data_sets": data_sets})


if __name__ == "__main__":
    main()
