"""Maps of both networks that average or perturb: writes perturbation.json and perturbation_NETWORK.npz.

Weights and inputs are those of attributions.py, the target is the arg-max, and there are two cases a network. Of each 224 x 224 map the
values [2::5, 2::5] are kept. What is drawn at random elsewhere is given here: the noise is a sine, grids and coalitions are in the JSON.
"""

import math
import warnings
from pathlib import Path

import numpy as np
import torch
from captum.attr import IntegratedGradients, Occlusion, Saliency
from skimage.transform import resize
from torch import Tensor, nn

import formulas
from attributions import cases, summary
from common import HERE, cache_folder, read_json, write_json
from networks import LABELS, NAMES, Network, load

CASES = 2
SEED = 20250702
DRAWS = 4
PATH_DRAWS = 2
PATH_AMPLITUDE = {"efficientnet_lite0": 1.0, "squeezenet1_1": 58.0}
STEPS = 50
WINDOW, STRIDE = 32, 16
SCORE_CAM_CASES = {"efficientnet_lite0": 1, "squeezenet1_1": 2}
RISE_CELLS, RISE_GRIDS, RISE_P1 = 7, 12, 0.5
SEGMENTS_PER_SIDE, COALITIONS = 4, 60
SIDE = 224


def smooth_gradients(network: Network, image: Tensor, target: int) -> tuple[dict[str, Tensor], float]:
    """SmoothGrad, its square and VarGrad, and the amplitude of their noise."""
    amplitude = 0.15 * (image.max() - image.min()).item()
    gradients = []
    for draw in range(DRAWS):
        noisy = (image + formulas.sine_noise(image.shape, amplitude, draw)).requires_grad_()
        gradients.append(Saliency(network.module).attribute(noisy, target, abs=False).detach())
    squares = sum(g**2 for g in gradients) / DRAWS
    maps = {
        "smoothgrad": sum(g.abs() for g in gradients) / DRAWS,
        "smoothgrad-squared": squares,
        "vargrad": squares - (sum(gradients) / DRAWS) ** 2,
    }
    return maps, amplitude


def integrated_gradients(network: Network, image: Tensor, baseline: Tensor, target: int) -> Tensor:
    return (
        IntegratedGradients(network.module)
        .attribute(image.requires_grad_(), baseline, target, n_steps=STEPS, method="gausslegendre", internal_batch_size=5)
        .detach()
    )


def smooth_path(network: Network, image: Tensor, target: int) -> Tensor:
    """The mean of integrated gradients of noisy inputs, each times its own input, as captum's NoiseTunnel has it."""
    amplitude = PATH_AMPLITUDE[network.name]
    noisy = [image + formulas.sine_noise(image.shape, amplitude, draw) for draw in range(PATH_DRAWS)]
    return sum(integrated_gradients(network, x, torch.zeros_like(x), target) for x in noisy) / PATH_DRAWS


def from_blurred(network: Network, image: Tensor, target: int) -> tuple[Tensor, dict]:
    baseline = formulas.blurred(image)
    attribution = integrated_gradients(network, image.clone(), baseline, target)
    with torch.no_grad():
        difference = (network.module(image) - network.module(baseline))[0, target].item()
    return attribution, {"score_difference": difference, "delta": attribution.sum().item() - difference}


def occlusion(network: Network, image: Tensor, target: int) -> Tensor:
    """All three channels at once, so each channel of captum's map is the same; one of them is kept."""
    with torch.no_grad():
        attribution = Occlusion(network.module).attribute(
            image,
            sliding_window_shapes=(3, WINDOW, WINDOW),
            strides=(3, STRIDE, STRIDE),
            target=target,
            baselines=0.0,
            perturbations_per_eval=5,
        )
    return attribution[:, :1]


def outputs(module: nn.Module, image: Tensor, masks: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The target's logit and probability of the masked inputs."""
    parts = []
    with torch.no_grad():
        for part in torch.from_numpy(masks).split(6):
            logits = module(image * part[:, None])
            parts.append(torch.stack([logits[:, target], logits.softmax(dim=1)[:, target]]))
    both = torch.cat(parts, dim=1).numpy()
    return both[0], both[1]


def rise_masks() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Grids, shifts and masks; the masks are checked against the authors' generator."""
    random = np.random.default_rng(SEED)
    cell = math.ceil(SIDE / RISE_CELLS)
    grids = (random.random((RISE_GRIDS, RISE_CELLS, RISE_CELLS)) < RISE_P1).astype(int)
    shifts = random.integers(0, cell, (RISE_GRIDS, 2))
    masks = np.stack([formulas.rise_mask(grid, (down, right), SIDE) for grid, (down, right) in zip(grids, shifts, strict=True)])
    side = (RISE_CELLS + 1) * cell
    for grid, (down, right), mask in zip(grids, shifts, masks, strict=True):
        enlarged = resize(grid.astype(float), (side, side), order=1, mode="reflect", anti_aliasing=False)
        np.testing.assert_allclose(mask, enlarged[down : down + SIDE, right : right + SIDE], atol=1e-12)
    return grids, shifts, masks


def coalitions() -> np.ndarray:
    """Different coalitions, neither empty nor full."""
    every = np.random.default_rng(SEED).integers(0, 2, (COALITIONS * 2, SEGMENTS_PER_SIDE**2))
    inner = [z for z in np.unique(every, axis=0) if 0 < z.sum() < len(z)]
    order = np.random.default_rng(SEED).permutation(len(inner))[:COALITIONS]
    return np.stack([inner[at] for at in order])


def segments(network: Network, image: Tensor, target: int) -> dict:
    chosen = coalitions()
    ends = np.array([np.zeros(chosen.shape[1], dtype=int), np.ones(chosen.shape[1], dtype=int)])
    part = SIDE // SEGMENTS_PER_SIDE
    rows = np.concatenate([ends, chosen]).reshape(-1, SEGMENTS_PER_SIDE, SEGMENTS_PER_SIDE)
    masks = rows.repeat(part, axis=1).repeat(part, axis=2).astype(float)
    empty, full, *rest = outputs(network.module, image, masks, target)[0].tolist()
    values = np.array(rest)
    coefficients, intercept = formulas.lime(chosen, values)
    return {
        "empty": empty,
        "full": full,
        "outputs": rest,
        "lime": {"coefficients": coefficients.tolist(), "intercept": intercept},
        "kernel-shap": formulas.kernel_shap(chosen, values, empty, full).tolist(),
    }


class Recorder:
    """Collects the maps of one network: numbers for the JSON, thinned maps for the arrays."""

    def __init__(self) -> None:
        self.records: dict[str, list[dict]] = {}
        self.maps: dict[str, list[np.ndarray]] = {}

    def add(self, method: str, values: np.ndarray, **facts) -> None:
        numbers = summary(values) | facts
        self.records.setdefault(method, []).append(numbers)
        self.maps.setdefault(method, []).append(formulas.subsample(values / numbers["scale"]).astype(np.float16))


def record_network(name: str, cache: Path, inputs: list[str]) -> dict:
    network = load(name, cache, half=True)
    pairs = cases(network, inputs)[:CASES]
    recorder = Recorder()
    score_cams, by_segments = [], []
    masks = rise_masks()[2]
    for at, (input_name, target) in enumerate(pairs):
        image = network.input(input_name)
        smooth, amplitude = smooth_gradients(network, image, target)
        for method, values in smooth.items():
            recorder.add(method, values.sum(dim=1)[0].numpy(), amplitude=amplitude)
            recorder.add(f"{method}-largest", values.amax(dim=1)[0].numpy(), amplitude=amplitude)
        recorder.add("smoothgrad-ig", smooth_path(network, image, target).sum(dim=1)[0].numpy(), amplitude=PATH_AMPLITUDE[name])
        attribution, facts = from_blurred(network, image, target)
        recorder.add("integrated-gradients-from-blurred", attribution.sum(dim=1)[0].numpy(), **facts)
        recorder.add("occlusion", occlusion(network, image, target)[0, 0].numpy())
        logits, probabilities = outputs(network.module, image, masks, target)
        recorder.add("rise", formulas.rise_map(masks, probabilities, RISE_P1), probabilities=probabilities.tolist())
        recorder.add("rise-logit", formulas.rise_map(masks, logits, RISE_P1), logits=logits.tolist())
        by_segments.append(segments(network, image, target))
        if at < SCORE_CAM_CASES[name]:
            map_, scores, weights = formulas.score_cam(network.module, network.layer(), image, target, batch=8)
            score_cams.append({"map": map_.tolist(), "scores": scores.tolist(), "largest_weight": weights.max().item()})
    np.savez_compressed(HERE / f"perturbation_{name}.npz", **{method: np.stack(maps) for method, maps in recorder.maps.items()})
    return {
        "cases": [{"input": input_name, "target": target, "label": LABELS[target]} for input_name, target in pairs],
        **recorder.records,
        "score-cam": {"layer": network.last_features, "cases": score_cams},
        "segments": by_segments,
    }


CHECKED_AGAINST = {
    "smoothgrad": "captum Saliency in a loop; tiny.py shows that NoiseTunnel does the same",
    "smoothgrad-squared": "captum Saliency in a loop; tiny.py shows that NoiseTunnel does the same",
    "vargrad": "captum Saliency in a loop; tiny.py shows that NoiseTunnel does the same",
    "smoothgrad-ig": "captum IntegratedGradients in a loop; tiny.py shows that NoiseTunnel does the same",
    "integrated-gradients-from-blurred": "captum IntegratedGradients; the blur is scipy's gaussian_filter",
    "occlusion": "captum Occlusion",
    "score-cam": "the formula in formulas.py, which tiny.py compares to pytorch-grad-cam ScoreCAM",
    "rise": "the authors' mask generator, with scikit-image's resize",
    "lime": "scikit-learn Ridge",
    "kernel-shap": "numpy least squares; tiny.py compares it to captum ShapleyValues",
}


def main() -> None:
    warnings.filterwarnings("ignore", message="Input Tensor 0 did not already require gradients")
    cache = cache_folder(__doc__)
    inputs = [entry["name"] for entry in read_json("inputs.json")["inputs"]]
    networks = {name: record_network(name, cache, inputs) for name in NAMES}
    grids, shifts, _ = rise_masks()
    write_json(
        __file__,
        "perturbation.json",
        {
            "made_with": formulas.made_with("torch", "captum", "scipy", "scikit-learn", "scikit-image", "timm", "torchvision"),
            "checked_against": CHECKED_AGAINST,
            "settings": {
                "noise": {"draws": DRAWS, "share_of_range": 0.15, "draws_of_path": PATH_DRAWS},
                "integrated-gradients": {"n_steps": STEPS, "rule": "gausslegendre", "blur": formulas.rise_blur().tolist()},
                "occlusion": {"window": WINDOW, "stride": STRIDE, "baseline": 0.0},
                "rise": {"p1": RISE_P1, "grids": grids.tolist(), "shifts": shifts.tolist()},
                "segments": {"per_side": SEGMENTS_PER_SIDE, "baseline": 0.0, "coalitions": coalitions().tolist()},
            },
            "networks": networks,
        },
    )


if __name__ == "__main__":
    main()
