"""The numbers of the device self-test (`src/device.rs`), in double precision.

A strided convolution of a sine wave with another, a softmax over each output channel, and the gradient of one share by the input.
Prints the Rust constant.
"""

import numpy as np
import torch


def wave(count, step, shape):
    # The program makes its waves in single precision; so do we, before going on in double.
    steps = torch.arange(count, dtype=torch.float32) * torch.tensor(step, dtype=torch.float32)
    return torch.sin(steps).double().reshape(shape)


image = wave(75, 0.7, (1, 3, 5, 5)).requires_grad_()
# Weak enough that the softmax is not saturated and the gradient is felt.
kernel = 0.25 * wave(54, 1.3, (2, 3, 3, 3))
shares = torch.nn.functional.conv2d(image, kernel, stride=2, padding=1).reshape(2, 9).softmax(1)
shares[0, 4].backward()
numbers = torch.cat([shares.detach().flatten(), image.grad.flatten()[6::11]])
print(f"const EXPECTED: [f32; {len(numbers)}] = [")
for start in range(0, len(numbers), 5):
    print("    " + " ".join(f"{np.float32(v)!s}," for v in numbers[start : start + 5].tolist()))
print("];")
