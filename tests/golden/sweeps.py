"""Writes sweeps.json: bootstrap intervals, paired tests, Holm's correction, Fisher's exact test and error consistency, for the statistics of sweeps.

Which pictures are drawn comes from the named generator that the page has too (SplitMix64), so that the intervals are the same to rounding. The
intervals are scipy's (`scipy.stats.bootstrap`, method percentile), which is handed these draws; Holm's correction is statsmodels', Fisher's exact test scipy's; Cohen's kappa is
scikit-learn's, on the drawn pictures.
"""

import warnings
from importlib.metadata import version

import numpy as np
from common import write_json
from scipy.stats import bootstrap, fisher_exact
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.multitest import multipletests

RESAMPLES = 2000
MASK = (1 << 64) - 1


def split_mix(seed: int, count: int) -> list[int]:
    numbers, state = [], seed
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        numbers.append(z ^ (z >> 31))
    return numbers


def draws(seed: int, count: int) -> np.ndarray:
    return np.array([(number * count) >> 64 for number in split_mix(seed, RESAMPLES * count)]).reshape(RESAMPLES, count)


class Drawn(np.random.Generator):
    """A generator whose whole numbers are known beforehand."""

    places: np.ndarray

    def integers(self, low, high=None, size=None, dtype=np.int64, endpoint=False):
        assert np.prod(size) == self.places.size and high == self.places.shape[1]
        return self.places.reshape(size)


def interval(values: np.ndarray, places: np.ndarray) -> tuple[float, float]:
    generator = Drawn(np.random.PCG64(0))
    generator.places = places
    # A statistic that scipy has to call sample by sample draws once for each sample set, all at the same time.
    found = bootstrap((values,), np.mean, n_resamples=RESAMPLES, confidence_level=0.95, method="percentile", rng=generator)
    low, high = found.confidence_interval
    means = values[places].mean(axis=1)
    np.testing.assert_allclose((low, high), np.quantile(means, [0.025, 0.975]), rtol=1e-12, atol=1e-15)
    return float(low), float(high)


def paired(differences: np.ndarray, places: np.ndarray) -> float:
    """Twice the smaller share of resampled means on a side of zero; not below what a sign test of all differences could reach."""
    moved = int(np.count_nonzero(differences))
    if moved == 0 or len(differences) < 2:
        return 1.0
    means = differences[places].mean(axis=1)
    below, above = ((1 + np.count_nonzero(side)) / (1 + RESAMPLES) for side in (means <= 0, means >= 0))
    return float(min(1.0, max(2 * min(below, above), 2.0 ** (1 - moved))))


def kappa(a: np.ndarray, b: np.ndarray) -> float:
    return 1.0 if np.array_equal(a, b) else float(cohen_kappa_score(a, b))


def mean_kappa(network: np.ndarray, people: np.ndarray, conditions: np.ndarray, chosen: np.ndarray) -> float:
    """Over the observers of a condition, then over conditions; an observer counts where any of the pictures was answered (others are -1)."""
    of_conditions = []
    for condition in np.unique(conditions):
        places = chosen[conditions[chosen] == condition]
        answered = [(network[places[person[places] >= 0]], person[places[person[places] >= 0]]) for person in people]
        kappas = [kappa(a, b) for a, b in answered if len(a) > 0]
        if kappas:
            of_conditions.append(np.mean(kappas))
    return float(np.mean(of_conditions))


def consistency(random: np.random.Generator) -> dict:
    conditions = np.repeat([0, 1], [40, 21])
    count = len(conditions)
    hard = random.random(count)
    people = np.array([(random.random(count) > hard) * 1 for _ in range(4)])
    people[2, 5:18] = -1
    people[3, conditions == 1] = -1
    networks = {"dense": (random.random(count) > hard) * 1, "pruned": (random.random(count) > 0.6) * 1}
    places, whole = draws(0, count), np.arange(count)
    drawn = {name: np.array([mean_kappa(rights, people, conditions, chosen) for chosen in places]) for name, rights in networks.items()}
    differences = drawn["pruned"] - drawn["dense"]
    below, above = ((1 + np.count_nonzero(side)) / (1 + RESAMPLES) for side in (differences <= 0, differences >= 0))

    def letters(answers: np.ndarray) -> str:
        return "".join("-01"[answer + 1] for answer in answers)

    return {
        "conditions": conditions.tolist(),
        "people": [letters(person) for person in people],
        "networks": {
            name: {
                "answers": letters(rights),
                "value": mean_kappa(rights, people, conditions, whole),
                "interval": np.quantile(drawn[name], [0.025, 0.975]).tolist(),
            }
            for name, rights in networks.items()
        },
        "difference": {"interval": np.quantile(differences, [0.025, 0.975]).tolist(), "p": float(min(1.0, 2 * min(below, above)))},
    }


def named_values(random: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "two": np.array([0.25, 0.75]),
        "few-same-sign": random.random(5).round(4) + 0.1,
        "normal-40": random.normal(0.1, 0.5, 40).round(4),
        "skewed-61": random.exponential(0.3, 61).round(4),
        "hits-100": (random.random(100) < 0.7).astype(float),
        "few-moved-100": np.where(np.arange(100) < 3, 1.0, 0.0),
        "nothing-50": np.zeros(50),
        "losing-300": random.normal(-0.05, 0.3, 300).round(4),
        "constant-12": np.full(12, 0.5),
    }


def main() -> None:
    warnings.filterwarnings("ignore", message=".*degenerate.*")
    random = np.random.default_rng(20251127)
    cases = []
    for at, (name, values) in enumerate(named_values(random).items()):
        seed = [0, 1, 12345][at % 3]
        places = draws(seed, len(values))
        low, high = interval(values, places)
        cases.append(
            {"name": name, "seed": seed, "values": values.tolist(), "low": low, "high": high, "p": paired(values, places)}
        )
    families = [
        [0.01, 0.04, 0.03, 0.005],
        [0.0009995, 0.0009995, 0.5, 1.0, 0.0009995],
        [0.2],
        random.random(26).round(5).tolist(),
        (random.random(12) ** 6).round(8).tolist(),
    ]
    corrected = [{"p": family, "adjusted": multipletests(family, method="holm")[1].tolist()} for family in families]
    tables = [[8, 8, 16, 6], [47, 35, 16, 6], [8, 4, 16, 8], [8, 0, 16, 3], [5, 5, 5, 5], [1, 1, 1, 0], [120, 30, 80, 12]]
    exact = [
        {"table": [n, k, m, l], "p": float(fisher_exact([[k, n - k], [l, m - l]], alternative="greater").pvalue)} for n, k, m, l in tables
    ]
    write_json(
        __file__,
        "sweeps.json",
        {
            "made_with": {package: version(package) for package in ("numpy", "scipy", "statsmodels", "scikit-learn")},
            "resamples": RESAMPLES,
            "draws": {"seed": 0, "count": 7, "first": draws(0, 7)[0].tolist(), "last": draws(0, 7)[-1].tolist()},
            "bootstrap": cases,
            "holm": corrected,
            "fisher": exact,
            "consistency": consistency(np.random.default_rng(5)),
        },
    )


if __name__ == "__main__":
    main()
