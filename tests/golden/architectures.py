"""Architectures that weights are brought for, in torchvision and timm with seeded weights: writes architectures.json.

The weights follow from their names (`seeded.py`), so that only names, shapes and some logits are stored. DINO's backbones are timm's
transformers without a last layer: the names are those of DINO's checkpoints.
"""

import timm
import torch
import torchvision
from torch import Tensor, nn

import formulas
import seeded
from common import write_json

IMAGES = 2
EVERY = 16
"""Logits 0, 16, 32, ... are kept."""
LATTICE = slice(8, None, 16)
"""Rows and columns of the gradient that are kept."""

NETWORKS = {
    "torchvision resnet18": ("resnet18", lambda: torchvision.models.resnet18()),
    "torchvision resnet50": ("resnet50", lambda: torchvision.models.resnet50()),
    "torchvision vit_b_32": ("vit_b_32", lambda: torchvision.models.vit_b_32()),
    "timm vit_base_patch32_224": ("vit_b_32", lambda: timm.create_model("vit_base_patch32_224")),
    "torchvision vit_b_16": ("vit_b_16", lambda: torchvision.models.vit_b_16()),
    "timm vit_base_patch16_224": ("vit_b_16", lambda: timm.create_model("vit_base_patch16_224")),
    "timm deit_tiny_patch16_224": ("deit_tiny_patch16_224", lambda: timm.create_model("deit_tiny_patch16_224")),
    "timm deit_small_patch16_224": ("deit_small_patch16_224", lambda: timm.create_model("deit_small_patch16_224")),
    "timm vit_small_patch16_224 without classes": (
        "dino_vits16",
        lambda: timm.create_model("vit_small_patch16_224", num_classes=0),
    ),
    "timm vit_small_patch8_224 without classes": (
        "dino_vits8",
        lambda: timm.create_model("vit_small_patch8_224", num_classes=0),
    ),
    "torchvision swin_v2_t": ("swin_v2_t", lambda: torchvision.models.swin_v2_t()),
}
WITH_GRADIENT = ("timm vit_base_patch32_224", "torchvision swin_v2_t")


def rounded(values: Tensor) -> list[float]:
    return [float(f"{value:.6g}") for value in values.flatten().tolist()]


def gradient(module: nn.Module, image: Tensor, target: int) -> dict:
    image = image.clone().requires_grad_()
    (found,) = torch.autograd.grad(module(image)[0, target], image)
    summed = found[0].sum(0)
    return {"target": target, "norm": float(found.norm()), "lattice": rounded(summed[LATTICE, LATTICE])}


def main() -> None:
    torch.set_num_threads(1)
    networks = []
    for library, (architecture, build) in NETWORKS.items():
        module = seeded.fill(build()).double()
        side = 256 if architecture == "swin_v2_t" else 224
        images = torch.cat([seeded.image(index, side) for index in range(IMAGES)]).double()
        with torch.no_grad():
            logits = module(images)
        deviations = logits.std(1)
        apart = float((logits[0] - logits[1]).norm() / logits.norm())
        if apart < 0.02:
            raise ValueError(f"{library} says nearly the same of both images: {apart}")
        found = {
            "library": library,
            "architecture": architecture,
            "side": side,
            "parameters": sum(p.numel() for p in module.parameters()),
            "answers": logits.shape[1],
            "deviations": deviations.tolist(),
            "norms": logits.norm(dim=1).tolist(),
            "logits": [rounded(row[::EVERY]) for row in logits],
            "tensors": [f"{name} {','.join(map(str, shape))}" for name, shape in seeded.weights(module).items()],
        }
        if library in WITH_GRADIENT:
            found["gradient"] = gradient(module, images[:1], int(logits[0].argmax()))
        print(library, f"{apart:.3f}", found["deviations"], flush=True)
        networks.append(found)
    write_json(
        __file__,
        "architectures.json",
        {"made_with": formulas.made_with("torch", "torchvision", "timm"), "every": EVERY, "networks": networks},
    )


if __name__ == "__main__":
    main()
