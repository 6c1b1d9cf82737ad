"""Small weights files as torch writes them, good and bad: writes tests/files/weights/* and weights_files.json.

All hold the seeded numbers of `seeded.py` in a tiny vision transformer of timm's or torchvision's. None of the files that carry code is ever
loaded here or in a test.
"""

import argparse
import collections
import os
import pickle

import torch
from safetensors.torch import save_file
from timm.models.vision_transformer import VisionTransformer as Timm
from torch import Tensor, nn
from torch.nn.utils import prune
from torchvision.models import VisionTransformer as Torchvision

import formulas
import seeded
from common import ROOT, write_json

OUT = ROOT / "tests/files/weights"
SIZES = {"depth": 1, "width": 4, "heads": 2, "patch": 4, "side": 8, "classes": 3, "ratio": 2}


def timm_network() -> nn.Module:
    return seeded.fill(Timm(img_size=8, patch_size=4, num_classes=3, embed_dim=4, depth=1, num_heads=2, mlp_ratio=2))


def torchvision_network() -> nn.Module:
    return seeded.fill(Torchvision(image_size=8, patch_size=4, num_layers=1, num_heads=2, hidden_dim=4, mlp_dim=8, num_classes=3))


def logits(module: nn.Module) -> list[float]:
    with torch.no_grad():
        return module.double()(seeded.image(0, 8).double())[0].tolist()


def prefixed(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return collections.OrderedDict((prefix + name, tensor) for name, tensor in state.items())


class Evil:
    """A pickle that would run a command when loaded."""

    def __reduce__(self):
        return os.system, ("touch sweetspot-was-here",)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    state = timm_network().state_dict()
    torch.save(state, OUT / "plain.pth")
    torch.save(state, OUT / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({name: tensor.half() for name, tensor in state.items()}, OUT / "half.pth")
    torch.save({name: nn.Parameter(tensor.double()) for name, tensor in state.items()}, OUT / "parameters.pth")
    # A view: both tensors in one storage, the second one turned.
    shared = torch.cat([state["head.weight"].t().reshape(-1), state["head.bias"]])
    turned = {"head.weight": shared[:12].view(4, 3).t(), "head.bias": shared[12:]}
    torch.save({**state, **turned}, OUT / "views.pth")
    save_file(state, OUT / "plain.safetensors")
    save_file({name: tensor.bfloat16() for name, tensor in state.items()}, OUT / "brain.safetensors")
    checkpoint = {"epoch": 3, "best": 0.5, "state_dict": prefixed(state, "module."), "args": argparse.Namespace(lr=0.1, name="tiny")}
    optimizer = torch.optim.SGD(timm_network().parameters(), lr=0.1, momentum=0.9)
    torch.save({**checkpoint, "optimizer": optimizer.state_dict()}, OUT / "parallel.pth")
    projection = {"head.mlp.0.weight": torch.zeros(2, 4), "head.last_layer.weight_g": torch.ones(2, 1)}
    students = prefixed({name: torch.zeros_like(tensor) for name, tensor in state.items()}, "module.backbone.")
    torch.save({"student": students, "teacher": {**prefixed(state, "backbone."), **projection}}, OUT / "dino.pth")
    pruned = timm_network()
    for layer, name in ((pruned.blocks[0].attn.qkv, "weight"), (pruned.blocks[0].mlp.fc1, "weight")):
        prune.l1_unstructured(layer, name, 0.5)
    zeros = {"blocks.0.attn.qkv.weight": int((pruned.blocks[0].attn.qkv.weight == 0).sum()), "blocks.0.mlp.fc1.weight": 16}
    torch.save(pruned.state_dict(), OUT / "pruned.pth")
    seen = torchvision_network()
    torch.save(seen.state_dict(), OUT / "torchvision.pth")

    torch.save(nn.Sequential(nn.Linear(2, 2)), OUT / "module.pth")
    torch.save({"weight": torch.zeros(1), "surprise": Evil()}, OUT / "evil.pth")
    torch.save({"weight": torch.zeros(1), "surprise": Evil()}, OUT / "evil_legacy.pth", _use_new_zipfile_serialization=False)
    (OUT / "evil.pkl").write_bytes(pickle.dumps(Evil()))
    torch.jit.save(torch.jit.script(nn.Linear(1, 1)), OUT / "script.pt")
    torch.save([1, 2, 3], OUT / "no_tensors.pth")

    write_json(
        __file__,
        "weights_files.json",
        {
            "made_with": formulas.made_with("torch", "torchvision", "timm"),
            "sizes": SIZES,
            "timm": logits(timm_network()),
            "torchvision": logits(seen),
            "pruned": logits(pruned),
            "pruned_weights": zeros,
        },
    )


if __name__ == "__main__":
    main()
