"""Measures of a map alone, of a map and a mask, and of two maps: writes map_measures.json.

Each is computed from its definition with numpy and compared to scikit-learn, scipy, scikit-image and Quantus where they agree; where
Quantus differs by design its value is kept beside. What a definition leaves open or undefined is null.

* pointing_game: 1 if any of the largest values lies in the mask, or within `tolerance` pixels (Euclidean) of one of its pixels.
* energy_pointing_game: the share of the positive values' sum that lies in the mask.
* best_iou: the largest IoU(map >= t, mask) over all distinct values t, and the largest such t.
* auc: the area under the ROC curve of the map as a score of the mask's pixels; equal values count half.
* top_k_intersection: the share of the k largest values that lie in the mask; equal values by lower index first.
* gini: sum_i (2i - n - 1) a_i / (n sum a) of the sorted absolute values; Quantus adds 1e-7 after dividing by the largest.
* entropy: -sum p ln p, p = |a| / sum |a|; Quantus adds 1e-12 in the logarithm.
* effective_complexity: the number of |a| / max |a| > 1e-5; Quantus, unless told to normalise, compares |a| itself.
* spearman: of absolute values, equal ones sharing their mean rank.
* ssim: scikit-image, windows of 7 x 7, uniform weights, sample covariance, mean over the windows inside.
* sufficiency: among the other samples with a like map, the share with the same class.
"""

import warnings

import numpy as np
import quantus
from quantus.functions.normalise_func import normalise_by_max
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr
from skimage.metrics import structural_similarity
from sklearn.metrics import roc_auc_score

import formulas
from common import write_json

SEED = 20250702
TOLERANCES = (0, 1, 2)
COUNTS = (1, 3, 8)
LIKE = 0.6


# A map and a mask


def pointing_game(values: np.ndarray, mask: np.ndarray, tolerance: int) -> int:
    rows, columns = np.nonzero(values == values.max())
    mask_rows, mask_columns = np.nonzero(mask)
    squares = (rows[:, None] - mask_rows) ** 2 + (columns[:, None] - mask_columns) ** 2
    return int((squares <= tolerance**2).any())


def energy_pointing_game(values: np.ndarray, mask: np.ndarray) -> float | None:
    positive = np.maximum(values, 0)
    return None if positive.sum() == 0 else float(positive[mask].sum() / positive.sum())


def best_iou(values: np.ndarray, mask: np.ndarray) -> tuple[float, float]:
    overlaps = [(((values >= t) & mask).sum() / ((values >= t) | mask).sum(), t) for t in np.unique(values)]
    best, threshold = max(overlaps)
    return float(best), float(threshold)


def top_k_intersection(values: np.ndarray, mask: np.ndarray, count: int) -> float:
    largest = np.argsort(-values.flatten(), kind="stable")[:count]
    return float(mask.flatten()[largest].mean())


def place(values: np.ndarray, mask: np.ndarray) -> dict:
    best, threshold = best_iou(values, mask)
    auc = float(roc_auc_score(mask.flatten(), values.flatten()))
    batch = {"a_batch": values[None, None].copy(), "s_batch": mask[None, None].copy()}
    assert bool(quantus.PointingGame(**QUIET).evaluate_batch(**batch)[0]) == bool(pointing_game(values, mask, 0))
    np.testing.assert_allclose(quantus.AUC(**QUIET).evaluate_batch(**batch)[0], auc, rtol=1e-12)
    if len(np.unique(values)) == values.size:  # Quantus takes equal values in any order
        for k in COUNTS:
            assert quantus.TopKIntersection(k=k, **QUIET).evaluate_batch(**batch)[0] == top_k_intersection(values, mask, k)
    return {
        "pointing_game": {str(t): pointing_game(values, mask, t) for t in TOLERANCES},
        "energy_pointing_game": energy_pointing_game(values, mask),
        "best_iou": best,
        "best_threshold": threshold,
        "auc": auc,
        "top_k_intersection": {str(k): top_k_intersection(values, mask, k) for k in COUNTS},
    }


# A map alone


def gini(values: np.ndarray) -> float | None:
    a = np.sort(np.abs(values).flatten())
    order = 2 * np.arange(1, a.size + 1) - a.size - 1
    return None if a.sum() == 0 else float((order * a).sum() / (a.size * a.sum()))


def entropy(values: np.ndarray) -> float | None:
    a = np.abs(values).flatten()
    if a.sum() == 0:
        return None
    p = a[a > 0] / a.sum()
    return float((p * np.log(1 / p)).sum())


def effective_complexity(values: np.ndarray) -> int | None:
    a = np.abs(values)
    return None if a.max() == 0 else int((a / a.max() > 1e-5).sum())


def alone(values: np.ndarray) -> dict:
    def raw() -> np.ndarray:
        return np.abs(values)[None].astype(float)

    def scaled() -> np.ndarray:
        return normalise_by_max(raw())

    theirs = None
    if np.abs(values).max() > 0:
        theirs = {
            "gini": float(quantus.Sparseness(**QUIET).evaluate_batch(x_batch=None, a_batch=scaled())[0]),
            "gini_unscaled": float(quantus.Sparseness(**QUIET).evaluate_batch(x_batch=None, a_batch=raw())[0]),
            "entropy": float(quantus.Complexity(**QUIET).evaluate_batch(x_batch=None, a_batch=scaled())[0]),
            "effective_complexity": int(quantus.EffectiveComplexity(**QUIET).evaluate_batch(a_batch=scaled())[0]),
            "effective_complexity_unscaled": int(quantus.EffectiveComplexity(**QUIET).evaluate_batch(a_batch=raw())[0]),
        }
        np.testing.assert_allclose(theirs["gini"], gini(values), atol=1e-4)
        np.testing.assert_allclose(theirs["entropy"], entropy(values), atol=1e-8)
        assert theirs["effective_complexity"] == effective_complexity(values)
    return {
        "gini": gini(values),
        "entropy": entropy(values),
        "effective_complexity": effective_complexity(values),
        "of_quantus": theirs,
    }


# Two maps


def spearman(a: np.ndarray, b: np.ndarray) -> float | None:
    value = spearmanr(np.abs(a).flatten(), np.abs(b).flatten()).statistic
    return float(value) if np.isfinite(value) else None


def two(a: np.ndarray, b: np.ndarray) -> dict:
    both = np.concatenate([a, b])
    data_range = float(both.max() - both.min())
    ssim = float(structural_similarity(a, b, data_range=data_range))
    if a.shape == b.shape:
        np.testing.assert_allclose(quantus.similarity_func.ssim(a, b), ssim, rtol=1e-12)
    return {"spearman": spearman(a, b), "ssim": ssim, "data_range": data_range}


# Many maps


class Classes:
    """The part of a model that Quantus' Sufficiency asks for: the classes of the samples."""

    def __init__(self, classes: np.ndarray) -> None:
        self.classes = classes

    def shape_input(self, x: np.ndarray, *args, **kwargs) -> np.ndarray:
        return x

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.eye(self.classes.max() + 1)[self.classes]


def shares(alike: np.ndarray, classes: np.ndarray) -> list[float | None]:
    found = []
    for at, row in enumerate(alike):
        others = row & (np.arange(len(row)) != at)
        found.append(float((classes[others] == classes[at]).mean()) if others.any() else None)
    return found


def sufficiency(maps: np.ndarray, classes: np.ndarray) -> dict:
    """Two ways to tell which maps are alike: Quantus' default, and the Euclidean distance of maps scaled to a norm of 1."""
    variance = maps.var(axis=0) * 2 * len(maps) / (2 * len(maps) - 1)
    standardised = cdist(maps, maps, "seuclidean", V=variance)
    standardised = standardised / standardised.max()
    metric = quantus.Sufficiency(threshold=LIKE, **QUIET)
    prepared = metric.custom_batch_preprocess(Classes(classes), maps, maps)
    theirs = metric.evaluate_batch(**prepared)
    ours = shares(standardised <= LIKE, classes)
    np.testing.assert_allclose(theirs, [share or 0.0 for share in ours], rtol=1e-12)

    norms = np.linalg.norm(maps, axis=1, keepdims=True)
    units = maps / np.where(norms == 0, 1, norms)
    distances = cdist(units, units)
    assert min(np.abs(standardised - LIKE).min(), np.abs(distances - LIKE).min()) > 1e-5
    return {
        "maps": maps.tolist(),
        "classes": classes.tolist(),
        "threshold": LIKE,
        "standardised": {
            "note": "distance sqrt(sum (a - b)^2 / V), V the variance over the samples counted twice (2n - 1 below), divided by the "
            "largest distance; Quantus' default. Quantus gives 0 where no other map is alike",
            "distances": standardised.tolist(),
            "sufficiency": ours,
        },
        "unit-norm": {"distances": distances.tolist(), "sufficiency": shares(distances <= LIKE, classes)},
    }


QUIET = {"disable_warnings": True}

CHECKED_AGAINST = {
    "pointing_game": "quantus PointingGame (tolerance 0)",
    "energy_pointing_game": "numpy",
    "best_iou": "numpy",
    "auc": "scikit-learn roc_auc_score; quantus AUC",
    "top_k_intersection": "quantus TopKIntersection on maps without equal values, whose order it leaves to chance",
    "gini": "quantus Sparseness within 1e-4",
    "entropy": "quantus Complexity",
    "effective_complexity": "quantus EffectiveComplexity on normalised maps",
    "spearman": "scipy spearmanr",
    "ssim": "scikit-image structural_similarity; quantus ssim",
    "sufficiency": "quantus Sufficiency (standardised)",
}


def named_maps(random: np.random.Generator, side: int) -> dict[str, np.ndarray]:
    uniform = random.random((side, side))
    one_hot = np.zeros((side, side))
    one_hot[side // 2, side // 3] = 2.5
    tied = np.zeros((side, side))
    tied[0, 0] = tied[side // 2, side // 2] = 3.0
    tied[1, 2] = 1.0
    return {
        "random": uniform.round(4),
        "signed": (uniform - 0.4).round(4),
        "negative": (-uniform - 0.1).round(4),
        "few-values": np.floor(uniform * 4),
        "constant": np.full((side, side), 0.7),
        "zero": np.zeros((side, side)),
        "one-hot": one_hot,
        "tied-maxima": tied,
        "tiny-and-large": np.where(uniform > 0.5, uniform * 1e-7, uniform).round(12),
    }


def named_masks(side: int) -> dict[str, np.ndarray]:
    block, corner, scattered = (np.zeros((side, side), dtype=bool) for _ in range(3))
    block[1 : side // 2 + 1, 2 : side - 1] = True
    corner[side - 2 :, side - 2 :] = True
    scattered[::3, 1::3] = True
    return {"block": block, "corner": corner, "scattered": scattered}


def main() -> None:
    warnings.filterwarnings("ignore", message="An input array is constant")
    random = np.random.default_rng(SEED)
    places, lone = [], []
    for side in (6, 8):
        masks = named_masks(side)
        for name, values in named_maps(random, side).items():
            lone.append({"name": f"{name}-{side}", "map": values.tolist(), **alone(values)})
            for mask_name, mask in masks.items():
                places.append({"map": f"{name}-{side}", "mask": f"{mask_name}-{side}", **place(values, mask)})
    pairs = []
    for name, (height, width) in {"8x8": (8, 8), "9x11": (9, 11), "7x7": (7, 7)}.items():
        a = random.random((height, width)).round(4)
        noise = random.normal(0, 0.2, (height, width))
        others = {
            "itself": a,
            "noisy": (a + noise).round(4),
            "unrelated": random.random((height, width)).round(4),
            "signed": (a - 0.5 + noise).round(4),
            "few-values": np.floor(a * 4),
            "opposite": (1 - a).round(4),
            "constant": np.full((height, width), 0.5),
        }
        for other_name, b in others.items():
            pairs.append({"name": f"{other_name}-{name}", "a": a.tolist(), "b": b.tolist(), **two(a, b)})
    groups = []
    for count, width in ((6, 4), (8, 6)):
        centres = random.uniform(-1, 1, (3, width))
        which = random.integers(0, 3, count)
        maps = (centres[which] + random.normal(0, 0.2, (count, width))).round(4)
        groups.append(sufficiency(maps, random.integers(0, 2, count)))
    all_masks = {f"{name}-{side}": mask.astype(int).tolist() for side in (6, 8) for name, mask in named_masks(side).items()}
    write_json(
        __file__,
        "map_measures.json",
        {
            "made_with": formulas.made_with("numpy", "scipy", "scikit-learn", "scikit-image", "quantus"),
            "checked_against": CHECKED_AGAINST,
            "seed": SEED,
            "masks": all_masks,
            "maps": lone,
            "places": places,
            "pairs": pairs,
            "sufficiency": groups,
        },
    )


if __name__ == "__main__":
    main()
