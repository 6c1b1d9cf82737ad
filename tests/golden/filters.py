"""Filter pruning by numpy and Torch-Pruning: writes filters.json and filters_logits.npy.

Torch-Pruning's dependency graph says which filters go together and what reads them, and it takes them out. Importances and the choice
of filters are computed here, from the definitions: L1 and L2 norm of a filter (Li et al. 2017), the sum of its distances to the others
(FPGM, He et al. 2019), the scale of batch normalisation (Liu et al. 2017). A channel that several layers write has all its filters, one
after the other, as its filter.

The choice: channels in the order of their importance, equal ones in the order of their index. `layer` takes the same share of every
group; `global` lets all compete by importance over the group's mean. A tenth of each group, rounded up, stays. As many go as bring the
share of weights that is gone nearest to the sparsity asked for.
"""

import copy
import math
from dataclasses import dataclass

import numpy as np
import torch
import torch_pruning as tp
from torch import Tensor, nn

from common import HERE, cache_folder, read_json, sha256, write_json
from networks import NAMES, load

SPARSITIES = [0.2, 0.36, 0.5]
FLOOR = 0.1
LOGITS = {"criterion": "l1", "scope": "global", "sparsity": 0.36}
KINDS = (nn.Conv2d, nn.Linear)


@dataclass
class Group:
    """Channels that compete: the layers that write them with the normalisation after each, and who reads them from which input on."""

    writers: list[str]
    norms: list[str]
    readers: list[tuple[str, int]]
    size: int


class Small(nn.Module):
    """Sums, a shortcut with stride, a concatenation and a convolution that keeps channels apart, on 16 x 16 pixels."""

    def __init__(self) -> None:
        super().__init__()
        for name, layer in {
            "stem": nn.Conv2d(3, 8, 3, padding=1, bias=False),
            "norm": nn.BatchNorm2d(8),
            "one": nn.Conv2d(8, 10, 3, padding=1, bias=False),
            "one_norm": nn.BatchNorm2d(10),
            "two": nn.Conv2d(10, 8, 3, padding=1, bias=False),
            "two_norm": nn.BatchNorm2d(8),
            "down": nn.Conv2d(8, 12, 3, stride=2, padding=1, bias=False),
            "down_norm": nn.BatchNorm2d(12),
            "apart": nn.Conv2d(12, 12, 3, padding=1, groups=12, bias=False),
            "apart_norm": nn.BatchNorm2d(12),
            "shortcut": nn.Conv2d(8, 12, 1, stride=2, bias=False),
            "shortcut_norm": nn.BatchNorm2d(12),
            "left": nn.Conv2d(12, 6, 1, bias=False),
            "left_norm": nn.BatchNorm2d(6),
            "right": nn.Conv2d(12, 7, 3, padding=1, bias=False),
            "right_norm": nn.BatchNorm2d(7),
            "fc": nn.Linear(13, 5),
        }.items():
            self.add_module(name, layer)
        # Sixteenths and 512ths, which are the same numbers everywhere.
        for k, (name, tensor) in enumerate(sorted(self.state_dict().items())):
            if name.endswith("num_batches_tracked"):
                continue
            values = (torch.arange(tensor.numel()) * 389 + 97 * (k + 1)) % 1009
            values = values / 1024 + 0.25 if "norm." in name else (values - 504) / 512
            tensor.copy_(values.view_as(tensor))

    def forward(self, images: Tensor) -> Tensor:
        x = torch.relu(self.norm(self.stem(images)))
        y = torch.relu(self.one_norm(self.one(x)))
        x = torch.relu(self.two_norm(self.two(y)) + x)
        y = self.apart_norm(self.apart(torch.relu(self.down_norm(self.down(x)))))
        x = torch.relu(y + self.shortcut_norm(self.shortcut(x)))
        x = torch.cat([torch.relu(self.left_norm(self.left(x))), torch.relu(self.right_norm(self.right(x)))], 1)
        return self.fc(x.mean((2, 3)))


def layers(module: nn.Module) -> dict[str, nn.Module]:
    return {name: layer for name, layer in module.named_modules() if isinstance(layer, KINDS)}


def graph(module: nn.Module, example: Tensor) -> tp.DependencyGraph:
    return tp.DependencyGraph().build_dependency(module, example_inputs=example)


def groups(module: nn.Module, example: Tensor) -> list[Group]:
    """Torch-Pruning's groups, the answer's own left out, in the order of their first layers."""
    known = layers(module)
    names = {layer: name for name, layer in module.named_modules()}
    order = list(known)
    found = []
    for group in graph(module, example).get_all_groups(ignored_layers=[known[order[-1]]], root_module_types=KINDS):
        writers, norms, readers = [], [], []
        for item in group:
            layer, handler = item.dep.target.module, item.dep.handler.__name__
            if isinstance(layer, nn.modules.batchnorm._BatchNorm):
                norms.append(names[layer])
            elif isinstance(layer, KINDS):
                if "out_channels" in handler:
                    writers.append(names[layer])
                elif getattr(layer, "groups", 1) == 1:
                    readers.append((names[layer], min(int(i) for i in item.idxs)))
        writers = sorted(set(writers), key=order.index)
        found.append(Group(writers, sorted(set(norms)), sorted(set(readers)), known[writers[0]].weight.shape[0]))
    return sorted(found, key=lambda group: order.index(group.writers[0]))


def importances(module: nn.Module, group: Group, criterion: str) -> np.ndarray | None:
    parts = dict(module.named_modules())
    filters = np.concatenate([parts[name].weight.detach().double().flatten(1).numpy() for name in group.writers], axis=1)
    if criterion == "l1":
        return np.abs(filters).sum(1)
    if criterion == "l2":
        return np.linalg.norm(filters, axis=1)
    if criterion == "fpgm":
        return np.array([np.linalg.norm(filters - one, axis=1).sum() for one in filters])
    scales = [parts[name].weight.detach().double().abs().numpy() for name in group.norms]
    return sum(scales) if scales else None


def choose(module: nn.Module, all_groups: list[Group], criterion: str, scope: str, sparsity: float) -> list[np.ndarray] | None:
    """Which channels of each group go; None where the criterion has nothing to go by in one of them."""
    candidates = []
    for at, group in enumerate(all_groups):
        found = importances(module, group, criterion)
        if found is None:
            return None
        order = np.argsort(found, kind="stable")[: group.size - max(1, math.ceil(group.size * FLOOR))]
        for place, channel in enumerate(order):
            key = (place + 1) / group.size if scope == "layer" else found[channel] / found.mean()
            candidates.append((key, at, place, int(channel)))
    candidates.sort()
    known = layers(module)
    outputs = {name: layer.weight.shape[0] for name, layer in known.items()}
    inputs = {name: layer.weight.shape[1] for name, layer in known.items()}
    kernels = {name: layer.weight[0, 0].numel() for name, layer in known.items()}

    def weights() -> int:
        return sum(outputs[name] * inputs[name] * kernels[name] for name in known)

    total = weights()
    gone = [0]
    for _, at, _, _ in candidates:
        for name in all_groups[at].writers:
            outputs[name] -= 1
        for name, _ in all_groups[at].readers:
            inputs[name] -= 1
        gone.append(total - weights())
    count = int(np.argmin(np.abs(np.array(gone) - sparsity * total)))
    taken = candidates[:count]
    return [np.sort([channel for _, group, _, channel in taken if group == at]).astype(int) for at in range(len(all_groups))]


def prune(module: nn.Module, example: Tensor, all_groups: list[Group], chosen: list[np.ndarray]) -> nn.Module:
    """A copy without the chosen channels, cut by Torch-Pruning."""
    module = copy.deepcopy(module)
    dependencies = graph(module, example)
    for group, channels in zip(all_groups, chosen, strict=True):
        if channels.size:
            root = layers(module)[group.writers[0]]
            one = dependencies.get_pruning_group(root, tp.prune_conv_out_channels, idxs=channels.tolist())
            assert dependencies.check_pruning_group(one)
            one.prune()
    return module


def kept(module: nn.Module, example: Tensor, all_groups: list[Group], chosen: list[np.ndarray]) -> list[np.ndarray]:
    """The same as a mask of the dense weights: a copy whose weights are their own numbers shows which are left after cutting."""
    numbered = copy.deepcopy(module)
    for layer in layers(numbered).values():
        layer.weight.data = torch.arange(layer.weight.numel(), dtype=torch.float64).view_as(layer.weight)
    masks = []
    for name, layer in layers(prune(numbered, example, all_groups, chosen)).items():
        mask = np.zeros(layers(module)[name].weight.numel(), dtype=np.uint8)
        mask[layer.weight.detach().flatten().long().numpy()] = 1
        masks.append(mask)
    return masks


def macs(module: nn.Module, example: Tensor) -> int:
    """Products of a weight and a value, counted at every layer's output."""
    counted = []

    def count(layer: nn.Module, _: tuple, output: Tensor) -> None:
        places = output[0, 0].numel() if output.dim() == 4 else 1
        counted.append(layer.weight.numel() * places)

    hooks = [layer.register_forward_hook(count) for layer in layers(module).values()]
    with torch.no_grad():
        module(example)
    for hook in hooks:
        hook.remove()
    return sum(counted)


def record(module: nn.Module, example: Tensor) -> tuple[dict, dict[str, nn.Module]]:
    all_groups = groups(module, example)
    cases, networks = [], {}
    for criterion in ["l1", "l2", "fpgm", "scale"]:
        for scope in ["global", "layer"]:
            for sparsity in SPARSITIES:
                chosen = choose(module, all_groups, criterion, scope, sparsity)
                if chosen is None:
                    continue
                mask = np.concatenate(kept(module, example, all_groups, chosen))
                smaller = prune(module, example, all_groups, chosen)
                networks[f"{criterion} {scope} {sparsity}"] = smaller
                cases.append({
                    "criterion": criterion,
                    "scope": scope,
                    "sparsity": sparsity,
                    "pruned": int((mask == 0).sum()),
                    "mask_sha256": sha256(mask.tobytes()),
                    "parameters": sum(p.numel() for p in smaller.parameters()),
                    "macs": macs(smaller, example),
                    "kept": [group.size - channels.size for group, channels in zip(all_groups, chosen, strict=True)],
                })
    first = {
        criterion: [found[:3].tolist() for group in all_groups if (found := importances(module, group, criterion)) is not None]
        for criterion in ["l1", "l2", "fpgm", "scale"]
    }
    facts = {
        "macs": macs(module, example),
        "groups": [{"writers": g.writers, "readers": [list(r) for r in g.readers], "size": g.size} for g in all_groups],
        "first_importances": first,
        "cases": cases,
    }
    return facts, networks


def main() -> None:
    cache = cache_folder(__doc__)
    name_of_input = read_json("inputs.json")["inputs"][0]["name"]
    case = f"{LOGITS['criterion']} {LOGITS['scope']} {LOGITS['sparsity']}"
    networks, logits = {}, []
    for name in NAMES:
        network = load(name, cache, half=True)
        example = network.input(name_of_input)
        networks[name], smaller = record(network.module, example)
        with torch.no_grad():
            logits.append(smaller[case](example).flatten().numpy())
    small = Small().double().eval()
    picture = ((torch.arange(3 * 16 * 16) * 389 % 1009 - 504) / 512).view(1, 3, 16, 16).double()
    facts, smaller = record(small, picture)
    with torch.no_grad():
        facts["logits"] = {"dense": small(picture)[0].tolist()} | {name: net(picture)[0].tolist() for name, net in smaller.items()}
    np.save(HERE / "filters_logits.npy", np.stack(logits).astype(np.float32))
    made_with = {"torch": torch.__version__, "torch-pruning": tp.__version__}
    value = {"made_with": made_with, "logits": {**LOGITS, "input": name_of_input, "networks": list(NAMES)}}
    write_json(__file__, "filters.json", value | {"networks": networks, "small": facts})


if __name__ == "__main__":
    main()
