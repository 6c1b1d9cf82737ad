"""Maps of both networks by modified back-propagation and by class activation: writes backprop.json and backprop_NETWORK.npz.

Weights, inputs, targets and the sum over channels are those of attributions.py. Of each 224 x 224 map the values [2::5, 2::5] are kept.

* Guided back-propagation and deconvolution: captum, with each ReLU6 split into a ReLU, which has the modified gradient, and a clamp
  at 6, which keeps its own.
* Guided Grad-CAM: Grad-CAM enlarged bilinearly (captum: by nearest neighbour) times guided back-propagation.
* DeepLIFT: captum's rescale rule, baseline 0, with ReLU6 as one non-linearity and a correction of its rule for max pooling.
* Relevance: zennit on the network with batch norms folded into the convolutions before them.
"""

import copy
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from captum.attr import Deconvolution, DeepLift, GuidedBackprop
from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR, nonlinear
from torch import Tensor, nn
from torch.nn import functional
from zennit.attribution import Gradient
from zennit.composites import (
    EpsilonAlpha2Beta1,
    EpsilonGammaBox,
    EpsilonPlus,
    EpsilonPlusFlat,
    LayerMapComposite,
    layer_map_base,
)
from zennit.core import Composite
from zennit.layer import Sum
from zennit.rules import Epsilon, Gamma
from zennit.types import Linear

import formulas
from attributions import INPUTS, cases, summary
from common import HERE, cache_folder, read_json, write_json
from networks import LABELS, NAMES, Network, load

COSTLY_CASES = [0, 1, 6]
MIDDLE_LAYERS = {"squeezenet1_1": "features.7", "efficientnet_lite0": "blocks.3.2"}
MIDDLE_CASES = 2


# Networks in the forms the packages need


class ClampAtSix(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.clamp(max=6.0)


def with_split_relu6(module: nn.Module) -> nn.Module:
    """A copy in which each ReLU6 is a ReLU, which captum hooks, and a clamp."""
    module = copy.deepcopy(module)
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.ReLU6):
                setattr(parent, name, nn.Sequential(nn.ReLU(), ClampAtSix()))
    return module


class FoldedBlock(nn.Module):
    """A block of EfficientNet-Lite0: convolutions and activations, and the addition of the block's input where there is one."""

    def __init__(self, layers: list[nn.Module], skip: bool) -> None:
        super().__init__()
        self.layers, self.sum = nn.Sequential(*layers), Sum() if skip else None

    def forward(self, x: Tensor) -> Tensor:
        y = self.layers(x)
        return y if self.sum is None else self.sum(torch.stack([y, x], dim=-1))


def fold(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> nn.Conv2d:
    """A convolution that includes the batch norm after it."""
    folded = copy.deepcopy(conv)
    factor = norm.weight / (norm.running_var + norm.eps).sqrt()
    folded.weight = nn.Parameter(conv.weight * factor.view(-1, 1, 1, 1))
    folded.bias = nn.Parameter(norm.bias - norm.running_mean * factor)
    return folded


def folded(network: Network) -> nn.Module:
    """The network as a composite of zennit takes it: no batch norms, sums and activations as modules."""
    module = network.module
    if network.name == "squeezenet1_1":
        return copy.deepcopy(module)
    layers = [fold(module.conv_stem, module.bn1), nn.ReLU6()]
    for block in (block for stage in module.blocks for block in stage):
        pairs = [(block.conv_dw, block.bn1), (block.conv_pw, block.bn2)]
        if hasattr(block, "conv_pwl"):
            pairs = [(block.conv_pw, block.bn1), (block.conv_dw, block.bn2), (block.conv_pwl, block.bn3)]
        inside = [layer for conv, norm in pairs for layer in (fold(conv, norm), nn.ReLU6())][:-1]
        layers.append(FoldedBlock(inside, block.has_skip))
    layers += [fold(module.conv_head, module.bn2), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), copy.deepcopy(module.classifier)]
    return nn.Sequential(*layers).double().eval()


# DeepLIFT


def halves(values: Tensor) -> tuple[Tensor, Tensor]:
    """What belongs to the image and to the baseline, which go through the network together."""
    return values[:1], values[1:]


def quotient(above: Tensor, below: Tensor, otherwise: Tensor) -> Tensor:
    """above / below, and something else where below is zero (captum's bound)."""
    zero = below.abs() < 1e-10
    return torch.where(zero, otherwise, above / torch.where(zero, torch.ones_like(below), below))


class RescaledActivation(torch.autograd.Function):
    """An activation whose slope is the difference of its outputs over that of its inputs."""

    @staticmethod
    def forward(context, inputs: Tensor, top: float) -> Tensor:
        outputs = inputs.clamp(0.0, top)
        context.save_for_backward(inputs, outputs)
        context.top = top
        return outputs

    @staticmethod
    def backward(context, part: Tensor) -> tuple[Tensor, None]:
        (x, x_base), (y, y_base) = (halves(values) for values in context.saved_tensors)
        slope = quotient(y - y_base, x - x_base, ((x > 0) & (x < context.top)).to(x.dtype))
        return (part[:1] * slope).repeat(2, 1, 1, 1), None


class RescaledPooling(torch.autograd.Function):
    """Maximum pooling: each of the two winners of a window takes its part of the difference; overlapping windows add up."""

    @staticmethod
    def forward(context, inputs: Tensor, pooling: nn.MaxPool2d) -> Tensor:
        outputs, places = functional.max_pool2d(
            inputs, pooling.kernel_size, pooling.stride, pooling.padding, pooling.dilation, pooling.ceil_mode, return_indices=True
        )
        context.save_for_backward(inputs, outputs, places)
        return outputs

    @staticmethod
    def backward(context, part: Tensor) -> tuple[Tensor, None]:
        (x, x_base), (y, y_base), (place, place_base) = (halves(values) for values in context.saved_tensors)
        larger = torch.maximum(y, y_base)

        def spread(values: Tensor, places: Tensor) -> Tensor:
            return torch.zeros_like(x).flatten(2).scatter_add(2, places.flatten(2), values.flatten(2)).view_as(x)

        shares = spread(part[:1] * (larger - y_base), place) + spread(part[:1] * (y - larger), place_base)
        return quotient(shares, x - x_base, spread(part[:1], place)).repeat(2, 1, 1, 1), None


class Applied(nn.Module):
    def __init__(self, function, setting) -> None:
        super().__init__()
        self.function, self.setting = function, setting

    def forward(self, inputs: Tensor) -> Tensor:
        return self.function.apply(inputs, self.setting)


def rescaled(module: nn.Module) -> nn.Module:
    """A copy that goes back by the rescale rule."""
    module = copy.deepcopy(module)
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.ReLU):
                setattr(parent, name, Applied(RescaledActivation, float("inf")))
            elif isinstance(child, nn.ReLU6):
                setattr(parent, name, Applied(RescaledActivation, 6.0))
            elif isinstance(child, nn.MaxPool2d):
                setattr(parent, name, Applied(RescaledPooling, child))
    return module


def deep_lift(module: nn.Module, image: Tensor, target: int) -> tuple[Tensor, dict]:
    """The rescale rule from a zero baseline; `module` as `rescaled` makes it."""
    pair = torch.cat([image.detach(), torch.zeros_like(image)]).requires_grad_()
    scores = module(pair)[:, target]
    (multipliers,) = torch.autograd.grad(scores.sum(), pair)
    attribution = (multipliers * (pair[:1] - pair[1:]))[:1].detach()
    return attribution, {"delta": (attribution.sum() - (scores[0] - scores[1])).item()}


def captums_deep_lift(module: nn.Module, image: Tensor, target: int) -> tuple[Tensor, float]:
    attribution, delta = DeepLift(module).attribute(image, torch.zeros_like(image), target, return_convergence_delta=True)
    return attribution, delta.item()


SUPPORTED_NON_LINEAR[nn.ReLU6] = nonlinear


# Relevance


def composites(network: Network) -> dict[str, Callable[[], Composite]]:
    mean = torch.tensor(network.mean, dtype=torch.float64).view(1, 3, 1, 1)
    low, high = (0 - mean) / network.std, (255 - mean) / network.std
    rules = {
        "epsilon": lambda: LayerMapComposite(layer_map_base() + [(Linear, Epsilon(1e-6))]),
        "gamma": lambda: LayerMapComposite(layer_map_base() + [(Linear, Gamma(0.25))]),
        "epsilon-plus": EpsilonPlus,
        "epsilon-plus-flat": EpsilonPlusFlat,
        "epsilon-gamma-box": lambda: EpsilonGammaBox(low=low, high=high),
        "epsilon-alpha2-beta1": EpsilonAlpha2Beta1,
        "epsilon-plus-without-biases": lambda: EpsilonPlus(zero_params="bias"),
    }
    if network.name == "squeezenet1_1":
        # In EfficientNet-Lite0, whose convolutions also have negative inputs, this explodes to 1e31: see README.md.
        rules["epsilon-gamma-box-without-biases"] = lambda: EpsilonGammaBox(low=low, high=high, zero_params="bias")
    return rules


def relevance(module: nn.Module, composite: Composite, image: Tensor, target: int) -> tuple[Tensor, dict]:
    logit = module(image)[0, target].item()
    seed = torch.zeros(1, len(LABELS), dtype=image.dtype)
    seed[0, target] = logit
    with Gradient(module, composite) as attributor:
        return attributor(image.detach().clone(), seed)[1], {"logit": logit}


# Records


class Recorder:
    """Collects the maps of one network: numbers for the JSON, thinned maps for the arrays."""

    def __init__(self) -> None:
        self.records: dict[str, list[dict]] = {}
        self.maps: dict[str, list[np.ndarray]] = {}

    def add(self, method: str, attribution: Tensor, single: Tensor | None = None, **facts) -> None:
        """`single` is the same map in float32, to tell how far rounding alone moves it."""
        values = attribution.detach().sum(dim=1)[0].numpy()
        numbers = summary(values) | facts
        if single is not None:
            other = single.detach().sum(dim=1)[0].numpy()
            numbers["float32_distance"] = float(np.linalg.norm(other - values) / np.linalg.norm(values))
        self.records.setdefault(method, []).append(numbers)
        self.maps.setdefault(method, []).append(formulas.subsample(values / numbers["scale"]).astype(np.float16))

    def arrays(self) -> dict[str, np.ndarray]:
        return {method: np.stack(maps) for method, maps in self.maps.items()}


def record_gradients(recorder: Recorder, network: Network, pairs: list[tuple[str, int]]) -> None:
    module = with_split_relu6(network.module)
    single = copy.deepcopy(module).float()
    for input_name, target in pairs:
        image = network.input(input_name).requires_grad_()
        small_image = image.detach().float().requires_grad_()
        guided = GuidedBackprop(module).attribute(image, target)
        recorder.add("guided-backprop", guided, GuidedBackprop(single).attribute(small_image, target))
        deconvolved = Deconvolution(module).attribute(image, target)
        recorder.add("deconvolution", deconvolved, Deconvolution(single).attribute(small_image, target))
        coarse = formulas.grad_cam(*formulas.layer_values(network.module, network.layer(), image, target))
        fine = functional.interpolate(coarse[None, None], size=image.shape[2:], mode="bilinear", align_corners=False)
        recorder.add("guided-grad-cam", fine * guided)


def record_deep_lift(recorder: Recorder, network: Network, pairs: list[tuple[str, int]]) -> None:
    module = rescaled(network.module)
    single = copy.deepcopy(module).float()
    for input_name, target in pairs:
        image = network.input(input_name)
        attribution, facts = deep_lift(module, image, target)
        if not abs(facts["delta"]) < 1e-6:
            raise ValueError(f"DeepLIFT of {input_name} misses the difference of outputs by {facts['delta']}")
        captums, delta = captums_deep_lift(network.module, image.clone().requires_grad_(), target)
        if network.name == "squeezenet1_1":
            # captum's rule for maximum pooling keeps one contribution where windows share their largest element.
            facts["delta_of_captum"] = delta
        else:
            np.testing.assert_allclose(attribution.numpy(), captums.detach().numpy(), rtol=1e-6, atol=1e-9)
        other = deep_lift(single, image.float(), target)[0]
        recorder.add("deeplift", attribution, other, **facts)


def record_relevance(recorder: Recorder, network: Network, pairs: list[tuple[str, int]]) -> float:
    """Returns how much the folding of batch norms changes the logits."""
    module = folded(network)
    single = copy.deepcopy(module).float()
    change = 0.0
    for input_name, target in pairs:
        image = network.input(input_name)
        with torch.no_grad():
            change = max(change, (module(image) - network.module(image)).abs().max().item())
        for name, composite in composites(network).items():
            attribution, facts = relevance(module, composite(), image, target)
            other = relevance(single, composite(), image.float(), target)[0]
            recorder.add(f"lrp-{name}", attribution, other, **facts)
    if change > 1e-10:
        raise ValueError(f"folding changes the logits of {network.name} by {change}")
    return change


def record_cams(network: Network, pairs: list[tuple[str, int]]) -> dict:
    """The maps at the layers' own sizes."""
    module = network.module
    middle = module.get_submodule(MIDDLE_LAYERS[network.name])
    last_maps = {name: [] for name in formulas.CAMS if name != "grad-cam"}
    middle_maps = {name: [] for name in formulas.CAMS if name != "grad-cam-plus-plus"}
    for at, (input_name, target) in enumerate(pairs):
        image = network.input(input_name)
        places = [(network.layer(), last_maps)] + [(middle, middle_maps)] * (at < MIDDLE_CASES)
        for layer, maps in places:
            formulas.assert_like_pytorch_grad_cam(module, layer, image, target)
            values = formulas.layer_values(module, layer, image, target)
            for name, kept in maps.items():
                kept.append(formulas.CAMS[name](*values).tolist())
    return {"last": {"layer": network.last_features, **last_maps}, "middle": {"layer": MIDDLE_LAYERS[network.name], **middle_maps}}


def record_network(name: str, cache: Path, inputs: list[str]) -> dict:
    network = load(name, cache, half=True)
    pairs = cases(network, inputs)
    costly = [pairs[at] for at in COSTLY_CASES]
    recorder = Recorder()
    record_gradients(recorder, network, pairs)
    record_deep_lift(recorder, network, costly)
    change = record_relevance(recorder, network, costly)
    np.savez_compressed(HERE / f"backprop_{name}.npz", **recorder.arrays())
    listed = [{"input": input_name, "target": target, "label": LABELS[target]} for input_name, target in pairs]
    return {
        "cases": listed,
        "change_of_logits_by_folding": change,
        "cams": record_cams(network, pairs),
        **recorder.records,
    }


CHECKED_AGAINST = {
    "guided-backprop": "captum GuidedBackprop on split ReLU6",
    "deconvolution": "captum Deconvolution on split ReLU6",
    "guided-grad-cam": "captum GuidedBackprop times Grad-CAM (formulas.py), enlarged by torch interpolate, bilinear, align_corners=False",
    "deeplift": "the rescale rule as PyTorch autograd functions, which equal captum DeepLift where there is no max pooling",
    "lrp-epsilon": "zennit Epsilon(1e-6) on all convolutions and linear layers",
    "lrp-gamma": "zennit Gamma(0.25) on all convolutions and linear layers",
    "lrp-epsilon-plus": "zennit EpsilonPlus",
    "lrp-epsilon-plus-flat": "zennit EpsilonPlusFlat",
    "lrp-epsilon-gamma-box": "zennit EpsilonGammaBox, box from black to white",
    "lrp-epsilon-alpha2-beta1": "zennit EpsilonAlpha2Beta1",
    "lrp-epsilon-plus-without-biases": "zennit EpsilonPlus(zero_params='bias')",
    "lrp-epsilon-gamma-box-without-biases": "zennit EpsilonGammaBox(zero_params='bias')",
    "grad-cam": "pytorch-grad-cam GradCAM up to its scaling",
    "grad-cam-plus-plus": "pytorch-grad-cam GradCAMPlusPlus up to its scaling",
    "hires-cam": "pytorch-grad-cam HiResCAM up to its scaling",
    "layer-cam": "pytorch-grad-cam LayerCAM up to its scaling",
}


def main() -> None:
    warnings.filterwarnings("ignore", message=r"\s*Setting (forward, )?backward hooks")
    cache = cache_folder(__doc__)
    inputs = [entry["name"] for entry in read_json("inputs.json")["inputs"]][:INPUTS]
    networks = {name: record_network(name, cache, inputs) for name in NAMES}
    write_json(
        __file__,
        "backprop.json",
        {
            "made_with": formulas.made_with("torch", "captum", "zennit", "grad-cam", "timm", "torchvision"),
            "checked_against": CHECKED_AGAINST,
            "costly_cases": COSTLY_CASES,
            "networks": networks,
        },
    )


if __name__ == "__main__":
    main()
