"""Object discovery, written from the definitions with numpy and scipy: writes discovery.json, discovery.npz and discovery/NAME.png.

Features are PyTorch's, in float64, of both ImageNet networks with float16-rounded weights: dense and at two sparsities, pruned as in
pruning.py, on the eight inputs and on four whole photos, padded with zeros at the right and the bottom to a multiple of the tap's stride.
Nothing is taken from the code of LOST, TokenCut or MaskCut. Eigenvectors are those of scipy's dense solver for the generalised problem.

How close a decision is to going the other way is kept too (`margin`): the least distance of a cosine from the threshold, or of a product
from 0, as a share of the largest. A rounding error beyond it can change which tokens are joined.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import torch
from PIL import Image
from scipy.linalg import eigh
from scipy.ndimage import label

from common import HERE, ROOT, cache_folder, read_json, sha256, write_json
from networks import NAMES, Network, load
from pruning import masks_at, prunable

GALLERY = ROOT / "www" / "gallery"
PHOTOS = HERE / "discovery"
# Photos in the public domain or CC0, and the share of their width that is kept: wide ones and a high one.
WHOLE = {"bison": 1.0, "red-panda": 1.0, "chambord": 1.0, "eiffel-tower": 0.6}
LONG_SIDE = 256
SPARSITIES = [0.0, 0.36, 0.5904]
# Name of the module that is looked at, and its stride in pixels.
TAPS = {
    "efficientnet_lite0": [("blocks.2.1", 8), ("blocks.4.2", 16)],
    "squeezenet1_1": [("features.7", 8), ("features.12", 16)],
}
LOST_PATCHES = 100
TOKENCUT_TAU, MASKCUT_TAU, WEAK = 0.2, 0.15, 1e-5
OBJECTS = 3
TIED = 1e-6
"""Tokens whose eigenvector's value is within this share of the largest count as equal; the lower index is taken."""


def whole_photo(network: Network, name: str, stride: int) -> tuple[np.ndarray, tuple[int, int]]:
    """A photo padded to a multiple of the stride, [1, 3, rows, columns], and its own height and width."""
    pixels = np.asarray(Image.open(PHOTOS / f"{name}.png"), dtype=np.float64)
    height, width, _ = pixels.shape
    padded = np.zeros((1, 3, -(-height // stride) * stride, -(-width // stride) * stride))
    padded[0, :, :height, :width] = ((pixels - np.array(network.mean)) / network.std).transpose(2, 0, 1)
    return padded, (height, width)


def features(network: Network, tap: str, images: np.ndarray) -> np.ndarray:
    """What leaves the module, [channels, rows, columns]."""
    kept = []
    hook = network.module.get_submodule(tap).register_forward_hook(lambda module, args, output: kept.append(output.detach().clone()))
    with torch.no_grad():
        network.module(torch.from_numpy(images))
    hook.remove()
    return kept[0][0].numpy()


def joint(tokens: np.ndarray) -> np.ndarray:
    """One mean and one variance over all tokens and channels (torch's layer_norm over both axes)."""
    return torch.nn.functional.layer_norm(torch.from_numpy(tokens), tokens.shape).numpy()


def unit(tokens: np.ndarray) -> np.ndarray:
    return torch.nn.functional.normalize(torch.from_numpy(tokens), dim=1).numpy()


def centred(tokens: np.ndarray) -> np.ndarray:
    return unit(tokens - tokens.mean(axis=0))


def connected(mask: np.ndarray, seed: int) -> np.ndarray:
    """The piece of a [rows, columns] mask with the seed; neighbours by sides."""
    pieces, _ = label(mask)
    return pieces == pieces.flat[seed]


def box(mask: np.ndarray, padded: tuple[int, int], size: tuple[int, int]) -> list[float]:
    """Left, top, right, bottom in pixels, the last two exclusive, cut to the picture without its padding."""
    (rows, columns), (height, width) = mask.shape, size
    down, across = padded[0] / rows, padded[1] / columns
    ys, xs = np.nonzero(mask)
    edges = [xs.min() * across, ys.min() * down, (xs.max() + 1) * across, (ys.max() + 1) * down]
    return [float(min(edge, most)) for edge, most in zip(edges, [width, height, width, height], strict=True)]


def lost(tokens: np.ndarray, grid: tuple[int, int]) -> dict:
    vectors = joint(tokens)
    affinity = vectors @ vectors.T
    others = affinity.copy()
    np.fill_diagonal(others, 0)
    degrees = (others > 0).sum(axis=1)
    order = np.argsort(degrees, kind="stable")
    seed = int(order[0])
    similar = [int(token) for token in order[:LOST_PATCHES] if affinity[seed, token] > 0]
    sums = affinity[similar].sum(axis=0)
    mask = connected((sums > 0).reshape(grid), seed)
    ranked = np.sort(degrees)
    return {
        "seed": seed,
        "similar": similar,
        "mask": mask,
        "foreground": (sums > 0).reshape(grid),
        "degrees": degrees,
        "margin": float(np.abs(affinity).min() / np.abs(affinity).max()),
        "margin_of_sums": float(np.abs(sums).min() / np.abs(sums).max()),
        "margin_of_degree": int(ranked[1] - ranked[0]),
    }


def second_eigenvector(cosines: np.ndarray, tau: float) -> tuple[np.ndarray, float]:
    """Of (D - A) y = lambda D y, and the distance to the next eigenvalue."""
    edges = np.where(cosines > tau, 1.0, WEAK)
    degrees = edges.sum(axis=1)
    values, vectors = eigh(np.diag(degrees) - edges, np.diag(degrees), subset_by_index=[0, 2])
    return vectors[:, 1], float(values[2] - values[1])


def first_largest(values: np.ndarray) -> int:
    return int(np.nonzero(values >= values.max() - TIED * abs(values.max()))[0][0])


def tokencut(tokens: np.ndarray, grid: tuple[int, int]) -> dict:
    vectors = centred(tokens)
    cosines = vectors @ vectors.T
    eigenvector, gap = second_eigenvector(cosines, TOKENCUT_TAU)
    foreground = eigenvector > eigenvector.mean()
    seed = first_largest(np.abs(eigenvector))
    if not foreground[seed]:
        eigenvector, foreground = -eigenvector, ~foreground
    return {
        "seed": seed,
        "foreground": foreground.reshape(grid),
        "mask": connected(foreground.reshape(grid), seed),
        "eigenvector": eigenvector,
        "edges": (cosines > TOKENCUT_TAU).sum(axis=1),
        "maskcut_margin": float(np.abs(cosines - MASKCUT_TAU).min()),
        "maskcut_edges": (cosines > MASKCUT_TAU).sum(axis=1),
        "gap": gap,
        "margin": float(np.abs(cosines - TOKENCUT_TAU).min()),
        "margin_of_cut": float(np.abs(eigenvector - eigenvector.mean()).min() / np.abs(eigenvector).max()),
    }


def maskcut(tokens: np.ndarray, grid: tuple[int, int]) -> list[np.ndarray]:
    """The masks of the objects; the cut is ended by a mask that is dropped, since the next one would be the same."""
    vectors = centred(tokens)
    found: list[np.ndarray] = []
    for number in range(OBJECTS):
        eigenvector, _ = second_eigenvector(vectors @ vectors.T, MASKCUT_TAU)
        foreground = (eigenvector > eigenvector.mean()).reshape(grid)
        # An eigenvector's sign is arbitrary: the part with the strongest token comes first, and gives way if it has most corners.
        if not foreground.flat[first_largest(np.abs(eigenvector))]:
            eigenvector, foreground = -eigenvector, ~foreground
        if sum(int(foreground[row, column]) for row in (0, -1) for column in (0, -1)) >= 3:
            eigenvector, foreground = -eigenvector, ~foreground
        mask = connected(foreground, first_largest(eigenvector))
        again = any((mask & before).sum() / (mask | before).sum() > 0.5 for before in found)
        if number > 0 and (again or mask.mean() <= 0.01):
            break
        found.append(mask)
        vectors = vectors * ~mask.reshape(-1, 1)
    return found


def write_photos() -> list[dict]:
    """The whole photos, scaled down, as PNG, so that both sides decode the same pixels."""
    PHOTOS.mkdir(exist_ok=True)
    gallery = {image["id"]: image for image in json.loads((GALLERY / "gallery.json").read_text())["images"]}
    entries = []
    for name, share in WHOLE.items():
        entry = gallery[name]
        if entry["licence"] not in ("LicenseRef-Public-Domain", "CC0-1.0"):
            raise ValueError(f"{name} is under {entry['licence']}")
        picture = Image.open(GALLERY / entry["file"]).convert("RGB")
        margin = round(picture.width * (1 - share) / 2)
        picture = picture.crop((margin, 0, picture.width - margin, picture.height))
        scale = LONG_SIDE / max(picture.size)
        # Another side each, so that paddings differ.
        size = [round(side * scale) - 3 * len(entries) for side in picture.size]
        picture.resize(size, Image.Resampling.BILINEAR).save(PHOTOS / f"{name}.png", optimize=True)
        entries.append({"name": name, "picture": f"www/gallery/{entry['file']}", "sha256": sha256((PHOTOS / f"{name}.png").read_bytes())})
    return entries


def record(network: Network, names: list[str], arrays: dict[str, np.ndarray]) -> list[dict]:
    layers = prunable(network.module)
    dense = {name: layer.weight.detach().clone() for name, layer in layers.items()}
    cases = []
    for sparsity in SPARSITIES:
        if sparsity > 0:
            masks, _ = masks_at(layers, sparsity, "global")
            for layer, mask in zip(layers.values(), masks, strict=True):
                layer.weight.data.mul_(torch.from_numpy(mask).view_as(layer.weight))
        for tap, stride in TAPS[network.name]:
            for name in [*names, *WHOLE]:
                whole = name in WHOLE
                if whole:
                    images, size = whole_photo(network, name, stride)
                else:
                    images, size = network.input(name).numpy(), (224, 224)
                padded = images.shape[2:]
                found = features(network, tap, images)
                channels, rows, columns = found.shape
                tokens = found.reshape(channels, rows * columns).T
                by_lost, by_tokencut = lost(tokens, (rows, columns)), tokencut(tokens, (rows, columns))
                by_maskcut = maskcut(tokens, (rows, columns))
                key = f"{network.name}/{sparsity}/{tap}/{name}"
                arrays[f"{key}/eigenvector"] = by_tokencut["eigenvector"].astype(np.float32)
                arrays[f"{key}/degrees"] = by_lost["degrees"].astype(np.int16)
                arrays[f"{key}/maskcut_edges"] = by_tokencut["maskcut_edges"].astype(np.int16)
                arrays[f"{key}/edges"] = by_tokencut["edges"].astype(np.int16)
                sets = [by_lost["foreground"], by_lost["mask"], by_tokencut["foreground"], by_tokencut["mask"], *by_maskcut]
                arrays[f"{key}/sets"] = np.packbits(np.stack([s.reshape(-1) for s in sets]), axis=1)
                cases.append(
                    {
                        "network": network.name,
                        "sparsity": sparsity,
                        "tap": tap,
                        "picture": name,
                        "whole": whole,
                        "grid": [rows, columns],
                        "norm": float(np.linalg.norm(tokens)),
                        "lost": {
                            "seed": by_lost["seed"],
                            "similar": by_lost["similar"],
                            "box": box(by_lost["mask"], padded, size),
                            "margin": by_lost["margin"],
                            "margin_of_sums": by_lost["margin_of_sums"],
                            "margin_of_degree": by_lost["margin_of_degree"],
                        },
                        "tokencut": {
                            "seed": by_tokencut["seed"],
                            "box": box(by_tokencut["mask"], padded, size),
                            "gap": by_tokencut["gap"],
                            "margin": by_tokencut["margin"],
                            "margin_of_cut": by_tokencut["margin_of_cut"],
                        },
                        "maskcut": {
                            "boxes": [box(mask, padded, size) for mask in by_maskcut],
                            "margin": by_tokencut["maskcut_margin"],
                        },
                    }
                )
        for name, layer in layers.items():
            layer.weight.data.copy_(dense[name])
    return cases


def main() -> None:
    cache: Path = cache_folder(__doc__)
    names = [entry["name"] for entry in read_json("inputs.json")["inputs"]]
    photos = write_photos()
    arrays: dict[str, np.ndarray] = {}
    cases = [case for name in NAMES for case in record(load(name, cache, half=True), names, arrays)]
    np.savez_compressed(HERE / "discovery.npz", **arrays)
    settings = {"patches": LOST_PATCHES, "tokencut_tau": TOKENCUT_TAU, "maskcut_tau": MASKCUT_TAU, "weak": WEAK, "objects": OBJECTS}
    made_with = {"numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__}
    value = {"made_with": made_with, "settings": settings, "photos": photos, "cases": cases}
    write_json(__file__, "discovery.json", value)


if __name__ == "__main__":
    main()
