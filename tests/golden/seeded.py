"""Numbers that Python and Rust make alike from a name: weights of any size that need not be stored, and inputs.

`tests/common/seeded.rs` is the other half.
"""

import math
import zlib

import numpy as np
import torch
from torch import Tensor, nn


def uniform(name: str, count: int) -> np.ndarray:
    """float32 numbers between -1 and 1, exact in both languages: a 32-bit hash of the name's checksum and the index."""
    bits = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32(zlib.crc32(name.encode()))
    bits ^= bits >> np.uint32(16)
    bits *= np.uint32(0x7FEB352D)
    bits ^= bits >> np.uint32(15)
    bits *= np.uint32(0x846CA68B)
    bits ^= bits >> np.uint32(16)
    return (bits >> np.uint32(8)).astype(np.float32) / np.float32(1 << 23) - np.float32(1)


def values(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """A tensor's numbers by its name in the state dictionary. Everything matters: no norm is the identity, no bias is zero."""
    u = uniform(name, math.prod(shape))
    if name.endswith("running_var"):
        found = np.float32(1) + np.float32(0.3) * u
    elif name.endswith("logit_scale"):
        # Some of them beyond the clamp at ln 100.
        found = np.float32(3.5) + np.float32(1.5) * u
    elif len(shape) == 3:
        # Class tokens and positions.
        found = np.float32(0.5) * u
    elif len(shape) > 1:
        gain = 6.0 if len(shape) == 4 else 3.0
        found = np.float32(math.sqrt(gain / math.prod(shape[1:]))) * u
    elif name.endswith("weight"):
        found = np.float32(1) + np.float32(0.2) * u
    else:
        found = np.float32(0.1) * u
    return found.reshape(shape)


CONSTANTS = ("num_batches_tracked", "relative_position_index", "relative_coords_table")
"""Tensors of a state dictionary that are no weights."""


def weights(module: nn.Module) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a module's weights, in the state dictionary's order."""
    return {name: tuple(t.shape) for name, t in module.state_dict().items() if not name.endswith(CONSTANTS)}


def fill(module: nn.Module) -> nn.Module:
    """Gives every weight its seeded numbers, by the names of the module's own state dictionary."""
    state = module.state_dict()
    state |= {name: torch.from_numpy(values(name, shape)) for name, shape in weights(module).items()}
    module.load_state_dict(state, strict=True)
    return module.eval()


def image(index: int, side: int) -> Tensor:
    """An input [1, 3, side, side]: a colour, waves and some noise. The first is reddish, the second bluish."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(side), np.arange(side), indexing="ij")
    waves = 1.5 * np.sin(0.03 * (1 + index) * x + 0.05 * (2 - index) * y + c)
    noise = 0.5 * uniform(f"input.{index}", 3 * side * side).reshape(3, side, side)
    colour = (2.0 * index - 1.0) * (c - 1.0)
    return torch.from_numpy((colour + waves + noise).astype(np.float32))[None]
