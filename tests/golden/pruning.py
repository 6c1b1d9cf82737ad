"""Magnitude pruning by torch.nn.utils.prune: writes pruning.json and pruned_logits_NETWORK.npy.

Among weights of equal magnitude torch prunes an arbitrary choice, and rounded to float16 a network has many equal weights. So the
number of pruned weights is torch's, and the masks are those of one fixed choice: the lowest index is pruned first, the index
running over the weights in module order, each flattened in row-major order. Every mask is checked to differ from torch's only
among the weights whose magnitude is exactly the threshold.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune

from common import HERE, cache_folder, read_json, sha256, write_json
from networks import NAMES, Network, load

SPARSITIES = [0.2, 0.36, 0.488, 0.5904, 0.9, 0.999]
LOGIT_SPARSITIES = [0.2, 0.36, 0.488]
LOGIT_INPUTS = 3

Layers = dict[str, nn.Module]


def prunable(module: nn.Module) -> Layers:
    """All convolutions and fully connected layers, in module order."""
    return {name: layer for name, layer in module.named_modules() if isinstance(layer, (nn.Conv2d, nn.Linear))}


def torch_masks(layers: Layers, sparsity: float, scope: str) -> list[np.ndarray]:
    """The masks torch makes, one flat boolean array a layer (true: kept); the layers are left as they were."""
    if scope == "global":
        parameters = [(layer, "weight") for layer in layers.values()]
        prune.global_unstructured(parameters, pruning_method=prune.L1Unstructured, amount=sparsity)
    else:
        for layer in layers.values():
            prune.l1_unstructured(layer, "weight", amount=sparsity)
    masks = [layer.weight_mask.bool().flatten().numpy() for layer in layers.values()]
    for layer in layers.values():
        original = layer.weight_orig.detach().clone()
        prune.remove(layer, "weight")
        layer.weight.data.copy_(original)
    return masks


def lowest_index_first(magnitudes: np.ndarray, count: int) -> np.ndarray:
    """The mask that prunes the `count` smallest magnitudes, equal ones in the order of their index."""
    mask = np.ones(magnitudes.size, dtype=bool)
    mask[np.argsort(magnitudes, kind="stable")[:count]] = False
    return mask


def at_threshold(magnitudes: np.ndarray, mask: np.ndarray) -> dict:
    """How many weights have exactly the largest pruned magnitude, and how many of those are pruned."""
    pruned = magnitudes[~mask]
    if pruned.size == 0:
        return {"threshold": None, "tied": 0, "tied_and_pruned": 0}
    threshold = pruned.max()
    return {
        "threshold": float(threshold),
        "tied": int((magnitudes == threshold).sum()),
        "tied_and_pruned": int((pruned == threshold).sum()),
    }


def check_same_but_for_ties(magnitudes: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> None:
    differing = magnitudes[ours != theirs]
    if ours.sum() != theirs.sum() or np.unique(differing).size > 1:
        raise ValueError("a mask differs from torch's by more than the choice among equal weights")


def masks_at(layers: Layers, sparsity: float, scope: str) -> tuple[list[np.ndarray], dict]:
    """The masks of the fixed choice, and what is recorded of them."""
    magnitudes = [layer.weight.detach().abs().flatten().numpy() for layer in layers.values()]
    torchs = torch_masks(layers, sparsity, scope)
    if scope == "global":
        together = np.concatenate(magnitudes)
        count = int((~np.concatenate(torchs)).sum())
        mask = lowest_index_first(together, count)
        check_same_but_for_ties(together, mask, np.concatenate(torchs))
        masks = np.split(mask, np.cumsum([m.size for m in magnitudes])[:-1])
        ties = [at_threshold(together, mask)]
    else:
        masks = [lowest_index_first(m, int((~t).sum())) for m, t in zip(magnitudes, torchs, strict=True)]
        for magnitude, mask, theirs in zip(magnitudes, masks, torchs, strict=True):
            check_same_but_for_ties(magnitude, mask, theirs)
        ties = [at_threshold(magnitude, mask) for magnitude, mask in zip(magnitudes, masks, strict=True)]
    per_layer = [
        {
            "pruned": int((~mask).sum()),
            "pruned_by_torch": int((~theirs).sum()),
            "sha256_of_bits": sha256(np.packbits(mask).tobytes()),
        }
        for mask, theirs in zip(masks, torchs, strict=True)
    ]
    together = np.concatenate(masks)
    record = {
        "sparsity": sparsity,
        "pruned": int((~together).sum()),
        "sha256_of_bytes": sha256(together.astype(np.uint8).tobytes()),
        "same_as_torch": bool((together == np.concatenate(torchs)).all()),
        "ties": ties,
        "layers": per_layer,
    }
    return masks, record


def pruned_logits(network: Network, masks: list[np.ndarray], inputs: list[str]) -> np.ndarray:
    """The logits of the network with `masks` applied; the weights are put back afterwards."""
    weights = [layer.weight for layer in prunable(network.module).values()]
    originals = [weight.detach().clone() for weight in weights]
    for weight, mask in zip(weights, masks, strict=True):
        weight.data.mul_(torch.from_numpy(mask).view_as(weight))
    logits = np.stack([network.logits(name) for name in inputs])
    for weight, original in zip(weights, originals, strict=True):
        weight.data.copy_(original)
    return logits


def record_network(name: str, cache: Path, inputs: list[str]) -> dict:
    network = load(name, cache, half=True)
    layers = prunable(network.module)
    records: dict[str, list] = {"global": [], "layer": []}
    logits = []
    for scope, of_scope in records.items():
        for sparsity in SPARSITIES:
            masks, record = masks_at(layers, sparsity, scope)
            of_scope.append(record)
            if scope == "global" and sparsity in LOGIT_SPARSITIES:
                logits.append(pruned_logits(network, masks, inputs))
    np.save(HERE / f"pruned_logits_{name}.npy", np.stack(logits).astype(np.float32))
    sizes = [{"name": f"{layer}.weight", "size": module.weight.numel()} for layer, module in layers.items()]
    return {"prunable": sum(size["size"] for size in sizes), "layers": sizes, **records}


def record_rounding() -> list[dict]:
    """How many of n weights torch prunes: sparsity * n in double precision, halves rounded to the even neighbour."""
    cases = [(10, 0.05), (10, 0.15), (10, 0.25), (10, 0.35), (10, 0.45), (2, 0.25), (6, 0.25), (6, 0.75)]
    # In double precision 45 * 0.7 falls just short of 31.5, and 75 * 0.14 just past 10.5, so neither is a half.
    cases += [(45, 0.7), (75, 0.14), (1072, 0.2), (1072, 0.488), (7, 0.0), (7, 1.0)]
    records = []
    for size, sparsity in cases:
        layer = nn.Linear(size, 1, bias=False)
        masks = torch_masks({"only": layer}, sparsity, "layer")
        records.append({"n": size, "sparsity": sparsity, "pruned": int((~masks[0]).sum())})
    return records


def record_iterations() -> dict:
    """20 % of the remaining weights, round after round, over two layers with 216 + 856 weights of distinct magnitudes."""
    layers = nn.ModuleList([nn.Conv2d(3, 8, 3, bias=False), nn.Linear(107, 8, bias=False)])
    sizes = [layer.weight.numel() for layer in layers]
    index = torch.arange(sum(sizes))
    weights = ((index * 389) % 1072 + 1) / 1072 * (1 - 2 * (index % 2))
    for layer, values in zip(layers, weights.split(sizes), strict=True):
        layer.weight.data.copy_(values.view_as(layer.weight))
    rounds = [{"pruned": 0, "per_layer": [0, 0], "sha256_of_bytes": sha256(bytes([1] * 1072))}]
    for _ in range(5):
        prune.global_unstructured([(layer, "weight") for layer in layers], pruning_method=prune.L1Unstructured, amount=0.2)
        masks = [layer.weight_mask.flatten().numpy().astype(np.uint8) for layer in layers]
        per_layer = [int((mask == 0).sum()) for mask in masks]
        digest = sha256(np.concatenate(masks).tobytes())
        rounds.append({"pruned": sum(per_layer), "per_layer": per_layer, "sha256_of_bytes": digest})
    weights_rule = "weight i is (389 i mod 1072 + 1) / 1072, negative where i is odd; layers of 216 and 856 weights"
    return {"weights": weights_rule, "amount": 0.2, "rounds": rounds}


def record_ties() -> dict:
    """Equal magnitudes in two small layers, pruned globally by the fixed choice; torch agrees on the counts."""
    layers = {"first": nn.Linear(3, 2, bias=False), "second": nn.Linear(2, 2, bias=False)}
    layers["first"].weight.data = torch.tensor([[0.5, -0.25, 1.0], [0.25, 0.0, -0.5]])
    layers["second"].weight.data = torch.tensor([[0.25, -0.5], [2.0, -0.25]])
    weights = [layer.weight.flatten().tolist() for layer in layers.values()]
    cases = []
    for sparsity in [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]:
        masks, _ = masks_at(layers, sparsity, "global")
        cases.append({"sparsity": sparsity, "kept": [mask.astype(int).tolist() for mask in masks]})
    return {"weights": weights, "cases": cases}


def main() -> None:
    cache = cache_folder(__doc__)
    inputs = [entry["name"] for entry in read_json("inputs.json")["inputs"]][:LOGIT_INPUTS]
    value = {"rounding": record_rounding(), "iterations": record_iterations(), "ties": record_ties()}
    value |= {"pruned_logits": {"sparsities": LOGIT_SPARSITIES, "scope": "global", "inputs": inputs}}
    value |= {"networks": {name: record_network(name, cache, inputs) for name in NAMES}}
    write_json(__file__, "pruning.json", value)


if __name__ == "__main__":
    main()
