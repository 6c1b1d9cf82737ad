"""Gradients by parameters and steps of both optimisers for two miniature networks, in PyTorch: learning.json.

The networks are written here from torch's own modules, with weights and images from formulas that the Rust test repeats.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from common import HERE

torch.set_default_dtype(torch.float64)
BATCH, CLASSES, SMOOTHING, DECAY = 8, 10, 0.1, 0.05


def wave(count, offset, scale):
    """Values that look random and are the same everywhere: sines in double precision."""
    return scale * np.sin(0.37 * (7.0 * np.arange(count) + offset))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet(nn.Module):
    def __init__(self, stem, stages):
        super().__init__()
        self.conv1 = nn.Conv2d(3, stem, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        inputs = stem
        self.stages = len(stages)
        for at, (width, count) in enumerate(stages):
            blocks = [Block(inputs if i == 0 else width, width, 2 if i == 0 else 1) for i in range(count)]
            setattr(self, f"layer{at + 1}", nn.Sequential(*blocks))
            inputs = width
        self.fc = nn.Linear(inputs, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for at in range(self.stages):
            x = getattr(self, f"layer{at + 1}")(x)
        return self.fc(x.mean((2, 3)))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        apart = lambda y: y.unflatten(2, (self.heads, -1)).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(apart(self.q(x)), apart(self.k(x)), apart(self.v(x)))
        return self.proj(mixed.transpose(1, 2).flatten(2))


class Perceptron(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, ratio):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
        self.attn, self.mlp = Attention(width, heads), Perceptron(width, width * ratio)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Embedding(nn.Module):
    def __init__(self, stem, width):
        super().__init__()
        self.count = len(stem)
        for at, (inputs, outputs) in enumerate(zip([3, *stem], stem)):
            setattr(self, f"conv{at}", nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False))
            setattr(self, f"norm{at}", nn.BatchNorm2d(outputs))
        self.proj = nn.Conv2d(stem[-1], width, 3, 2, 1)

    def forward(self, x):
        for at in range(self.count):
            x = F.relu(getattr(self, f"norm{at}")(getattr(self, f"conv{at}")(x)))
        return self.proj(x).flatten(2).transpose(1, 2)


class ViT(nn.Module):
    def __init__(self, stem, width, depth, heads, ratio):
        super().__init__()
        self.patch_embed = Embedding(stem, width)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 65, width))
        self.blocks = nn.Sequential(*(TransformerBlock(width, heads, ratio) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def fill(network):
    """Formula values in the order of the names; normalisations near the identity."""
    with torch.no_grad():
        for at, (name, tensor) in enumerate(sorted(network.named_parameters())):
            values = torch.from_numpy(wave(tensor.numel(), at, 0.1)).reshape(tensor.shape)
            norm = tensor.dim() == 1 and name.endswith(".weight")
            tensor.copy_(values + 1.0 if norm else values)


def loss(network, images, labels):
    return F.cross_entropy(network(images), labels, label_smoothing=SMOOTHING)


def examine(make):
    images = torch.from_numpy(wave(BATCH * 3 * 64 * 64, 3, 1.0)).reshape(BATCH, 3, 64, 64)
    labels = torch.arange(BATCH) % CLASSES
    network = make()
    fill(network)
    loss(network, images, labels).backward()
    gradients = {
        name: [p.grad.norm().item(), *p.grad.flatten()[:3].tolist()] for name, p in sorted(network.named_parameters())
    }
    found = {"gradients": gradients}
    weights = lambda n: [p for name, p in n.named_parameters() if p.dim() > 1 and not name.endswith(("cls_token", "pos_embed"))]
    for rule in ["sgd", "adamw"]:
        network = make()
        fill(network)
        decayed = weights(network)
        others = [p for p in network.parameters() if not any(p is q for q in decayed)]
        groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
        make_rule = {"sgd": lambda: torch.optim.SGD(groups, lr=0.01, momentum=0.9), "adamw": lambda: torch.optim.AdamW(groups, lr=1e-3)}
        optimiser = make_rule[rule]()
        losses = []
        for _ in range(4):
            optimiser.zero_grad()
            value = loss(network, images, labels)
            value.backward()
            optimiser.step()
            losses.append(value.item())
        statistics = {name: b.norm().item() for name, b in sorted(network.named_buffers()) if "running" in name}
        network.eval()
        found[rule] = {"losses": losses, "statistics": statistics, "logits": network(images)[0].tolist()}
    return found


torch.manual_seed(0)
networks = {
    "mini_resnet_small": lambda: ResNet(16, [(24, 1), (48, 1), (96, 1)]),
    "mini_vit_small": lambda: ViT([24, 48], 48, 3, 3, 2),
}
json.dump(
    {"made_by": "tests/golden/learning.py", "torch": torch.__version__, **{name: examine(make) for name, make in networks.items()}},
    open(HERE / "learning.json", "w"), indent=1,
)
