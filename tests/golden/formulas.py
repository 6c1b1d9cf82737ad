"""Definitions that several scripts share: class activation maps, noise that can be repeated anywhere, RISE's masks, LIME, KernelSHAP.

Each is written out from its formula; the scripts assert that the packages of the methods' authors and users give the same.
"""

import math
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import torch
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM, ScoreCAM
from pytorch_grad_cam.base_cam import BaseCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from scipy.ndimage import gaussian_filter
from sklearn.linear_model import Ridge
from torch import Tensor, nn
from torch.nn import functional


def made_with(*packages: str) -> dict[str, str]:
    """The installed version of each package."""
    return {package: version(package) for package in packages}


# Class activation maps


def layer_values(network: nn.Module, layer: nn.Module, image: Tensor, target: int) -> tuple[Tensor, Tensor]:
    """A layer's output A and the gradient g of the target's logit with respect to it, both [channel, height, width]."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    try:
        logit = network(image.detach().requires_grad_())[0, target]
    finally:
        handle.remove()
    (gradient,) = torch.autograd.grad(logit, kept[0])
    return kept[0][0].detach(), gradient[0]


def grad_cam(a: Tensor, g: Tensor) -> Tensor:
    return (g.mean(dim=(1, 2), keepdim=True) * a).sum(dim=0).relu()


def grad_cam_plus_plus(a: Tensor, g: Tensor) -> Tensor:
    total = a.sum(dim=(1, 2), keepdim=True)
    alpha = g**2 / (2 * g**2 + total * g**3 + 1e-6)
    alpha = torch.where(g != 0, alpha, 0.0)
    return ((g.relu() * alpha).sum(dim=(1, 2), keepdim=True) * a).sum(dim=0).relu()


def hires_cam(a: Tensor, g: Tensor) -> Tensor:
    return (g * a).sum(dim=0).relu()


def layer_cam(a: Tensor, g: Tensor) -> Tensor:
    return (g.relu() * a).sum(dim=0).relu()


CAMS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "grad-cam": grad_cam,
    "grad-cam-plus-plus": grad_cam_plus_plus,
    "hires-cam": hires_cam,
    "layer-cam": layer_cam,
}


def score_cam(
    network: nn.Module, layer: nn.Module, image: Tensor, target: int, batch: int = 16, align_corners: bool = False
) -> tuple[Tensor, Tensor, Tensor]:
    """Score-CAM's map at the layer's size, the target's logit for each channel's mask, and the channels' weights."""
    a = layer_values(network, layer, image, target)[0]
    with torch.no_grad():
        masks = functional.interpolate(a[None], size=image.shape[2:], mode="bilinear", align_corners=align_corners)[0]
        low, high = masks.amin(dim=(1, 2), keepdim=True), masks.amax(dim=(1, 2), keepdim=True)
        masks = (masks - low) / (high - low).clamp(min=1e-8)
        scores = torch.cat([network(image * part[:, None])[:, target] for part in masks.split(batch)])
        weights = scores.softmax(dim=0)
        return (weights[:, None, None] * a).sum(dim=0).relu(), scores, weights


THEIR_CAMS = {"grad-cam": GradCAM, "grad-cam-plus-plus": GradCAMPlusPlus, "hires-cam": HiResCAM, "layer-cam": LayerCAM}


def assert_like_pytorch_grad_cam(network: nn.Module, layer: nn.Module, image: Tensor, target: int, with_score_cam: bool = False) -> None:
    """Asserts that the maps above, scaled and enlarged as pytorch-grad-cam does it, are that package's."""
    values = layer_values(network, layer, image, target)
    pairs = [(their_cam, CAMS[name](*values)) for name, their_cam in THEIR_CAMS.items()]
    if with_score_cam:
        pairs.append((ScoreCAM, score_cam(network, layer, image, target, align_corners=True)[0]))
    for their_cam, ours in pairs:
        enlarged = scale_cam_image(ours[None].numpy(), tuple(image.shape[:1:-1]))
        np.testing.assert_allclose(scale_cam_image(enlarged), _theirs(their_cam, network, layer, image, target), atol=2e-5)


def _theirs(their_cam: type[BaseCAM], network: nn.Module, layer: nn.Module, image: Tensor, target: int) -> np.ndarray:
    with their_cam(model=network, target_layers=[layer]) as cam:
        return cam(image.detach().requires_grad_(), [ClassifierOutputTarget(target)])


# Noise


def sine_noise(shape: torch.Size | tuple[int, ...], amplitude: float, draw: int) -> Tensor:
    """amplitude * sin((i + 1) * (draw + 1) * 0.1) for the flat index i: what takes the place of random numbers."""
    index = torch.arange(1, math.prod(shape) + 1, dtype=torch.float64)
    return amplitude * torch.sin(index * (draw + 1) * 0.1).view(shape)


# RISE


def rise_blur() -> np.ndarray:
    """The 11 weights, along one axis, of the Gaussian blur of RISE's insertion game: sigma 5, cut off five pixels from the centre.

    The authors filter an 11 x 11 unit impulse with scipy's gaussian_filter, which mirrors at the border what would fall outside.
    """
    impulse = np.zeros((11, 11))
    impulse[5, 5] = 1.0
    both = gaussian_filter(impulse, 5)
    along = both.sum(axis=1)
    np.testing.assert_allclose(np.outer(along, along), both, atol=1e-15)
    return along


def blurred(image: Tensor) -> Tensor:
    """RISE's blur of each channel, with zeros outside the image."""
    weights = torch.from_numpy(rise_blur())
    kernel = torch.outer(weights, weights).expand(image.shape[1], 1, 11, 11)
    return functional.conv2d(image.detach(), kernel, padding=5, groups=image.shape[1])


def rise_mask(grid: np.ndarray, shift: tuple[int, int], size: int) -> np.ndarray:
    """The authors' mask: the grid enlarged to (s + 1) cells of ceil(size / s) pixels, cropped at the shift."""
    cells = len(grid)
    cell = math.ceil(size / cells)
    enlarged = _enlarge(grid, (cells + 1) * cell)
    down, right = shift
    return enlarged[down : down + size, right : right + size]


def _enlarge(grid: np.ndarray, side: int) -> np.ndarray:
    """What skimage.transform.resize does with order 1 and mode 'reflect': the s cells are stretched over the whole side, pixel
    centres map to (i + 0.5) * s / side - 0.5, and beyond the outer centres the grid is mirrored about those centres."""
    last = len(grid) - 1
    at = np.abs((np.arange(side) + 0.5) * len(grid) / side - 0.5)
    at = last - np.abs(last - at)
    low = np.minimum(np.floor(at).astype(int), last - 1)
    part = at - low
    rows = grid[low] * (1 - part)[:, None] + grid[low + 1] * part[:, None]
    return rows[:, low] * (1 - part) + rows[:, low + 1] * part


def rise_map(masks: np.ndarray, scores: np.ndarray, p1: float) -> np.ndarray:
    return np.tensordot(scores, masks, axes=1) / len(masks) / p1


# LIME and KernelSHAP


def lime_weights(coalitions: np.ndarray) -> np.ndarray:
    """sqrt(exp(-d^2 / 0.25^2)), d the cosine distance to the coalition of all; 1 for the empty coalition."""
    size = coalitions.sum(axis=1)
    distance = 1 - np.sqrt(size / coalitions.shape[1])
    return np.sqrt(np.exp(-(distance**2) / 0.25**2))


def lime(coalitions: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, float]:
    """Coefficients and intercept of the weighted ridge regression with penalty 1."""
    model = Ridge(alpha=1.0, fit_intercept=True).fit(coalitions, outputs, sample_weight=lime_weights(coalitions))
    return model.coef_, float(model.intercept_)


def shapley_kernel(coalitions: np.ndarray) -> np.ndarray:
    players = coalitions.shape[1]
    return np.array([(players - 1) / (math.comb(players, z) * z * (players - z)) for z in coalitions.sum(axis=1).tolist()])


def kernel_shap(coalitions: np.ndarray, outputs: np.ndarray, empty: float, full: float) -> np.ndarray:
    """Least squares with the Shapley kernel's weights under the constraints f(empty) = intercept, f(full) = intercept + sum."""
    root = np.sqrt(shapley_kernel(coalitions))
    z = coalitions.astype(float)
    # The last coefficient is what the others leave of f(full) - f(empty).
    left = z[:, :-1] - z[:, -1:]
    right = outputs - empty - z[:, -1] * (full - empty)
    free = np.linalg.lstsq(left * root[:, None], right * root, rcond=None)[0]
    return np.append(free, full - empty - free.sum())


def subsample(values: np.ndarray) -> np.ndarray:
    """45 x 45 values of a 224 x 224 map; the stride 5 has no common factor with the networks' strides."""
    return values[2::5, 2::5]
