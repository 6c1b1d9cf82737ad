"""A small vision transformer with random weights and its attribution maps: writes vit.json, vit.npz and vit_maps.npy.

The network is timm's `VisionTransformer`. Its fused `attn.qkv` is stored as `attn.q`, `attn.k` and `attn.v`. Weights and input are
rounded to float16, so that everybody computes with the same numbers; maps and logits are computed in float64.
"""

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients, Saliency
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM
from timm.models.vision_transformer import VisionTransformer
from torch import Tensor, nn
from torch.nn import functional

import formulas
from common import HERE, write_json

SEED = 20250701
SIZES = {"depth": 3, "width": 24, "heads": 3, "patch": 8, "side": 32, "classes": 10, "ratio": 4}
TARGETS = (0, 1)
"""Ranks of the classes that are explained: the arg-max, then the second best."""
LAYER = "blocks.2.norm1"
STEPS = 50


def network() -> VisionTransformer:
    module = VisionTransformer(
        img_size=SIZES["side"],
        patch_size=SIZES["patch"],
        num_classes=SIZES["classes"],
        embed_dim=SIZES["width"],
        depth=SIZES["depth"],
        num_heads=SIZES["heads"],
        mlp_ratio=SIZES["ratio"],
    )
    generator = torch.Generator().manual_seed(SEED)
    width = SIZES["width"]
    for name, parameter in module.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name:
            value = 1 + 0.2 * noise if name.endswith("weight") else 0.1 * noise
        elif name.endswith("bias"):
            value = 0.1 * noise
        elif name in ("cls_token", "pos_embed"):
            value = 0.5 * noise
        else:
            value = noise / parameter[0].numel() ** 0.5
            if "qkv" in name:
                # Queries and keys larger, so that attention is far from uniform.
                value[: 2 * width] *= 1.3
        parameter.data = value.half().float()
    for block in module.blocks:
        # Otherwise one fused operation computes attention, and nothing in between can be seen.
        block.attn.fused_attn = False
    return module.double().eval()


def tensors(module: VisionTransformer) -> dict[str, np.ndarray]:
    """The parameters by Sweetspot's names, float16."""
    stored = {}
    for name, tensor in module.state_dict().items():
        if ".qkv." in name:
            stored |= {name.replace("qkv", part): third for part, third in zip("qkv", tensor.chunk(3), strict=True)}
        else:
            stored[name] = tensor
    return {name: tensor.numpy().astype(np.float16) for name, tensor in stored.items()}


def layers(module: VisionTransformer) -> list[str]:
    """What can be pruned, in the network's order."""
    found = [name for name, part in module.named_modules() if isinstance(part, nn.Conv2d | nn.Linear)]
    return [name.replace("qkv", part) for name in found for part in ("qkv" if name.endswith("qkv") else "-")]


def attentions(module: VisionTransformer, image: Tensor, target: int) -> tuple[list[Tensor], list[Tensor]]:
    """Each block's attention [heads, tokens, tokens] and the gradient of the target's logit by it."""
    seen: list[Tensor] = []
    # The dropout sees what the softmax gives, and drops nothing in evaluation.
    hooks = [b.attn.attn_drop.register_forward_hook(lambda *a: seen.append(a[2])) for b in module.blocks]
    score = module(image)[0, target]
    for hook in hooks:
        hook.remove()
    gradients = torch.autograd.grad(score, seen)
    return [a[0].detach() for a in seen], [g[0] for g in gradients]


def enlarged(patches: Tensor) -> Tensor:
    """Values [.., patches] as maps [.., side, side]."""
    grid = SIZES["side"] // SIZES["patch"]
    maps = patches.reshape(-1, 1, grid, grid)
    return functional.interpolate(maps, scale_factor=SIZES["patch"], mode="bilinear", align_corners=False)[:, 0]


def attention(seen: list[Tensor]) -> Tensor:
    """The paper's: the last block's row of the class token, enlarged for each head, summed."""
    return enlarged(seen[-1][:, 0, 1:]).sum(0)


def rollout(seen: list[Tensor]) -> Tensor:
    result = torch.eye(seen[0].shape[-1], dtype=torch.float64)
    for block in seen:
        mixed = block.mean(0) + torch.eye(block.shape[-1])
        result = (mixed / mixed.sum(-1, keepdim=True)) @ result
    return enlarged(result[0, 1:])[0]


def generic_attribution(seen: list[Tensor], gradients: list[Tensor]) -> Tensor:
    """Chefer, Gur and Wolf (ICCV 2021): R + mean_h relu(grad * A) R, block after block."""
    relevance = torch.eye(seen[0].shape[-1], dtype=torch.float64)
    for block, gradient in zip(seen, gradients, strict=True):
        relevance = relevance + (gradient * block).clamp(min=0).mean(0) @ relevance
    return enlarged(relevance[0, 1:])[0]


def grid(tokens: Tensor) -> Tensor:
    """pytorch-grad-cam's `reshape_transform`: without the class token, channels first."""
    side = SIZES["side"] // SIZES["patch"]
    return tokens[:, 1:].reshape(-1, side, side, tokens.shape[-1]).permute(0, 3, 1, 2)


def cams(module: VisionTransformer, image: Tensor, target: int) -> dict[str, Tensor]:
    """The maps of pytorch-grad-cam's methods at the layer's size, before it scales them, enlarged."""
    methods = {"grad-cam": GradCAM, "grad-cam-plus-plus": GradCAMPlusPlus, "hires-cam": HiResCAM, "layer-cam": LayerCAM}
    maps = {}
    for name, method in methods.items():
        with method(module, [module.get_submodule(LAYER)], reshape_transform=grid) as cam:
            score = cam.activations_and_grads(image)[0, target]
            module.zero_grad()
            score.backward(retain_graph=True)
            arguments = [a.numpy() for a in (cam.activations_and_grads.activations[0], cam.activations_and_grads.gradients[0])]
            # Their Layer-CAM rectifies gradients itself; the others sum here and rectify afterwards.
            summed = cam.get_cam_image(image, cam.target_layers[0], [target], *arguments, False)
            maps[name] = enlarged(torch.from_numpy(np.maximum(summed, 0)).double())[0]
    return maps


def maps(module: VisionTransformer, image: Tensor, target: int) -> dict[str, Tensor]:
    seen, gradients = attentions(module, image, target)
    integrated = IntegratedGradients(module).attribute(image, torch.zeros_like(image), target, n_steps=STEPS, method="gausslegendre")
    return {
        "saliency": Saliency(module).attribute(image, target, abs=True).amax(1)[0],
        "input-x-gradient": InputXGradient(module).attribute(image, target).sum(1)[0],
        "integrated-gradients": integrated.sum(1)[0],
        **cams(module, image, target),
        "attention": attention(seen),
        "attention-rollout": rollout(seen),
        "transformer-attribution": generic_attribution(seen, gradients),
    }


def main() -> None:
    torch.set_num_threads(1)
    module = network()
    image = torch.randn(1, 3, SIZES["side"], SIZES["side"], generator=torch.Generator().manual_seed(SEED + 1)).half().double()
    with torch.no_grad():
        logits = module(image)[0]
    ranked = logits.argsort(descending=True).tolist()
    targets = [ranked[rank] for rank in TARGETS]
    results = [{name: m.detach().numpy() for name, m in maps(module, image, target).items()} for target in targets]
    names = list(results[0])
    seen, _ = attentions(module, image, targets[0])

    np.savez_compressed(HERE / "vit.npz", input=image.numpy().astype(np.float16), **tensors(module))
    np.save(HERE / "vit_maps.npy", np.stack([[r[name] for name in names] for r in results]).astype(np.float32))
    write_json(
        __file__,
        "vit.json",
        {
            "made_with": formulas.made_with("torch", "captum", "grad-cam", "timm"),
            "seed": SEED,
            "sizes": SIZES,
            "layers": layers(module),
            "layer": LAYER,
            "targets": targets,
            "maps": names,
            "logits": logits.tolist(),
            "class_token_rows": [block[:, 0].tolist() for block in seen],
        },
    )


if __name__ == "__main__":
    main()
