"""Measures of a map that need the network, on SqueezeNet 1.1 and the first input: writes faithfulness.json.

Weights are the float16-rounded ones, in float64; the target is the arg-max and f its probability (softmax) unless logits are named. The
map that ranks pixels is Grad-CAM at the last layer, enlarged bilinearly with half-pixel centres; equal values by lower index first. What is
drawn at random elsewhere is formulas.sine_noise here. Every curve and every sample's numbers are kept.
"""

import warnings

import numpy as np
import torch
from captum.attr import Saliency
from captum.metrics import infidelity, sensitivity_max
from pytorch_grad_cam.metrics.road import NoisyLinearImputer
from quantus.functions.perturb_func import noisy_linear_imputation
from quantus.functions.similarity_func import distance_euclidean, lipschitz_constant
from torch import Tensor
from torch.nn import functional

import formulas
from attributions import cases, summary
from common import cache_folder, read_json, write_json
from networks import LABELS, Network, load

SEED = 20250702
STEPS = 28
SQUARES, SQUARES_A_STEP = 14, 4
PERCENTAGES = [10, 20, 30, 50, 70, 90]
DRAWS = 10
INFIDELITY_SHARE, SENSITIVITY_SHARE = 0.2, 0.02


def impute(values: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Fills [channel, height, width] values where `missing`: each such pixel becomes the mean of its neighbours inside the image, direct
    ones weighing twice as much as diagonal ones. Solved by Quantus' copy of the authors' code, without their noise."""
    if not missing.any():
        return values.copy()
    return noisy_linear_imputation(values, np.nonzero(missing.flatten())[0], noise=0.0)


def impute_densely(values: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """The same for small images, written from the definition."""
    channels, height, width = values.shape
    places = [tuple(at) for at in np.argwhere(missing)]
    number = {at: index for index, at in enumerate(places)}
    matrix, right = np.zeros((len(places), len(places))), np.zeros((len(places), channels))
    for (row, column), at in number.items():
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                near = (row + down, column + across)
                if near == (row, column) or not (0 <= near[0] < height and 0 <= near[1] < width):
                    continue
                weight = 1 / 12 if down and across else 1 / 6
                matrix[at, at] += weight
                if near in number:
                    matrix[at, number[near]] -= weight
                else:
                    right[at] += weight * values[:, near[0], near[1]]
    filled = values.copy()
    filled[:, missing] = np.linalg.solve(matrix, right).T
    return filled


def imputations() -> list[dict]:
    """Small images; equal results of three implementations."""
    random = np.random.default_rng(SEED)
    image = random.random((3, 8, 8)).round(4)
    single, corner, column, half, most = (np.zeros((8, 8), dtype=bool) for _ in range(5))
    single[3, 4] = True
    corner[:3, :4] = True
    column[:, 7] = True
    half[random.random((8, 8)) < 0.5] = True
    most[:] = True
    most[2, 5] = most[6, 1] = False
    records = []
    for name, missing in {"single": single, "corner": corner, "column": column, "half": half, "all-but-two": most}.items():
        filled = impute(image, missing)
        np.testing.assert_allclose(filled, impute_densely(image, missing), rtol=1e-10)
        theirs = NoisyLinearImputer(noise=0.0)(torch.from_numpy(image).float(), torch.from_numpy((~missing).astype(np.float64)))
        np.testing.assert_allclose(filled, theirs.numpy(), rtol=1e-5)  # theirs is in float32
        records.append({"name": name, "missing": missing.astype(int).tolist(), "filled": filled.tolist()})
    return [{"name": "image", "values": image.tolist()}, *records]


class Subject:
    """The network, the input, its target, and the order of its pixels."""

    def __init__(self, network: Network, image: Tensor, target: int) -> None:
        self.network, self.image, self.target = network, image, target
        self.layer_map = formulas.grad_cam(*formulas.layer_values(network.module, network.layer(), image, target))
        fine = functional.interpolate(self.layer_map[None, None], size=image.shape[2:], mode="bilinear", align_corners=False)
        self.values = fine[0, 0].numpy()
        self.order = np.argsort(-self.values.flatten(), kind="stable")

    def logit(self, image: Tensor) -> float:
        with torch.no_grad():
            return self.network.module(image)[0, self.target].item()

    def probability(self, image: Tensor) -> float:
        with torch.no_grad():
            return self.network.module(image).softmax(dim=1)[0, self.target].item()

    def course(self, start: Tensor, finish: Tensor, order: np.ndarray, counts: list[int]) -> list[float]:
        """f while the first `count` pixels of `order` have changed from `start` to `finish`."""
        curve = []
        for count in counts:
            mixed = start.clone().flatten(2)
            mixed[..., order[:count]] = finish.flatten(2)[..., order[:count]]
            curve.append(self.probability(mixed.view_as(start)))
        return curve


def area(curve: list[float]) -> float:
    """The formula of RISE's authors."""
    return (sum(curve) - curve[0] / 2 - curve[-1] / 2) / (len(curve) - 1)


def curves(subject: Subject) -> dict:
    pixels = subject.order.size
    counts = [round(pixels * k / STEPS) for k in range(STEPS + 1)]
    nothing, blurred = torch.zeros_like(subject.image), formulas.blurred(subject.image)
    deletion = subject.course(subject.image, nothing, subject.order, counts)
    insertion = subject.course(blurred, subject.image, subject.order, counts)
    aopc = float(np.mean([deletion[0] - f for f in deletion]))

    side = subject.values.shape[0] // SQUARES
    sums = subject.values.reshape(SQUARES, side, SQUARES, side).sum(axis=(1, 3)).flatten()
    ranked = np.argsort(-sums, kind="stable")
    numbers = np.arange(pixels).reshape(SQUARES, side, SQUARES, side).transpose(0, 2, 1, 3).reshape(SQUARES**2, -1)
    flips = subject.course(
        subject.image, nothing, numbers[ranked].flatten(), [n * side**2 for n in range(0, SQUARES**2 + 1, SQUARES_A_STEP)]
    )
    return {
        "deletion": {"curve": deletion, "auc": area(deletion)},
        "insertion": {"curve": insertion, "auc": area(insertion), "blur": formulas.rise_blur().tolist()},
        "pixel-flipping": {"note": "the curve of deletion; mean of f(x_0) - f(x_k) over k from 0 to the last", "aopc": aopc},
        "region-flipping": {
            "squares": SQUARES,
            "squares_a_step": SQUARES_A_STEP,
            "order": ranked.tolist(),
            "curve": flips,
            "aopc": float(np.mean([flips[0] - f for f in flips])),
        },
    }


def road(subject: Subject) -> dict:
    """Strongest pixels first; the share of pixels is rounded down."""
    counts = [subject.order.size * p // 100 for p in PERCENTAGES]
    probabilities, checks = [], []
    for count in counts:
        missing = np.zeros(subject.order.size, dtype=bool)
        missing[subject.order[:count]] = True
        filled = impute(subject.image[0].numpy(), missing.reshape(subject.values.shape))
        probabilities.append(subject.probability(torch.from_numpy(filled)[None]))
        checks.append({"sum": float(filled.sum()), "sum_of_squares": float((filled**2).sum())})
    return {"percentages": PERCENTAGES, "counts": counts, "probabilities": probabilities, "filled": checks}


def infidelities(subject: Subject, signed: Tensor) -> dict:
    """captum's formula for the signed gradient of the logit and for the gradient's mean over the channels in each of them."""
    image, target = subject.image, subject.target
    amplitude = INFIDELITY_SHARE * (image.max() - image.min()).item()
    noises = torch.cat([formulas.sine_noise(image.shape, amplitude, draw) for draw in range(DRAWS)])
    changes = [subject.logit(image) - subject.logit(image - noise[None]) for noise in noises]

    def perturb(inputs: Tensor, baselines=None) -> tuple[Tensor, Tensor]:
        return noises, inputs - noises

    record = {"amplitude": amplitude, "draws": DRAWS, "changes_of_logit": changes}
    for name, attribution in {"gradient": signed, "mean-over-channels": signed.mean(dim=1, keepdim=True).expand_as(signed)}.items():
        products = (noises * attribution).sum(dim=(1, 2, 3)).tolist()
        p, c = np.array(products), np.array(changes)
        beta = (p * c).mean() / (p**2).mean()
        plain, scaled = float(((p - c) ** 2).mean()), float(((beta * p - c) ** 2).mean())
        for normalize, ours in ((False, plain), (True, scaled)):
            theirs = infidelity(
                subject.network.module, perturb, image, attribution, target=target, n_perturb_samples=DRAWS, normalize=normalize
            )
            np.testing.assert_allclose(theirs.item(), ours, rtol=1e-9)
        record[name] = {"products": products, "infidelity": plain, "beta": float(beta), "normalised_infidelity": scaled}
    return record


def sensitivities(subject: Subject) -> dict:
    image, target = subject.image, subject.target
    amplitude = SENSITIVITY_SHARE * (image.max() - image.min()).item()
    noises = [formulas.sine_noise(image.shape, amplitude, draw) for draw in range(DRAWS)]
    saliency = Saliency(subject.network.module)

    def explain(inputs: Tensor) -> Tensor:
        with torch.enable_grad():
            return torch.cat([saliency.attribute(one[None].detach().requires_grad_(), target, abs=True) for one in inputs])

    def explain_tuple(inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return (explain(inputs[0]),)

    own = explain(image)
    changed = [explain(image + noise) for noise in noises]
    map_changes = [torch.linalg.norm((other - own).flatten()).item() for other in changed]
    image_changes = [torch.linalg.norm(noise.flatten()).item() for noise in noises]
    norm = torch.linalg.norm(own.flatten()).item()
    relative = [change / norm for change in map_changes]
    lipschitz = [change / moved for change, moved in zip(map_changes, image_changes, strict=True)]

    theirs = sensitivity_max(explain_tuple, image, perturb_func=lambda inputs: (torch.cat(noises) + image,), n_perturb_samples=DRAWS)
    np.testing.assert_allclose(theirs.item(), max(relative), rtol=1e-6)
    flat = [x.flatten().numpy() for x in (own, changed[0], image, image + noises[0])]
    one = lipschitz_constant(*flat, norm_numerator=distance_euclidean, norm_denominator=distance_euclidean)
    np.testing.assert_allclose(one, lipschitz[0], rtol=1e-9)
    return {
        "amplitude": amplitude,
        "draws": DRAWS,
        "norm_of_map": norm,
        "changes_of_map": map_changes,
        "changes_of_image": image_changes,
        "max_sensitivity": max(relative),
        "local_lipschitz": max(lipschitz),
    }


CHECKED_AGAINST = {
    "imputation": "quantus noisy_linear_imputation, pytorch-grad-cam NoisyLinearImputer (both without noise), and a dense solution",
    "deletion": "the formulas of RISE's code; Grad-CAM as in backprop.py",
    "insertion": "the formulas of RISE's code, its blur by scipy's gaussian_filter",
    "pixel-flipping": "numpy",
    "region-flipping": "numpy",
    "road": "quantus noisy_linear_imputation without noise (scipy's sparse solver)",
    "infidelity": "captum infidelity with the same perturbations",
    "max_sensitivity": "captum sensitivity_max with the same perturbations",
    "local_lipschitz": "quantus lipschitz_constant with Euclidean norms",
}


def main() -> None:
    warnings.filterwarnings("ignore", message="Input Tensor 0 did not already require gradients")
    cache = cache_folder(__doc__)
    network = load("squeezenet1_1", cache, half=True)
    inputs = [entry["name"] for entry in read_json("inputs.json")["inputs"]]
    input_name, target = cases(network, inputs)[0]
    subject = Subject(network, network.input(input_name), target)
    signed = Saliency(network.module).attribute(subject.image.clone().requires_grad_(), target, abs=False).detach()
    write_json(
        __file__,
        "faithfulness.json",
        {
            "made_with": formulas.made_with("torch", "captum", "quantus", "grad-cam", "scipy", "torchvision"),
            "checked_against": CHECKED_AGAINST,
            "imputation": imputations(),
            "network": network.name,
            "input": input_name,
            "target": target,
            "label": LABELS[target],
            "probability": subject.probability(subject.image),
            "map": {"layer": network.last_features, "layer_map": subject.layer_map.tolist(), **summary(subject.values)},
            **curves(subject),
            "road": road(subject),
            "infidelity": infidelities(subject, signed),
            "sensitivity": sensitivities(subject),
        },
    )


if __name__ == "__main__":
    main()
