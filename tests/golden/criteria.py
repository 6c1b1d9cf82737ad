"""Pruning criteria: scores, masks and updated weights computed by PyTorch in float64: writes criteria.json and criteria.npz.

A small network has everything a criterion meets: a stride, a depthwise and a grouped convolution, batch normalisations, ReLU6 and
a linear layer. Of the two ImageNet networks, sums, samples and counts a layer are kept. Every criterion is written here from its
definition, another way than in the program wherever there is one: gradients and the Hessian's product by torch's autograd on the
network before folding, SynFlow on the folded network with forward hooks, second order with an explicit inverse of the Hessian that
is shrunk column by column.
"""

import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from common import HERE, cache_folder, read_json, sha256, write_json
from networks import NAMES, load

SEED = 20250702
PICTURES = 16
SPARSITIES = [0.2, 0.5, 0.8]
TEMPERATURE = 200.0
NETWORK_INPUTS = 3
SAMPLES = 8


class Mixed(nn.Module):
    """The small network."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8, eps=1e-3)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False)
        self.bn2 = nn.BatchNorm2d(8, eps=1e-3)
        self.pointwise = nn.Conv2d(8, 12, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(12, eps=1e-3)
        self.grouped = nn.Conv2d(12, 8, 3, padding=1, groups=2)
        self.fc = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu6(self.bn1(self.stem(x)))
        x = F.relu6(self.bn2(self.depthwise(x)))
        x = self.bn3(self.pointwise(x))
        x = F.relu(self.grouped(x))
        return self.fc(x.mean((2, 3)))


def prunable(module: nn.Module) -> dict[str, nn.Module]:
    return {name: layer for name, layer in module.named_modules() if isinstance(layer, (nn.Conv2d, nn.Linear))}


def mixed() -> tuple[Mixed, Tensor]:
    """The network with drawn weights and statistics, rounded to float32, and its pictures."""
    generator = torch.Generator().manual_seed(SEED)
    network = Mixed().double().eval()
    for name, tensor in network.state_dict().items():
        if not tensor.is_floating_point():
            continue
        drawn = torch.randn(tensor.shape, generator=generator, dtype=torch.float64)
        if name.endswith("running_var"):
            drawn = 0.5 + drawn.abs()
        elif name.startswith("bn") and name.endswith("weight"):
            drawn = 1 + 0.3 * drawn
        elif tensor.dim() > 1:
            drawn = drawn / tensor[0].numel() ** 0.5
        else:
            drawn = 0.3 * drawn
        tensor.copy_(drawn.float())
    pictures = torch.randn([PICTURES, 3, 12, 12], generator=generator).double()
    return network, pictures


def own_classes(network: nn.Module, pictures: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.cat([network(picture[None]) for picture in pictures]).argmax(1)


def gradients(network: nn.Module, pictures: Tensor, targets: Tensor, temperature: float = 1.0, graph: bool = False):
    weights = [layer.weight for layer in prunable(network).values()]
    loss = F.cross_entropy(network(pictures) / temperature, targets)
    return torch.autograd.grad(loss, weights, create_graph=graph), weights


def snip(network: nn.Module, pictures: Tensor, targets: Tensor) -> list[Tensor]:
    total = None
    for picture, target in zip(pictures, targets, strict=True):
        found, weights = gradients(network, picture[None], target[None])
        total = found if total is None else [a + b for a, b in zip(total, found, strict=True)]
    return [(w * g / len(pictures)).abs().detach() for w, g in zip(weights, total, strict=True)]


def taylor(network: nn.Module, pictures: Tensor, targets: Tensor) -> list[Tensor]:
    total = None
    for picture, target in zip(pictures, targets, strict=True):
        found, weights = gradients(network, picture[None], target[None])
        parts = [(w * g).abs().detach() for w, g in zip(weights, found, strict=True)]
        total = parts if total is None else [a + b for a, b in zip(total, parts, strict=True)]
    return [sums / len(pictures) for sums in total]


def grasp(network: nn.Module, pictures: Tensor, targets: Tensor) -> list[Tensor]:
    """w (Hg) by differentiating the product of g, as a graph, with g, as a constant."""
    found, weights = gradients(network, pictures, targets, TEMPERATURE, graph=True)
    product = sum((g.detach() * g).sum() for g in found)
    return [(w * hg).detach() for w, hg in zip(weights, torch.autograd.grad(product, weights), strict=True)]


def patches(layer: nn.Module, x: Tensor) -> Tensor:
    """What comes into each weight of an output: [groups, weights of an output, places]."""
    if isinstance(layer, nn.Linear):
        return x.T[None]
    if type(layer).__name__ == "Conv2dSame":
        from timm.layers import pad_same

        x, padding = pad_same(x, layer.kernel_size, layer.stride), 0
    else:
        padding = layer.padding
    unfolded = F.unfold(x, layer.kernel_size, padding=padding, stride=layer.stride)
    n, rows, places = unfolded.shape
    groups = layer.groups
    return unfolded.view(n, groups, rows // groups, places).permute(1, 2, 0, 3).reshape(groups, rows // groups, n * places)


def inputs_of(network: nn.Module, layers: dict[str, nn.Module], pictures: Tensor, visit) -> None:
    hooks = [layer.register_forward_hook(lambda module, given, _, name=name: visit(name, module, given[0])) for name, layer in layers.items()]
    with torch.no_grad():
        for picture in pictures:
            network(picture[None])
    for hook in hooks:
        hook.remove()


def wanda(network: nn.Module, pictures: Tensor) -> list[Tensor]:
    layers = prunable(network)
    squares: dict[str, Tensor] = {}

    def visit(name, layer, x):
        squares[name] = squares.get(name, 0) + patches(layer, x).square().sum(2)

    inputs_of(network, layers, pictures, visit)
    # The norm of a network in which normalisation is folded into the weight scales a whole output: the order stays.
    scores = []
    for name, layer in layers.items():
        weight = layer.weight.detach()
        groups = getattr(layer, "groups", 1)
        norms = squares[name].sqrt().repeat_interleave(weight.shape[0] // groups, 0)
        scores.append(weight.abs() * norms.view_as(weight))
    return scores


def lamp(network: nn.Module) -> list[Tensor]:
    scores = []
    for layer in prunable(network).values():
        flat = layer.weight.detach().double().flatten()
        order = flat.abs().argsort(stable=True)
        squares = flat[order].square()
        found = torch.empty_like(flat)
        found[order] = squares / squares.flip(0).cumsum(0).flip(0)
        scores.append(found)
    return scores


def erk(shapes: list[tuple[int, ...]], sparsity: float) -> list[float]:
    """Densities, by bisection on the factor instead of taking out full layers one after the other."""
    sizes = np.array([np.prod(shape) for shape in shapes], dtype=float)
    raw = np.array([sum(shape) for shape in shapes]) / sizes
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        if (np.minimum(1, raw * middle) * sizes).sum() < (1 - sparsity) * sizes.sum():
            low = middle
        else:
            high = middle
    return np.minimum(1, raw * high).tolist()


def lowest(scores: list[Tensor], count: int) -> list[np.ndarray]:
    """Masks that drop the `count` lowest scores, equal ones in the order of their index."""
    flat = torch.cat([score.flatten() for score in scores])
    mask = np.ones(flat.numel(), dtype=bool)
    mask[flat.argsort(stable=True)[:count].numpy()] = False
    return np.split(mask, np.cumsum([score.numel() for score in scores])[:-1])


def global_masks(scores: list[Tensor], sparsity: float) -> list[np.ndarray]:
    return lowest(scores, round(sparsity * sum(score.numel() for score in scores)))


def counts(masks: list[np.ndarray]) -> list[int]:
    return [int((~mask).sum()) for mask in masks]


def folded(network: nn.Module) -> nn.Module:
    """The network with each normalisation folded into the convolution that is registered before it."""
    network = copy.deepcopy(network)
    last = None
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            last = module
        if isinstance(module, nn.BatchNorm2d):
            scale = module.weight / (module.running_var + module.eps).sqrt()
            last.weight.data.mul_(scale.view(-1, 1, 1, 1))
            module.weight.data.fill_(1.0)
            module.running_var.fill_(1.0 - module.eps)
    return network


def synflow(network: nn.Module, side: int, sparsity: float, rounds: int) -> list[np.ndarray]:
    """Masks after so many rounds; hooks take the place of rectifiers, which nothing negative meets."""
    network = folded(network)
    for name, tensor in network.state_dict().items():
        if name.endswith(("bias", "running_mean")):
            tensor.zero_()
    layers = list(prunable(network).values())
    for layer in layers:
        layer.weight.data.abs_()
    weights = [layer.weight for layer in layers]
    total = sum(weight.numel() for weight in weights)
    masks = [np.ones(weight.numel(), dtype=bool) for weight in weights]
    # Below the 6 of ReLU6 whatever the network makes of it; scores only change by a factor.
    image = torch.full((1, 3, side, side), 1e-60, dtype=torch.float64)
    for step in range(1, rounds + 1):
        grads = torch.autograd.grad(network(image).sum(), weights)
        scores = [(w * g).detach().flatten() for w, g in zip(weights, grads, strict=True)]
        for score, mask in zip(scores, masks, strict=True):
            score[torch.from_numpy(~mask)] = -1
        gone = round((1 - (1 - sparsity) ** (step / rounds)) * total)
        masks = lowest(scores, gone)
        for weight, mask in zip(weights, masks, strict=True):
            weight.data.mul_(torch.from_numpy(mask).view_as(weight))
    return masks


def n_of_m(weight: Tensor, n: int, m: int) -> np.ndarray | None:
    if weight.shape[1] % m:
        return None
    inputs_last = weight.detach().abs().movedim(1, -1)
    groups = inputs_last.reshape(*inputs_last.shape[:-1], -1, m)
    places = groups.argsort(dim=-1, stable=True)[..., m - n :]
    kept = torch.zeros_like(groups, dtype=torch.bool).scatter(-1, places, torch.ones_like(places, dtype=torch.bool))
    return kept.reshape(inputs_last.shape).movedim(-1, 1).flatten().numpy()


def surgeon(weight: Tensor, hessians: Tensor, scales: Tensor, count: int, damping: float) -> tuple[Tensor, np.ndarray]:
    """Column by column with the inverse Hessian of the columns that are left, which is shrunk by one after each; the weights to go are
    those with the lowest (scale w)^2 / [H^-1]_jj, where H has lost the columns before j, chosen at once (the layers here are narrow)."""
    groups, side, _ = hessians.shape
    rows = weight.shape[0] // groups
    work = weight.detach().reshape(groups, rows, side).clone()
    damped = hessians.clone()
    for h in damped:
        mean = h.diagonal().mean()
        h += torch.eye(side, dtype=h.dtype) * (damping * mean if mean > 0 else 1.0)
    pivots = torch.stack([torch.stack([torch.linalg.inv(h[j:, j:])[0, 0] for j in range(side)]) for h in damped])
    scores = (work * scales.view(groups, rows, 1)).square() / pivots[:, None]
    keep = torch.from_numpy(lowest([scores], count)[0]).view_as(work)
    for g in range(groups):
        for j in range(side):
            inverse = torch.linalg.inv(damped[g, j:, j:])
            error = torch.where(keep[g, :, j], torch.zeros(()).double(), work[g, :, j]) / inverse[0, 0]
            work[g, :, j:] -= error[:, None] * inverse[0][None]
            work[g, :, j] *= keep[g, :, j]
    return (work * keep).view_as(weight), keep.flatten().numpy()


def second_order(network: nn.Module, pictures: Tensor, sparsity: float) -> tuple[dict[str, Tensor], list[dict]]:
    """The network pruned layer by layer, every layer by the same share."""
    network = copy.deepcopy(network)
    norms = {"stem": "bn1", "depthwise": "bn2", "pointwise": "bn3"}
    errors = []
    for name, layer in prunable(network).items():
        found = []
        inputs_of(network, {name: layer}, pictures, lambda _, module, x, found=found: found.append(patches(module, x)))
        hessians = sum(x @ x.transpose(1, 2) for x in found) / len(pictures)
        shrinkage = hessians.shape[1] / sum(x.shape[2] for x in found)
        scales = torch.ones(layer.weight.shape[0]).double()
        if name in norms:
            norm = network.get_submodule(norms[name])
            scales = (norm.weight / (norm.running_var + norm.eps).sqrt()).detach()
        updated, _ = surgeon(layer.weight, hessians, scales, round(sparsity * layer.weight.numel()), 0.01 + shrinkage)
        layer.weight.data.copy_(updated)
        errors.append({"layer": name, "pruned": int((updated == 0).sum())})
    return {name: layer.weight.detach() for name, layer in prunable(network).items()}, errors


def re_estimated(network: nn.Module, pictures: Tensor) -> dict[str, Tensor]:
    """torch's own cumulative average over batches of eight."""
    network = copy.deepcopy(network)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
            module.train()
    with torch.no_grad():
        for batch in pictures.split(8):
            network(batch)
    return {name: tensor for name, tensor in network.state_dict().items() if "running_" in name}


def record_small(arrays: dict[str, np.ndarray]) -> dict:
    network, pictures = mixed()
    targets = own_classes(network, pictures)
    layers = prunable(network)
    for name, tensor in network.state_dict().items():
        if tensor.is_floating_point():
            arrays[f"weights/{name}"] = tensor.numpy().astype(np.float32)
    arrays["pictures"] = pictures.numpy().astype(np.float32)
    scores = {
        "snip": snip(network, pictures, targets),
        "taylor": taylor(network, pictures, targets),
        "grasp": grasp(network, pictures, targets),
        "wanda": wanda(network, pictures),
        "lamp": lamp(network),
    }
    for criterion, of_layers in scores.items():
        arrays[f"scores/{criterion}"] = torch.cat([score.flatten() for score in of_layers]).numpy()
    shapes = [tuple(layer.weight.shape) for layer in layers.values()]
    updated, errors = second_order(network, pictures, 0.5)
    arrays["second-order"] = torch.cat([weight.flatten() for weight in updated.values()]).numpy()
    for name, tensor in re_estimated(network, pictures).items():
        if tensor.is_floating_point():
            arrays[f"re-estimated/{name}"] = tensor.numpy()
    patterns = {}
    for n, m in ((2, 4), (4, 8), (1, 4)):
        kept = [n_of_m(layer.weight, n, m) for layer in layers.values()]
        whole = [np.ones(layer.weight.numel(), dtype=bool) if k is None else k for k, layer in zip(kept, layers.values(), strict=True)]
        digest = sha256(np.concatenate(whole).astype(np.uint8).tobytes())
        patterns[f"nm-{n}-{m}"] = {"whole": [name for name, k in zip(layers, kept, strict=True) if k is None], "sha256": digest}
    flows = []
    for sparsity in SPARSITIES:
        masks = synflow(network, 12, sparsity, 100)
        flows.append({"sparsity": sparsity, "pruned": counts(masks), "sha256": sha256(np.concatenate(masks).astype(np.uint8).tobytes())})
    return {
        "layers": [{"name": name, "shape": list(layer.weight.shape)} for name, layer in layers.items()],
        "targets": targets.tolist(),
        "erk": [{"sparsity": sparsity, "densities": erk(shapes, sparsity)} for sparsity in SPARSITIES],
        "patterns": patterns,
        "synflow": flows,
        "second-order": errors,
    }


def sampled(scores: list[Tensor]) -> list[dict]:
    records = []
    for score in scores:
        flat = score.flatten()
        step = max(1, flat.numel() // SAMPLES)
        records.append({"sum": float(flat.sum()), "samples": flat[::step][:SAMPLES].tolist()})
    return records


def record_network(name: str, cache) -> dict:
    network = load(name, cache, half=True)
    layers = prunable(network.module)
    names = [entry["name"] for entry in read_json("inputs.json")["inputs"]][:NETWORK_INPUTS]
    pictures = torch.cat([network.input(picture) for picture in names])
    targets = own_classes(network.module, pictures)
    shapes = [tuple(layer.weight.shape) for layer in layers.values()]
    records = {"inputs": names, "targets": targets.tolist()}
    for criterion, found in (("snip", snip), ("taylor", taylor)):
        scores = found(network.module, pictures, targets)
        records[criterion] = {"scores": sampled(scores), "pruned": counts(global_masks(scores, 0.5))}
    records["wanda"] = {"scores": sampled(wanda(network.module, pictures))}
    masks = global_masks(lamp(network.module), 0.5)
    records["lamp"] = {"pruned": counts(masks), "sha256": sha256(np.concatenate(masks).astype(np.uint8).tobytes())}
    records["erk"] = {"densities": erk(shapes, 0.5)}
    records["synflow"] = {"rounds": 5, "sparsity": 0.9, "pruned": counts(synflow(network.module, 224, 0.9, 5))}
    return records


def main() -> None:
    cache = cache_folder(__doc__)
    torch.manual_seed(SEED)
    arrays: dict[str, np.ndarray] = {}
    value = {"small": record_small(arrays)}
    np.savez_compressed(HERE / "criteria.npz", **{name.replace("/", "."): array for name, array in arrays.items()})
    value["networks"] = {name: record_network(name, cache) for name in NAMES}
    write_json(__file__, "criteria.json", value)


if __name__ == "__main__":
    main()
