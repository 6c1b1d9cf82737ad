"""The distillation loss and its gradient by the network's logits, by PyTorch: distil.json.

KL divergence of softmax(logits / T) from softmax(teacher / T), times T squared, mean over the batch (Hinton et al., 2015).
"""

import json
from pathlib import Path

import torch
from torch.nn.functional import kl_div, log_softmax

torch.manual_seed(0)
cases = []
for temperature in (1.0, 2.0, 4.0):
    own = (3 * torch.randn(3, 7)).requires_grad_()
    teacher = 3 * torch.randn(3, 7)
    at = lambda logits: log_softmax(logits.double() / temperature, dim=1)
    loss = kl_div(at(own), at(teacher), reduction="batchmean", log_target=True) * temperature**2
    (gradient,) = torch.autograd.grad(loss, own)
    cases.append({
        "temperature": temperature,
        "own": own.flatten().tolist(),
        "teacher": teacher.flatten().tolist(),
        "loss": loss.item(),
        "gradient": gradient.flatten().tolist(),
    })
value = {"made_by": "tests/golden/distil.py", "torch": torch.__version__, "shape": [3, 7], "cases": cases}
Path(__file__).with_name("distil.json").write_text(json.dumps(value, indent=1) + "\n")
