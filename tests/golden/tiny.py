"""Attribution maps of a tiny network with hand-set weights, computed by captum, zennit and scikit-learn: writes tiny.json.

The network is the one of captum's own tests: convolution (1 to 2 channels, 3x3, no padding), ReLU, a fully connected layer from
the 8 flattened values (channel, row, column) to 4 logits, and a ReLU on those too.
"""

import itertools
import math
import warnings
from unittest import mock

import numpy as np
import torch
from captum.attr import (
    LRP,
    Deconvolution,
    DeepLift,
    GuidedBackprop,
    GuidedGradCam,
    InputXGradient,
    IntegratedGradients,
    KernelShap,
    LayerGradCam,
    NoiseTunnel,
    Occlusion,
    Saliency,
    ShapleyValues,
)
from captum.attr._utils.custom_modules import Addition_Module
from captum.attr._utils.lrp_rules import Alpha1_Beta0_Rule, EpsilonRule, GammaRule, IdentityRule
from skimage.transform import resize
from sklearn.metrics import pairwise_distances
from torch import Tensor, nn
from zennit.attribution import Gradient
from zennit.composites import EpsilonAlpha2Beta1, EpsilonGammaBox, EpsilonPlus, EpsilonPlusFlat, LayerMapComposite, layer_map_base
from zennit.rules import AlphaBeta, Epsilon, Gamma, ZPlus
from zennit.types import Linear

import formulas
from common import write_json

TARGET = 0
NOISE_AMPLITUDE = 2.0
DRAWS = 4
OCCLUSIONS = [(1, 1), (2, 1), (2, 2), (3, 2)]
SEED = 20250702


def tiny_network() -> nn.Sequential:
    conv1, fc = nn.Conv2d(1, 2, 3), nn.Linear(8, 4)
    with torch.no_grad():
        conv1.weight.fill_(1.0)
        conv1.bias.copy_(torch.tensor([-50.0, -75.0]))
        fc.weight.copy_(torch.tensor([1.0] * 5 + [-1.0] * 3).expand(4, 8))
        fc.bias.zero_()
    # Guided backpropagation hooks every ReLU, so each one is a module of its own.
    return nn.Sequential(conv1, nn.ReLU(), nn.Flatten(), fc, nn.ReLU()).double()


class WithoutFlatten(nn.Module):
    """The same network without a module that flattens, for which captum's LRP has no rule."""

    def __init__(self, network: nn.Sequential) -> None:
        super().__init__()
        self.conv1, self.relu1, _, self.fc, self.relu2 = network

    def forward(self, x: Tensor) -> Tensor:
        return self.relu2(self.fc(self.relu1(self.conv1(x)).view(-1, 8)))


def plain(tensor: Tensor) -> list:
    return tensor.detach().squeeze().tolist()


def cams(network: nn.Sequential, image: Tensor) -> dict:
    """The gradient-weighted maps at both layers; formulas.py asserts that pytorch-grad-cam has the same up to its scaling."""
    maps = {name: {} for name in formulas.CAMS if name != "grad-cam"}
    for layer_name, layer in (("conv1", network[0]), ("relu1", network[1])):
        formulas.assert_like_pytorch_grad_cam(network, layer, image, TARGET, with_score_cam=True)
        values = formulas.layer_values(network, layer, image, TARGET)
        for name in maps:
            maps[name][layer_name] = plain(formulas.CAMS[name](*values))
    map_, scores, weights = formulas.score_cam(network, network[1], image, TARGET)
    maps["score-cam"] = {
        "note": "at relu1, size [2, 2]. Channel maps are enlarged with half-pixel centres (align_corners=False), as its authors do "
        "and as every map here is enlarged; pytorch-grad-cam aligns the corners, divides by range + 1e-8 instead of max(range, 1e-8), "
        "and its softmax is in float32",
        "relu1": plain(map_),
        "scores": plain(scores),
        "weights": plain(weights),
    }
    return maps


def deep_lift(network: nn.Module, image: Tensor) -> list[dict]:
    records = []
    for baseline in (0.0, 3.0):
        attribution, delta = DeepLift(network).attribute(image, torch.full_like(image, baseline), TARGET, return_convergence_delta=True)
        records.append({"baseline": baseline, "map": plain(attribution), "delta": delta.item()})
    return records


def integrated(network: nn.Module, image: Tensor, baseline: float) -> dict:
    attribution, delta = IntegratedGradients(network).attribute(
        image, torch.full_like(image, baseline), TARGET, n_steps=50, method="gausslegendre", return_convergence_delta=True
    )
    return {"n_steps": 50, "rule": "gausslegendre", "baseline": baseline, "map": plain(attribution), "delta": delta.item()}


def occlusions(network: nn.Module, image: Tensor) -> list[dict]:
    records = []
    for (window, stride), baseline in itertools.product(OCCLUSIONS, (0.0, 2.0)):
        attribution = Occlusion(network).attribute(
            image, sliding_window_shapes=(1, window, window), strides=(1, stride, stride), target=TARGET, baselines=baseline
        )
        records.append({"window": window, "stride": stride, "baseline": baseline, "map": plain(attribution)})
    return records


def noisy(network: nn.Module, image: Tensor) -> dict:
    """The loops, and captum's NoiseTunnel on the same noise as a check."""
    noises = [formulas.sine_noise(image.shape, NOISE_AMPLITUDE, draw) for draw in range(DRAWS)]
    gradients = [Saliency(network).attribute(image + noise, TARGET, abs=False).detach() for noise in noises]
    maps = {
        "smoothgrad": sum(g.abs() for g in gradients) / DRAWS,
        "smoothgrad-squared": sum(g**2 for g in gradients) / DRAWS,
        "vargrad": sum(g**2 for g in gradients) / DRAWS - (sum(gradients) / DRAWS) ** 2,
        "smoothgrad-ig": sum(IntegratedGradients(network).attribute(image + noise, 0.0, TARGET) for noise in noises) / DRAWS,
    }
    saliency = Saliency(network)
    for name, inner, kind, options in [
        ("smoothgrad", saliency, "smoothgrad", {"abs": True}),
        ("smoothgrad-squared", saliency, "smoothgrad_sq", {"abs": False}),
        ("vargrad", saliency, "vargrad", {"abs": False}),
        ("smoothgrad-ig", IntegratedGradients(network), "smoothgrad", {}),
    ]:
        with mock.patch("torch.normal", return_value=torch.cat(noises)):
            theirs = NoiseTunnel(inner).attribute(image, nt_type=kind, nt_samples=DRAWS, stdevs=1.0, target=TARGET, **options)
        torch.testing.assert_close(maps[name], theirs, rtol=1e-12, atol=1e-12)
    nearest = min(network[0](image + noise).abs().min().item() for noise in noises)
    return {
        "noise": {
            "note": "draw k adds amplitude * sin((i + 1) * (k + 1) * 0.1) to the value with flat index i; k and i from 0",
            "amplitude": NOISE_AMPLITUDE,
            "draws": DRAWS,
            "first_draw": plain(noises[0]),
            "nearest_to_a_kink": nearest,
        },
        "smoothgrad": {"note": "mean of the absolute gradients", "map": plain(maps["smoothgrad"])},
        "smoothgrad-squared": {"note": "mean of the squared gradients", "map": plain(maps["smoothgrad-squared"])},
        "vargrad": {"note": "population variance of the signed gradients", "map": plain(maps["vargrad"])},
        "smoothgrad-ig": {
            "note": "mean of integrated gradients (50 Gauss-Legendre nodes, baseline 0) of the noisy inputs, times those inputs",
            "map": plain(maps["smoothgrad-ig"]),
        },
    }


def relevance(network: nn.Module, image: Tensor) -> list[dict]:
    """Layer-wise relevance; the seed is the target's logit, and a ReLU passes relevance on."""
    logit = network(image)[0, TARGET].item()
    attribution, delta = LRP(WithoutFlatten(network)).attribute(image, TARGET, return_convergence_delta=True)
    records = [{"rule": "epsilon", "epsilon": 1e-9, "biases": True, "by": "captum", "map": plain(attribution), "delta": delta.item()}]

    def everywhere(rule) -> LayerMapComposite:
        return LayerMapComposite(layer_map_base() + [(Linear, rule)])

    for biases, zero in ((True, None), (False, "bias")):
        for facts, composite in [
            ({"rule": "epsilon", "epsilon": 1e-6}, everywhere(Epsilon(1e-6, zero_params=zero))),
            ({"rule": "gamma", "gamma": 0.25}, everywhere(Gamma(0.25, zero_params=zero))),
            ({"rule": "alpha-beta", "alpha": 1, "beta": 0}, everywhere(AlphaBeta(1.0, 0.0, zero_params=zero))),
            ({"rule": "z-plus"}, everywhere(ZPlus(zero_params=zero))),
            ({"rule": "alpha-beta", "alpha": 2, "beta": 1}, everywhere(AlphaBeta(2.0, 1.0, zero_params=zero))),
            ({"rule": "epsilon-plus"}, EpsilonPlus(zero_params=zero)),
            ({"rule": "epsilon-plus-flat"}, EpsilonPlusFlat(zero_params=zero)),
            ({"rule": "epsilon-gamma-box", "low": 0.0, "high": 15.0}, EpsilonGammaBox(low=0.0, high=15.0, zero_params=zero)),
            ({"rule": "epsilon-alpha2-beta1"}, EpsilonAlpha2Beta1(zero_params=zero)),
        ]:
            seed = torch.zeros(1, 4, dtype=torch.float64)
            seed[0, TARGET] = logit
            with Gradient(network, composite) as attributor:
                _, attribution = attributor(image.clone(), seed)
            records.append({**facts, "biases": biases, "by": "zennit", "map": plain(attribution)})
    return [record | {"sum": float(np.sum(record["map"])), "logit": logit} for record in records]


def small_linear(first: float = 2.0) -> nn.Sequential:
    """captum's SimpleLRPModel: three inputs, three ReLUs with weights 2 (the first of them `first`), one output with weights 3."""
    network = nn.Sequential(nn.Linear(3, 3, bias=False), nn.ReLU(), nn.Linear(3, 1, bias=False)).double()
    with torch.no_grad():
        network[0].weight.fill_(2.0)
        network[0].weight[0, 0] = first
        network[2].weight.fill_(3.0)
    return network


class Skip(nn.Module):
    """captum's SkipConnection: a linear layer with weights 5, plus its input."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.add = nn.Linear(2, 2, bias=False), Addition_Module()
        with torch.no_grad():
            self.linear.weight.fill_(5.0)

    def forward(self, x: Tensor) -> Tensor:
        return self.add(self.linear(x), x)


def relevance_cases() -> dict:
    x = torch.tensor([[1.0, 2.0, 3.0]], dtype=torch.float64)
    cases = []
    for name, first, rules, published in [
        ("epsilon 1e-9", 2.0, (EpsilonRule(), EpsilonRule()), [18, 36, 54]),
        ("gamma 1, then gamma 0.25", -2.0, (GammaRule(gamma=1), GammaRule()), [28 / 3, 104 / 3, 52]),
        ("alpha 1, beta 0", -2.0, (Alpha1_Beta0_Rule(), Alpha1_Beta0_Rule()), [12, 33.6, 50.4]),
        ("identity, then epsilon 1e-9", -2.0, (IdentityRule(), EpsilonRule()), [24, 36, 36]),
    ]:
        network = small_linear(first)
        output = network(x).item()
        network[0].rule, network[2].rule = rules
        attribution = LRP(network).attribute(x, 0)
        np.testing.assert_allclose(attribution[0].detach(), published, rtol=1e-7)
        cases.append({"rules": name, "first_weight": first, "output": output, "relevance": plain(attribution)})
    skip = Skip().double()
    pair = torch.tensor([[2.0, 3.0]], dtype=torch.float64)
    attribution = LRP(skip).attribute(pair, 1)
    np.testing.assert_allclose(attribution[0].detach(), [10, 18], rtol=1e-7)
    return {
        "note": "input [1, 2, 3]; linear 3 to 3 without bias, all weights 2 but the one from input 0 to output 0, `first_weight`; ReLU; "
        "linear 3 to 1, weights 3. The skip connection: input [2, 3], y = W x + x with all weights 5, target 1, epsilon 1e-9",
        "cases": cases,
        "skip-connection": plain(attribution),
    }


def rise(network: nn.Module, image: Tensor) -> dict:
    grids = np.array([[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 1], [0, 1, 0, 0]]).reshape(6, 2, 2)
    shifts = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 1), (1, 0)]
    masks = []
    for grid, shift in zip(grids, shifts, strict=True):
        masks.append(formulas.rise_mask(grid, shift, 4))
        enlarged = resize(grid.astype(float), (6, 6), order=1, mode="reflect", anti_aliasing=False)
        np.testing.assert_allclose(masks[-1], enlarged[shift[0] :, shift[1] :][:4, :4], atol=1e-12)
    masks = np.stack(masks)
    with torch.no_grad():
        scores = network(image * torch.from_numpy(masks)[:, None])[:, TARGET].numpy()
    return {
        "note": "cells of 2 pixels, enlarged to 6 x 6, cropped at the shift (rows, columns); the score is the target's logit",
        "p1": 0.5,
        "grids": grids.tolist(),
        "shifts": shifts,
        "masks": masks.tolist(),
        "scores": scores.tolist(),
        "map": formulas.rise_map(masks, scores, 0.5).tolist(),
    }


def segments(network: nn.Module, image: Tensor) -> dict:
    """KernelSHAP and LIME over the four 2 x 2 quadrants."""
    quadrant = torch.tensor([[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]])
    every = np.array(list(itertools.product((0, 1), repeat=4)))

    def outputs(coalitions: np.ndarray) -> np.ndarray:
        kept = torch.from_numpy(coalitions)[:, quadrant][:, None]
        with torch.no_grad():
            return network(image * kept)[:, TARGET].numpy()

    value = {tuple(z): v for z, v in zip(every.tolist(), outputs(every).tolist(), strict=True)}
    exact = []
    for player in range(4):
        total = 0.0
        for z, v in value.items():
            if not z[player]:
                joined = z[:player] + (1,) + z[player + 1 :]
                size = sum(z)
                total += (value[joined] - v) * math.factorial(size) * math.factorial(3 - size) / math.factorial(4)
        exact.append(total)
    inner = every[1:-1]
    solved = formulas.kernel_shap(inner, outputs(inner), value[0, 0, 0, 0], value[1, 1, 1, 1])
    np.testing.assert_allclose(solved, exact, rtol=1e-12)
    mask = quadrant[None, None]
    theirs = ShapleyValues(network).attribute(image, 0.0, TARGET, feature_mask=mask)[0, 0, ::2, ::2].flatten()
    np.testing.assert_allclose(theirs, exact, rtol=1e-6)  # captum accumulates in float32 here
    torch.manual_seed(SEED)
    drawn = KernelShap(network).attribute(image, 0.0, TARGET, feature_mask=mask, n_samples=16000)[0, 0, ::2, ::2].flatten()
    np.testing.assert_allclose(drawn, exact, atol=0.03 * max(exact))

    chosen = np.array([[1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 1, 0], [1, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0], [1, 0, 1, 1], [0, 1, 0, 1]])
    with np.errstate(invalid="ignore"):
        distances = pairwise_distances(chosen, chosen[:1], metric="cosine").flatten()
    np.testing.assert_allclose(formulas.lime_weights(chosen), np.sqrt(np.exp(-(distances**2) / 0.25**2)), rtol=1e-7)
    coefficients, intercept = formulas.lime(chosen, outputs(chosen))
    return {
        "segments": quadrant.tolist(),
        "kernel-shap": {
            "note": "exact Shapley values of the four segments, baseline 0; least squares over the 14 inner coalitions agrees",
            "coalitions": every.tolist(),
            "outputs": outputs(every).tolist(),
            "values": exact,
        },
        "lime": {
            "note": "ridge regression with penalty 1 and an intercept, weights sqrt(exp(-d^2 / 0.25^2)), d the cosine distance to all ones",
            "coalitions": chosen.tolist(),
            "outputs": outputs(chosen).tolist(),
            "weights": formulas.lime_weights(chosen).tolist(),
            "coefficients": coefficients.tolist(),
            "intercept": intercept,
        },
    }


CHECKED_AGAINST = {
    "saliency": "captum Saliency",
    "input-x-gradient": "captum InputXGradient",
    "integrated-gradients": "captum IntegratedGradients; the numbers in captum's own tests",
    "grad-cam": "captum LayerGradCam; pytorch-grad-cam GradCAM up to its scaling",
    "grad-cam-plus-plus": "pytorch-grad-cam GradCAMPlusPlus up to its scaling",
    "hires-cam": "pytorch-grad-cam HiResCAM up to its scaling",
    "layer-cam": "pytorch-grad-cam LayerCAM up to its scaling",
    "score-cam": "pytorch-grad-cam ScoreCAM, whose formula with align_corners=True is the same up to its scaling",
    "guided-backprop": "captum GuidedBackprop",
    "guided-grad-cam": "captum GuidedGradCam",
    "deconvolution": "captum Deconvolution",
    "deeplift": "captum DeepLift (rescale rule)",
    "occlusion": "captum Occlusion",
    "smoothgrad": "captum NoiseTunnel(Saliency) with the same noise",
    "smoothgrad-squared": "captum NoiseTunnel(Saliency) with the same noise",
    "vargrad": "captum NoiseTunnel(Saliency) with the same noise",
    "smoothgrad-ig": "captum NoiseTunnel(IntegratedGradients) with the same noise",
    "lrp": "captum LRP and zennit, as the field `by` says; captum's own tests for lrp_cases",
    "rise": "the authors' mask generator, with scikit-image's resize",
    "kernel-shap": "captum ShapleyValues (exact) and KernelShap (16000 drawn coalitions, within 3 %)",
    "lime": "scikit-learn Ridge, pairwise_distances",
}


def main() -> None:
    warnings.filterwarnings("ignore", message=r"\s*Setting (forward, )?backward hooks")
    warnings.filterwarnings("ignore", message="Input Tensor 0 did not already require gradients")
    network = tiny_network()
    conv1, relu1, _, fc, _ = network
    image = torch.arange(16, dtype=torch.float64).view(1, 1, 4, 4)

    def grad_cam(layer: nn.Module) -> Tensor:
        return LayerGradCam(network, layer).attribute(image, TARGET, relu_attributions=True)

    from_zero = integrated(network, image, 0.0)
    published = [0, 0.0805, 0.161, 0.2414, 1.1855, 3.2719, 3.9262, 2.506]
    published += [2.371, 5.8893, 6.5437, 3.938, 3.5564, 7.4606, 8.0345, 4.1629]
    np.testing.assert_allclose(np.ravel(from_zero["map"]), published, atol=1e-4)

    occlusion = Occlusion(network).attribute(image, sliding_window_shapes=(1, 2, 2), strides=(1, 1, 1), target=TARGET, baselines=0.0)
    write_json(
        __file__,
        "tiny.json",
        {
            "made_with": formulas.made_with("torch", "captum", "zennit", "grad-cam", "scikit-learn", "scikit-image"),
            "checked_against": CHECKED_AGAINST,
            "network": {
                "layers": ["conv1", "relu1", "flatten", "fc", "relu2"],
                "conv1.weight": conv1.weight.tolist(),
                "conv1.bias": conv1.bias.tolist(),
                "fc.weight": fc.weight.tolist(),
                "fc.bias": fc.bias.tolist(),
            },
            "input": plain(image),
            "target": TARGET,
            "outputs": {"conv1": plain(conv1(image)), "relu1": plain(relu1(conv1(image))), "logits": plain(network(image))},
            "saliency": plain(Saliency(network).attribute(image, TARGET)),
            "input-x-gradient": plain(InputXGradient(network).attribute(image, TARGET)),
            "integrated-gradients": from_zero,
            "integrated-gradients-from-3": integrated(network, image, 3.0),
            "grad-cam": {
                "note": "at the layer's own size [2, 2], after the ReLU of Grad-CAM",
                "conv1": plain(grad_cam(conv1)),
                "relu1": plain(grad_cam(relu1)),
            },
            **cams(network, image),
            "guided-backprop": plain(GuidedBackprop(network).attribute(image, TARGET)),
            "guided-grad-cam": {
                "note": "at relu1; its Grad-CAM is enlarged by nearest neighbour here",
                "map": plain(GuidedGradCam(network, relu1).attribute(image, TARGET)),
            },
            "deconvolution": plain(Deconvolution(network).attribute(image, TARGET)),
            "deeplift": deep_lift(network, image),
            "occlusion": {
                "note": "window 2x2, stride 1, baseline 0; differences averaged over the windows that cover a pixel",
                "map": plain(occlusion),
            },
            "occlusion-windows": occlusions(network, image),
            **noisy(network, image),
            "lrp": relevance(network, image),
            "lrp_cases": relevance_cases(),
            "rise": rise(network, image),
            **segments(network, image),
        },
    )


if __name__ == "__main__":
    main()
