"""Attribution maps of both networks, computed by captum: writes attributions.json and attributions_NETWORK.npz.

The weights are the float16-rounded ones. Gradients are with respect to the normalised input. Maps are reduced over the channels
as their authors do: saliency by the maximum of the absolute gradients, the signed methods by the sum.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients, LayerGradCam, Saliency
from torch import Tensor
from torch.nn import functional

from common import HERE, cache_folder, read_json, write_json
from networks import LABELS, NAMES, Network, load

STEPS = 50
INPUTS = 6
SECOND_TARGETS = 2
ENLARGED_GRAD_CAMS = 2


def saliency(network: Network, image: Tensor, target: int) -> tuple[Tensor, dict]:
    gradients = Saliency(network.module).attribute(image, target, abs=True)
    return gradients.amax(dim=1)[0], {}


def input_x_gradient(network: Network, image: Tensor, target: int) -> tuple[Tensor, dict]:
    return InputXGradient(network.module).attribute(image, target).sum(dim=1)[0], {}


def integrated_gradients(network: Network, image: Tensor, target: int) -> tuple[Tensor, dict]:
    baseline = torch.zeros_like(image)
    attribution, delta = IntegratedGradients(network.module).attribute(
        image, baseline, target, n_steps=STEPS, method="gausslegendre", internal_batch_size=5, return_convergence_delta=True
    )
    with torch.no_grad():
        difference = (network.module(image) - network.module(baseline))[0, target].item()
    return attribution.sum(dim=1)[0], {"delta": delta.item(), "score_difference": difference}


def grad_cam(network: Network, image: Tensor, target: int) -> tuple[Tensor, dict]:
    coarse = LayerGradCam(network.module, network.layer()).attribute(image, target, relu_attributions=True)
    fine = functional.interpolate(coarse, size=image.shape[2:], mode="bilinear", align_corners=False)
    return fine[0, 0], {"layer_map": coarse[0, 0].detach().numpy().astype(np.float32).tolist()}


METHODS: dict[str, Callable[[Network, Tensor, int], tuple[Tensor, dict]]] = {
    "saliency": saliency,
    "input-x-gradient": input_x_gradient,
    "integrated-gradients": integrated_gradients,
    "grad-cam": grad_cam,
}


def cases(network: Network, inputs: list[str]) -> list[tuple[str, int]]:
    """Every input with its arg-max as the target, and the first few again with the second best class."""
    ranked = {name: np.argsort(-network.logits(name), kind="stable") for name in inputs}
    pairs = [(name, int(ranked[name][0])) for name in inputs]
    return pairs + [(name, int(ranked[name][1])) for name in inputs[:SECOND_TARGETS]]


def summary(values: np.ndarray) -> dict:
    """Numbers of a map that half precision does not blur."""
    return {
        "scale": float(np.abs(values).max()),
        "sum": float(values.sum()),
        "sum_of_absolutes": float(np.abs(values).sum()),
        "sum_of_squares": float((values**2).sum()),
        "largest_at": [int(index) for index in np.unravel_index(values.argmax(), values.shape)],
    }


def record_network(name: str, cache: Path, inputs: list[str]) -> dict:
    network = load(name, cache, half=True)
    pairs = cases(network, inputs)
    arrays, records = {}, {}
    for method, attribute in METHODS.items():
        maps, records[method] = [], []
        for input_name, target in pairs:
            values, details = attribute(network, network.input(input_name).requires_grad_(), target)
            values = values.detach().numpy()
            numbers = summary(values)
            maps.append((values / numbers["scale"]).astype(np.float16))
            records[method].append(numbers | details)
        arrays[method] = np.stack(maps)
    # The layer's own Grad-CAM maps are in the JSON, so two enlarged ones are enough to check the enlargement.
    arrays["grad-cam"] = arrays["grad-cam"][:ENLARGED_GRAD_CAMS]
    np.savez_compressed(HERE / f"attributions_{name}.npz", **arrays)
    listed = [{"input": input_name, "target": target, "label": LABELS[target]} for input_name, target in pairs]
    return {"grad_cam_layer": network.last_features, "cases": listed, **records}


def main() -> None:
    cache = cache_folder(__doc__)
    inputs = [entry["name"] for entry in read_json("inputs.json")["inputs"]][:INPUTS]
    settings = {"integrated-gradients": {"n_steps": STEPS, "rule": "gausslegendre", "baseline": 0.0}}
    networks = {name: record_network(name, cache, inputs) for name in NAMES}
    write_json(__file__, "attributions.json", {"settings": settings, "networks": networks})


if __name__ == "__main__":
    main()
