"""Writes statistics.json: tests and intervals of small data, for the statistics module.

Sign flips and permutations are scipy's (`permutation_test`, every rearrangement), Student's and BCa intervals scipy's (`ttest_1samp`, `bootstrap`), the
exact tests and Wilson's interval scipy's and statsmodels'. Tango's interval solves the constrained likelihood numerically instead of by its formula.
The interval robust to clusters is computed by matrices (CR2 with the degrees of freedom of Bell and McCaffrey), and for clusters of one size compared with
statsmodels'. The maximum over a family, the jackknife, the two-way mean and the ceilings follow from their definitions in numpy.
"""

import itertools
from importlib.metadata import version

import numpy as np
from common import write_json
from scipy import stats
from scipy.optimize import brentq, minimize_scalar
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95
ALTERNATIVES = {"two-sided": "two-sided", "greater": "greater", "less": "less"}


def differences(random: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "normal-8": random.normal(0.4, 1.0, 8).round(3),
        "skewed-12": random.exponential(1.0, 12).round(3) - 0.7,
        "ties-11": np.array([1, 1, -1, 0, 0, 1, 1, 1, -1, 0, 1], dtype=float),
        "one-sign-5": np.array([0.1, 0.2, 0.3, 0.4, 0.5]),
        "tenths-10": np.array([0.1, -0.2, 0.3, 0.1, 0.2, -0.1, 0.4, 0.3, -0.3, 0.2]),
        "nothing-6": np.zeros(6),
    }


def sign_flips(random: np.random.Generator) -> list[dict]:
    cases = []
    for name, values in differences(random).items():
        p = {}
        for alternative in ALTERNATIVES:
            found = stats.permutation_test(
                (values,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative=alternative
            )
            p[alternative] = float(found.pvalue)
        root = float(np.sqrt((values**2).sum()))
        cases.append(
            {"name": name, "values": values.tolist(), "p": p, "statistic": float(values.sum() / root) if root else 0.0}
        )
    return cases


def family(random: np.random.Generator) -> dict:
    """The maximum over columns, single-step and step-down, by every flip of rows; missing entries are None."""
    rows, columns = 9, 5
    shared = random.normal(0.0, 1.0, (rows, 1))
    values = (shared + random.normal(0.0, 1.0, (rows, columns)) + np.array([1.4, 0.9, 0.0, 0.3, -0.6])).round(3)
    there = random.random((rows, columns)) > 0.15
    entries = np.where(there, values, 0.0)
    scaled = entries / np.sqrt((entries**2).sum(axis=0))
    signs = np.array(list(itertools.product([1.0, -1.0], repeat=rows)))
    found = {}
    for alternative, directed in {"two-sided": np.abs, "greater": lambda x: x}.items():
        flipped = directed(signs @ scaled)
        observed = directed(scaled.sum(axis=0))
        reaches = lambda some, one: float((some >= one - 1e-12).mean())  # noqa: E731
        order = np.argsort(-observed, kind="stable")
        single = [reaches(flipped.max(axis=1), one) for one in observed]
        down, before = [0.0] * columns, 0.0
        for rank, column in enumerate(order):
            before = max(before, reaches(flipped[:, order[rank:]].max(axis=1), observed[column]))
            down[column] = before
        alone = [reaches(flipped[:, column], observed[column]) for column in range(columns)]
        found[alternative] = {"p": alone, "single_step": single, "step_down": down}
    listed = [[float(v) if t else None for v, t in zip(values[:, c], there[:, c])] for c in range(columns)]
    return {"columns": listed, **found}


def means(random: np.random.Generator) -> list[dict]:
    named = {
        "normal-16": random.normal(0.1, 0.5, 16).round(4),
        "skewed-40": random.exponential(0.3, 40).round(4),
        "hits-100": (random.random(100) < 0.7).astype(float),
        "heavy-64": random.standard_t(3, 64).round(4),
    }
    cases = []
    for name, values in named.items():
        student = stats.ttest_1samp(values, 0.0).confidence_interval(CONFIDENCE)
        bca = stats.bootstrap((values,), np.mean, n_resamples=200_000, confidence_level=CONFIDENCE, method="BCa", rng=1, batch=2000)
        # The bootstrap of t has no function in scipy; its resamples of t are drawn here.
        drawn = np.random.default_rng(2).choice(values, (200_000, len(values)))
        deviation = drawn.std(axis=1, ddof=1)
        with np.errstate(divide="ignore"):
            t = (drawn.mean(axis=1) - values.mean()) / (deviation / np.sqrt(len(values)))
        low, high = np.quantile(t, [0.025, 0.975])
        error = values.std(ddof=1) / np.sqrt(len(values))
        cases.append(
            {
                "name": name,
                "values": values.tolist(),
                "error": float(error),
                "student": [float(student.low), float(student.high)],
                "accelerated": [float(bca.confidence_interval.low), float(bca.confidence_interval.high)],
                "bootstrap_t": [float(values.mean() - high * error), float(values.mean() - low * error)],
            }
        )
    return cases


def tango(lost: int, gained: int, pictures: int, confidence: float) -> tuple[float, float]:
    """The drops whose score is within the normal quantile; the nuisance parameter maximises the likelihood numerically."""
    z = stats.norm.ppf(0.5 + confidence / 2)
    seen = (lost - gained) / pictures

    def score(drop: float) -> float:
        low, high = max(0.0, -drop), (1.0 - drop) / 2.0
        edge = 1e-13 * (high - low)

        def likelihood(share: float) -> float:
            terms = ((lost, share + drop), (gained, share), (pictures - lost - gained, 1.0 - 2.0 * share - drop))
            return -sum(count * np.log(max(p, 1e-300)) for count, p in terms if count)

        found = minimize_scalar(likelihood, bounds=(low + edge, high - edge), method="bounded", options={"xatol": 1e-13})
        share = min((low, high, float(found.x)), key=likelihood)
        return (lost - gained - pictures * drop) / np.sqrt(pictures * (2.0 * share + drop * (1.0 - drop)))

    near = 1e-9
    low = brentq(lambda drop: score(drop) - z, -1.0 + near, seen - near) if seen > -1 + 2 * near else -1.0
    high = brentq(lambda drop: score(drop) + z, seen + near, 1.0 - near) if seen < 1 - 2 * near else 1.0
    return float(low), float(high)


def accuracies() -> list[dict]:
    # Lost, gained, pictures. The published limits of the first are Fagerland, Lydersen and Laake's (2017) of Cavo et al.'s data.
    tables = [(6, 16, 161), (1, 7, 21), (12, 2, 50), (40, 20, 160), (3, 1, 64), (0, 0, 40), (5, 0, 30), (0, 4, 25), (30, 25, 500)]
    cases = []
    for lost, gained, pictures in tables:
        case = {"lost": lost, "gained": gained, "pictures": pictures}
        for confidence in (0.9, 0.95):
            case[str(confidence)] = tango(lost, gained, pictures, confidence)
        cases.append(case)
    return cases


def published() -> dict:
    """R's contingencytables prints -0.1240 to -0.0054 for Cavo et al. (2012), table 59, 6, 16, 80."""
    return {"lost": 6, "gained": 16, "pictures": 161, "confidence": 0.95, "limits": [-0.1240, -0.0054]}


def clusters(random: np.random.Generator) -> list[dict]:
    import statsmodels.api as sm

    cases = []
    for name, sizes in {"uneven": [1, 2, 3, 5, 8, 4], "even": [5] * 7, "single": [1] * 9}.items():
        labels = np.repeat(np.arange(len(sizes)), sizes)
        values = (random.normal(0, 1, len(sizes))[labels] + random.normal(0.3, 1, len(labels))).round(4)
        n = len(values)
        ones = np.ones((n, 1))
        hat = ones @ ones.T / n
        residuals = (np.eye(n) - hat) @ values
        variance, rows = 0.0, []
        for cluster in range(len(sizes)):
            inside = np.where(labels == cluster)[0]
            block = np.eye(len(inside)) - hat[np.ix_(inside, inside)]
            eigenvalues, vectors = np.linalg.eigh(block)
            adjust = vectors @ np.diag(eigenvalues**-0.5) @ vectors.T
            variance += float((ones[inside].T @ adjust @ residuals[inside]).item() / n) ** 2
            rows.append((np.eye(n) - hat)[:, inside] @ adjust @ ones[inside][:, 0] / n)
        matrix = np.array(rows) @ np.array(rows).T
        freedom = float(np.trace(matrix) ** 2 / (matrix**2).sum())
        half = stats.t.ppf(0.5 + CONFIDENCE / 2, freedom) * np.sqrt(variance)
        if name == "even":
            fit = sm.OLS(values, ones).fit(cov_type="cluster", cov_kwds={"groups": labels})
            np.testing.assert_allclose(fit.bse[0], np.sqrt(variance), rtol=1e-9)
        if name == "single":
            np.testing.assert_allclose(freedom, n - 1)
            np.testing.assert_allclose(np.sqrt(variance), values.std(ddof=1) / np.sqrt(n))
        sums = np.array([values[labels == cluster].sum() for cluster in range(len(sizes))])
        flips = stats.permutation_test((sums,), np.sum, permutation_type="samples", n_resamples=np.inf)
        cases.append(
            {
                "name": name,
                "values": values.tolist(),
                "labels": labels.tolist(),
                "error": float(np.sqrt(variance)),
                "freedom": freedom,
                "interval": [float(values.mean() - half), float(values.mean() + half)],
                "flips": float(flips.pvalue),
            }
        )
    return cases


def two_way(random: np.random.Generator) -> dict:
    """A table with missing cells: mean over people and over cells, both with errors by the jackknife's limit, that is by formula."""
    people, pictures = 6, 11
    table = random.normal(0, 1, (people, 1)) + random.normal(0, 1, (1, pictures)) + random.normal(0, 1, (people, pictures))
    table = table.round(3)
    there = random.random((people, pictures)) > 0.2
    values = np.where(there, table, np.nan)
    of_people = np.nanmean(values, axis=1)
    found = {}
    for name in ("people", "cells"):
        weight = there / there.sum(axis=1, keepdims=True) / people if name == "people" else there / there.sum()
        value = float(np.nansum(weight * values))
        by_people = np.nansum(weight * (values - value), axis=1)
        middle = of_people[:, None] if name == "people" else value
        by_pictures = np.nansum(weight * (values - middle), axis=0)
        variances = [
            float((by_people**2).sum() * people / (people - 1)),
            float((by_pictures**2).sum() * pictures / (pictures - 1)),
        ]
        freedom = sum(variances) ** 2 / (variances[0] ** 2 / (people - 1) + variances[1] ** 2 / (pictures - 1))
        half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom) * np.sqrt(sum(variances)))
        found[name] = {"value": value, "errors": np.sqrt(variances).tolist(), "freedom": float(freedom), "half": half}
    rows = [[float(v) if t else None for v, t in zip(*row)] for row in zip(table, there)]
    # The pigeonhole bootstrap of the mean over cells, many draws, with the quantiles it widens to.
    generator, drawn = np.random.default_rng(3), []
    for _ in range(100_000):
        weight = np.outer(
            np.bincount(generator.integers(0, people, people), minlength=people),
            np.bincount(generator.integers(0, pictures, pictures), minlength=pictures),
        )
        drawn.append(float((weight * there * table).sum() / (weight * there).sum()))
    jack = lambda axis: np.array(  # noqa: E731
        [float(np.nanmean(np.delete(values, at, axis=axis))) for at in range(values.shape[axis])]
    )
    variances = [float((len(j) - 1) * j.var()) for j in (jack(0), jack(1))]
    freedom = sum(variances) ** 2 / (variances[0] ** 2 / (people - 1) + variances[1] ** 2 / (pictures - 1))
    outside = stats.norm.cdf(-stats.t.ppf(0.5 + CONFIDENCE / 2, freedom) * np.sqrt((freedom + 1) / freedom))
    return {
        "rows": rows,
        **found,
        "jackknife": {"errors": np.sqrt(variances).tolist(), "freedom": float(freedom)},
        "pigeonhole": np.quantile(drawn, [outside, 1 - outside]).tolist(),
        "pigeonhole_deviation": float(np.std(drawn)),
    }


def permutations(random: np.random.Generator) -> dict:
    correlations = []
    for one, other in (
        (random.normal(0, 1, 6).round(3), random.normal(0, 1, 6).round(3)),
        (np.array([1, 2, 2, 3, 5, 5, 7]), np.array([3, 1, 2, 2, 6, 8, 8])),
        (np.arange(5.0), np.arange(5.0) ** 2),
    ):
        p = {}
        for alternative in ALTERNATIVES:
            found = stats.permutation_test(
                (one,),
                lambda x: stats.spearmanr(x, other).statistic,
                permutation_type="pairings",
                n_resamples=np.inf,
                alternative=alternative,
            )
            p[alternative] = float(found.pvalue)
        rho = float(stats.spearmanr(one, other).statistic)
        correlations.append({"one": one.tolist(), "other": other.tolist(), "rho": rho, "p": p})
    groups = []
    for inside, outside in (
        (random.normal(1, 1, 3).round(3), random.normal(0, 1, 5).round(3)),
        (np.array([1.0, 2.0, 2.0, 4.0]), np.array([0.0, 1.0, 1.0, 2.0])),
        (np.array([3.0, 4.0]), np.array([0.0, 1.0, 2.0])),
    ):
        p = {}
        for alternative in ALTERNATIVES:
            found = stats.permutation_test(
                (inside, outside),
                lambda a, b: np.mean(a) - np.mean(b),
                permutation_type="independent",
                n_resamples=np.inf,
                alternative=alternative,
            )
            p[alternative] = float(found.pvalue)
        groups.append({"inside": inside.tolist(), "outside": outside.tolist(), "p": p})
    # Within blocks: every assignment of two of four in each of three networks.
    values = (np.repeat([0.0, 5.0, 9.0], 4) + random.normal(0, 1, 12)).round(3)
    inside = np.tile([True, True, False, False], 3)
    values[inside] += 0.8
    chosen = list(itertools.combinations(range(4), 2))
    statistics = []
    for choice in itertools.product(chosen, repeat=3):
        mask = np.zeros(12, dtype=bool)
        for block, places in enumerate(choice):
            mask[[4 * block + place for place in places]] = True
        statistics.append(values[mask].mean() - values[~mask].mean())
    statistics = np.array(statistics)
    observed = values[inside].mean() - values[~inside].mean()
    greater, less = (statistics >= observed - 1e-12).mean(), (statistics <= observed + 1e-12).mean()
    blocks = {
        "values": values.tolist(),
        "inside": inside.tolist(),
        "blocks": np.repeat([7, 1, 4], 4).tolist(),
        "observed": float(observed),
        "p": {"greater": float(greater), "less": float(less), "two-sided": float(min(1.0, 2 * min(greater, less)))},
        "count": len(statistics),
    }
    return {"correlations": correlations, "groups": groups, "blocks": blocks}


def ceilings(random: np.random.Generator) -> dict:
    """Kappa of each person with the majority of the others and of everybody; split votes count half."""
    people, pictures = 7, 24
    hard = random.normal(0, 1, pictures)
    rights = (hard + random.normal(0.8, 1, (people, pictures))) > 0
    there = random.random((people, pictures)) > 0.1

    def kappa(person: int, group: list[int], times: np.ndarray) -> float:
        use = there[person] & there[group].any(axis=0) & (times > 0)
        share = (rights[group] & there[group]).sum(axis=0) / np.maximum(there[group].sum(axis=0), 1)
        vote = np.where(share > 0.5, 1.0, np.where(share < 0.5, 0.0, 0.5))[use]
        mine, weight = rights[person][use].astype(float), times[use] / times[use].sum()
        observed = (weight * (mine * vote + (1 - mine) * (1 - vote))).sum()
        p, q = (weight * mine).sum(), (weight * vote).sum()
        expected = p * q + (1 - p) * (1 - q)
        return float((observed - expected) / (1 - expected))

    def both(keep: list[int], times: np.ndarray) -> np.ndarray:
        lower = np.mean([kappa(p, [o for o in keep if o != p], times) for p in keep])
        upper = np.mean([kappa(p, keep, times) for p in keep])
        return np.array([lower, upper])

    everybody, once = list(range(people)), np.ones(pictures)
    value = both(everybody, once)
    by_people = np.array([both([p for p in everybody if p != left], once) for left in everybody])
    by_pictures = np.array([both(everybody, once - np.eye(pictures)[left]) for left in range(pictures)])
    errors = [np.sqrt((len(j) - 1) * j.var(axis=0)) for j in (by_people, by_pictures)]
    letters = ["".join("-" if not t else "1" if r else "0" for r, t in zip(*row)) for row in zip(rights, there)]
    return {"answers": letters, "value": value.tolist(), "by_people": errors[0].tolist(), "by_pictures": errors[1].tolist()}


def counts() -> dict:
    wilson = [(0, 10), (10, 10), (7, 10), (61, 81), (455, 500)]
    signs = [(4, 0), (0, 0), (7, 3), (12, 25), (900, 1000)]
    tails = [(20, 4, 0.05), (6, 6, 0.05), (10, 1, 0.3), (2000, 1080, 0.5), (500, 40, 0.05)]
    equal = [[1.3, 0.2, 0.9, 1.8, 0.4, 0.7, 1.1, 0.6, -0.2, 0.8], 1.5]
    shifted = {sign: np.array(equal[0]) + sign * equal[1] for sign in (1, -1)}
    flips = [
        stats.permutation_test((shifted[1],), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="greater").pvalue,
        stats.permutation_test((shifted[-1],), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="less").pvalue,
    ]
    return {
        "wilson": [{"right": k, "of": n, "interval": list(map(float, proportion_confint(k, n, method="wilson")))} for k, n in wilson],
        "sign_test": [{"one": a, "other": b, "p": float(mcnemar([[0, a], [b, 0]], exact=True).pvalue) if a + b else 1.0} for a, b in signs],
        "binomial": [{"count": n, "least": k, "level": p, "tail": float(stats.binom.sf(k - 1, n, p))} for n, k, p in tails],
        "equivalence": {"differences": equal[0], "margin": equal[1], "p": float(max(flips))},
        "normal": [[p, float(stats.norm.ppf(p))] for p in (1e-6, 0.001, 0.025, 0.3, 0.5, 0.95, 0.9995)],
        "student": [[p, v, float(stats.t.ppf(p, v))] for p in (0.6, 0.95, 0.975, 0.9995) for v in (1.0, 2.7, 7.0, 15.0, 499.0)],
    }


def main() -> None:
    random = np.random.default_rng(20261201)
    write_json(
        __file__,
        "statistics.json",
        {
            "made_with": {package: version(package) for package in ("numpy", "scipy", "statsmodels")},
            "confidence": CONFIDENCE,
            "sign_flips": sign_flips(random),
            "family": family(random),
            "means": means(random),
            "accuracies": accuracies(),
            "published": published(),
            "clusters": clusters(random),
            "two_way": two_way(random),
            "permutations": permutations(random),
            "ceilings": ceilings(random),
            "counts": counts(),
        },
    )


if __name__ == "__main__":
    main()
