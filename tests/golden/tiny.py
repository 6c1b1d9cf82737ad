"""Attribution maps of a tiny network with hand-set weights, computed by captum: writes tiny.json.

The network is the one of captum's own tests: convolution (1 to 2 channels, 3x3, no padding), ReLU, a fully connected layer from
the 8 flattened values (channel, row, column) to 4 logits, and a ReLU on those too.
"""

import numpy as np
import torch
from captum.attr import (
    GuidedBackprop,
    GuidedGradCam,
    InputXGradient,
    IntegratedGradients,
    LayerGradCam,
    Occlusion,
    Saliency,
)
from torch import Tensor, nn

from common import write_json

TARGET = 0


def tiny_network() -> nn.Sequential:
    conv1, fc = nn.Conv2d(1, 2, 3), nn.Linear(8, 4)
    with torch.no_grad():
        conv1.weight.fill_(1.0)
        conv1.bias.copy_(torch.tensor([-50.0, -75.0]))
        fc.weight.copy_(torch.tensor([1.0] * 5 + [-1.0] * 3).expand(4, 8))
        fc.bias.zero_()
    # Guided backpropagation hooks every ReLU, so each one is a module of its own.
    return nn.Sequential(conv1, nn.ReLU(), nn.Flatten(), fc, nn.ReLU()).double()


def plain(tensor: Tensor) -> list:
    return tensor.detach().squeeze().tolist()


def main() -> None:
    network = tiny_network()
    conv1, relu1, _, fc, _ = network
    image = torch.arange(16, dtype=torch.float64).view(1, 1, 4, 4)

    def grad_cam(layer: nn.Module) -> Tensor:
        return LayerGradCam(network, layer).attribute(image, TARGET, relu_attributions=True)

    integrated, delta = IntegratedGradients(network).attribute(
        image, torch.zeros_like(image), TARGET, n_steps=50, method="gausslegendre", return_convergence_delta=True
    )
    published = [0, 0.0805, 0.161, 0.2414, 1.1855, 3.2719, 3.9262, 2.506]
    published += [2.371, 5.8893, 6.5437, 3.938, 3.5564, 7.4606, 8.0345, 4.1629]
    np.testing.assert_allclose(integrated.flatten().numpy(), published, atol=1e-4)

    occlusion = Occlusion(network).attribute(
        image, sliding_window_shapes=(1, 2, 2), strides=(1, 1, 1), target=TARGET, baselines=0.0
    )
    write_json(
        __file__,
        "tiny.json",
        {
            "network": {
                "layers": ["conv1", "relu1", "flatten", "fc", "relu2"],
                "conv1.weight": conv1.weight.tolist(),
                "conv1.bias": conv1.bias.tolist(),
                "fc.weight": fc.weight.tolist(),
                "fc.bias": fc.bias.tolist(),
            },
            "input": plain(image),
            "target": TARGET,
            "outputs": {"conv1": plain(conv1(image)), "relu1": plain(relu1(conv1(image))), "logits": plain(network(image))},
            "saliency": plain(Saliency(network).attribute(image, TARGET)),
            "input-x-gradient": plain(InputXGradient(network).attribute(image, TARGET)),
            "integrated-gradients": {
                "n_steps": 50,
                "rule": "gausslegendre",
                "baseline": 0.0,
                "map": plain(integrated),
                "delta": delta.item(),
            },
            "grad-cam": {
                "note": "at the layer's own size [2, 2], after the ReLU of Grad-CAM",
                "conv1": plain(grad_cam(conv1)),
                "relu1": plain(grad_cam(relu1)),
            },
            "guided-backprop": plain(GuidedBackprop(network).attribute(image, TARGET)),
            "guided-grad-cam": {
                "note": "at relu1; its Grad-CAM is enlarged by nearest neighbour here",
                "map": plain(GuidedGradCam(network, relu1).attribute(image, TARGET)),
            },
            "occlusion": {
                "note": "window 2x2, stride 1, baseline 0; differences averaged over the windows that cover a pixel",
                "map": plain(occlusion),
            },
        },
    )


if __name__ == "__main__":
    main()
