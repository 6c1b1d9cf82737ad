"""Logits and attribution maps of both networks on a 64 x 64 input, for the tests in a browser: writes small.json.

WebGPU is emulated there and a thousand times slower than a GPU, so the input is small and the path of integrated gradients short. The
weights are the float16-rounded ones, the input is the middle of one of `inputs/`, and numbers have six significant digits.
"""

from pathlib import Path

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients, LayerGradCam, Saliency
from torch.nn import functional

from common import INPUTS, cache_folder, write_json
from networks import NAMES, load
from PIL import Image

INPUT = "giant-panda"
CORNER, SIDE = 80, 64
STEPS = 6


def rounded(values: torch.Tensor) -> list[float]:
    return [float(f"{v:.6g}") for v in values.detach().flatten().tolist()]


def record(name: str, cache: Path, pixels: np.ndarray) -> dict:
    network = load(name, cache, half=True)
    mean = torch.tensor(network.mean, dtype=torch.float64).reshape(3, 1, 1)
    image = ((torch.from_numpy(pixels).double().permute(2, 0, 1) - mean) / network.std)[None].requires_grad_()
    logits = network.module(image)
    target = int(logits.argmax())
    coarse = LayerGradCam(network.module, network.layer()).attribute(image, target, relu_attributions=True)
    path = IntegratedGradients(network.module).attribute(image, torch.zeros_like(image), target, n_steps=STEPS, method="gausslegendre")
    return {
        "target": target,
        "logits": rounded(logits),
        "saliency": rounded(Saliency(network.module).attribute(image, target).amax(dim=1)),
        "input-x-gradient": rounded(InputXGradient(network.module).attribute(image, target).sum(dim=1)),
        "integrated-gradients": rounded(path.sum(dim=1)),
        "grad-cam": rounded(functional.interpolate(coarse, size=(SIDE, SIDE), mode="bilinear", align_corners=False)),
    }


def main() -> None:
    cache = cache_folder(__doc__)
    pixels = np.asarray(Image.open(INPUTS / f"{INPUT}.png").convert("RGB"))[CORNER : CORNER + SIDE, CORNER : CORNER + SIDE]
    networks = {name: record(name, cache, np.ascontiguousarray(pixels)) for name in NAMES}
    write_json(__file__, "small.json", {"input": INPUT, "corner": CORNER, "side": SIDE, "steps": STEPS, "networks": networks})


if __name__ == "__main__":
    main()
