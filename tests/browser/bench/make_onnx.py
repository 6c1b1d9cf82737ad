"""Writes the shipped networks as ONNX, the way a careful user of onnxruntime would: make_onnx.py MODELS OUT [--list]

MODELS is the folder of cards and weights. Prints the names of the networks it writes to OUT, a line each, and on standard error which it leaves
out and why. --list writes nothing, and needs no package.

Single precision, batch norms folded into the convolutions, attention's scale into the queries, ReLU6 as Clip, TensorFlow's SAME padding as explicit
pads: nothing is left for the runtime to do that an exporter could have done.
"""

import json
import re
import sys
from pathlib import Path

try:
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError:
    onnx = None

TENSORFLOW = 1e-3
"""The batch norms' constant in TensorFlow's EfficientNets."""
TORCH = 1e-5
"""torchvision's, for the miniature networks."""
LAYER_NORM = 1e-6
"""timm's constant of layer normalisations."""


def read_safetensors(path: Path) -> "dict[str, np.ndarray]":
    """All tensors, widened to float32. The format is a length, a JSON header and the numbers."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data[start + begin : start + end], {"F16": "<f2", "F32": "<f4"}[entry["dtype"]])
            tensors[name] = values.reshape(entry["shape"]).astype(np.float32)
    return tensors


class Graph:
    """A chain of nodes over named values; every method adds nodes and returns the name of their output."""

    def __init__(self, tensors: "dict[str, np.ndarray]", side: int, epsilon: float):
        self.tensors = tensors
        self.side = side
        """Of the input in pixels."""
        self.epsilon = epsilon
        """The batch norms' constant."""
        self.nodes, self.constants = [], []

    def constant(self, values: "np.ndarray", kind: str = "float32") -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, dtype=kind), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes) -> str:
        name = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def conv(self, x: str, name: str, norm: str | None = None, stride: int = 1, pads=(0, 0, 0, 0), groups: int = 1) -> str:
        weight = self.tensors[f"{name}.weight"].astype(np.float64)
        if norm is None:
            bias = self.tensors[f"{name}.bias"]
        else:
            mean, variance, scale, shift = (
                self.tensors[f"{norm}.{part}"].astype(np.float64) for part in ("running_mean", "running_var", "weight", "bias")
            )
            factor = scale / np.sqrt(variance + self.epsilon)
            weight, bias = weight * factor[:, None, None, None], shift - mean * factor
        kernel = list(weight.shape[2:])
        inputs = [x, self.constant(weight), self.constant(bias)]
        return self.node("Conv", *inputs, kernel_shape=kernel, strides=[stride, stride], pads=list(pads), group=groups)

    def same(self, x: str, name: str, norm: str, side: int, stride: int = 1, groups: int = 1) -> tuple[str, int]:
        """A convolution with TensorFlow's SAME padding, which puts the odd pixel below and to the right; also its output's side."""
        kernel = self.tensors[f"{name}.weight"].shape[2]
        out = -(-side // stride)
        total = max((out - 1) * stride + kernel - side, 0)
        before, after = total // 2, total - total // 2
        return self.conv(x, name, norm, stride, (before, before, after, after), groups), out

    def relu(self, x: str) -> str:
        return self.node("Relu", x)

    def relu6(self, x: str) -> str:
        return self.node("Clip", x, self.constant(np.float32(0)), self.constant(np.float32(6)))

    def average(self, x: str) -> str:
        return self.node("Flatten", self.node("GlobalAveragePool", x), axis=1)

    def reshape(self, x: str, *shape: int) -> str:
        return self.node("Reshape", x, self.constant(shape, "int64"))

    def linear(self, x: str, name: str, factor: float = 1.0) -> str:
        """A linear layer of tokens [1, tokens, channels], times a factor."""
        weight, bias = (self.tensors[f"{name}.{part}"] * factor for part in ("weight", "bias"))
        return self.node("Add", self.node("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def layer_norm(self, x: str, name: str) -> str:
        parts = (self.constant(self.tensors[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, *parts, axis=-1, epsilon=LAYER_NORM)

    def gelu(self, x: str) -> str:
        """In the five nodes that onnxruntime makes one of."""
        inner = self.node("Erf", self.node("Div", x, self.constant(np.sqrt(2))))
        return self.node("Mul", self.node("Mul", x, self.node("Add", inner, self.constant(1))), self.constant(0.5))

    def model(self, output: str, classes: int) -> "onnx.ModelProto":
        self.nodes.append(helper.make_node("Identity", [output], ["logits"]))
        ends = [helper.make_tensor_value_info(*end) for end in (
            ("input", TensorProto.FLOAT, [1, 3, self.side, self.side]),
            ("logits", TensorProto.FLOAT, [1, classes]),
        )]
        graph = helper.make_graph(self.nodes, "network", ends[:1], ends[1:], self.constants)
        # Old enough for every runtime of the last years.
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def squeezenet1_1(graph: Graph) -> str:
    x = graph.relu(graph.conv("input", "features.0", stride=2))
    for at in range(2, 13):
        if at in (2, 5, 8):
            x = graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
            continue
        squeezed = graph.relu(graph.conv(x, f"features.{at}.squeeze"))
        narrow = graph.relu(graph.conv(squeezed, f"features.{at}.expand1x1"))
        wide = graph.relu(graph.conv(squeezed, f"features.{at}.expand3x3", pads=(1, 1, 1, 1)))
        x = graph.node("Concat", narrow, wide, axis=1)
    return graph.average(graph.relu(graph.conv(x, "classifier.1")))


def efficientnet_lite0(graph: Graph) -> str:
    x, side = graph.same("input", "conv_stem", "bn1", graph.side, stride=2)
    x, channels = graph.relu6(x), graph.tensors["conv_stem.weight"].shape[0]
    blocks = sorted({tuple(map(int, found.groups())) for name in graph.tensors if (found := re.match(r"blocks\.(\d+)\.(\d+)\.", name))})
    for stage, index in blocks:
        block = f"blocks.{stage}.{index}"
        stride = (1, 2, 2, 2, 1, 2, 1)[stage] if index == 0 else 1
        y = x
        if stage == 0:
            # No expansion in the first stage: depthwise, then the projection.
            norms, project = ("bn1", "bn2"), "conv_pw"
        else:
            y = graph.relu6(graph.conv(y, f"{block}.conv_pw", f"{block}.bn1"))
            norms, project = ("bn2", "bn3"), "conv_pwl"
        groups = graph.tensors[f"{block}.conv_dw.weight"].shape[0]
        y, side = graph.same(y, f"{block}.conv_dw", f"{block}.{norms[0]}", side, stride, groups)
        y = graph.conv(graph.relu6(y), f"{block}.{project}", f"{block}.{norms[1]}")
        outputs = graph.tensors[f"{block}.{project}.weight"].shape[0]
        x = graph.node("Add", y, x) if stride == 1 and channels == outputs else y
        channels = outputs
    x = graph.average(graph.relu6(graph.conv(x, "conv_head", "bn2")))
    weight, bias = (graph.constant(graph.tensors[f"classifier.{part}"]) for part in ("weight", "bias"))
    return graph.node("Gemm", x, weight, bias, transB=1)


def resnet(graph: Graph) -> str:
    """The miniature residual networks: a stem with stride 2, and in every stage blocks of two 3 x 3 convolutions."""
    around = (1, 1, 1, 1)
    x = graph.relu(graph.conv("input", "conv1", "bn1", 2, around))
    blocks = sorted({found.group() for name in graph.tensors if (found := re.match(r"layer\d+\.\d+", name))})
    for block in blocks:
        projects = f"{block}.downsample.0.weight" in graph.tensors
        # Only a stage's first block halves the sides, and it is the one that projects.
        stride = 2 if projects else 1
        y = graph.relu(graph.conv(x, f"{block}.conv1", f"{block}.bn1", stride, around))
        y = graph.conv(y, f"{block}.conv2", f"{block}.bn2", 1, around)
        if projects:
            x = graph.conv(x, f"{block}.downsample.0", f"{block}.downsample.1", stride)
        x = graph.relu(graph.node("Add", y, x))
    weight, bias = (graph.constant(graph.tensors[f"fc.{part}"]) for part in ("weight", "bias"))
    return graph.node("Gemm", graph.average(x), weight, bias, transB=1)


HEAD_CHANNELS = 16
"""Of a head in both miniature transformers: three of 48 channels, four of 64."""


def vit(graph: Graph) -> str:
    """The miniature transformers: convolutions that make tokens, and blocks of attention and a perceptron."""
    around = (1, 1, 1, 1)
    x, at = "input", 0
    while f"patch_embed.conv{at}.weight" in graph.tensors:
        x, at = graph.relu(graph.conv(x, f"patch_embed.conv{at}", f"patch_embed.norm{at}", 2, around)), at + 1
    x = graph.conv(x, "patch_embed.proj", None, 2, around)
    _, count, channels = graph.tensors["pos_embed"].shape
    heads = channels // HEAD_CHANNELS
    tokens = graph.node("Transpose", graph.reshape(x, 1, channels, count - 1), perm=[0, 2, 1])
    tokens = graph.node("Concat", graph.constant(graph.tensors["cls_token"]), tokens, axis=1)
    x = graph.node("Add", tokens, graph.constant(graph.tensors["pos_embed"]))
    depth = 1 + max(int(found.group(1)) for name in graph.tensors if (found := re.match(r"blocks\.(\d+)\.", name)))
    for block in (f"blocks.{index}" for index in range(depth)):
        y = graph.layer_norm(x, f"{block}.norm1")
        apart = lambda part, perm, factor=1.0: graph.node(
            "Transpose", graph.reshape(graph.linear(y, f"{block}.attn.{part}", factor), 1, count, heads, HEAD_CHANNELS), perm=perm
        )
        queries = apart("q", [0, 2, 1, 3], HEAD_CHANNELS**-0.5)
        shares = graph.node("Softmax", graph.node("MatMul", queries, apart("k", [0, 2, 3, 1])), axis=-1)
        mixed = graph.node("Transpose", graph.node("MatMul", shares, apart("v", [0, 2, 1, 3])), perm=[0, 2, 1, 3])
        x = graph.node("Add", x, graph.linear(graph.reshape(mixed, 1, count, channels), f"{block}.attn.proj"))
        y = graph.gelu(graph.linear(graph.layer_norm(x, f"{block}.norm2"), f"{block}.mlp.fc1"))
        x = graph.node("Add", x, graph.linear(y, f"{block}.mlp.fc2"))
    # Only the class token answers.
    first = graph.node("Gather", x, graph.constant(0, "int64"), axis=1)
    weight, bias = (graph.constant(graph.tensors[f"head.{part}"]) for part in ("weight", "bias"))
    return graph.node("Gemm", graph.layer_norm(first, "norm"), weight, bias, transB=1)


ARCHITECTURES = {
    "squeezenet1_1": (squeezenet1_1, TENSORFLOW),
    "efficientnet_lite0": (efficientnet_lite0, TENSORFLOW),
    "mini_resnet_small": (resnet, TORCH),
    "mini_resnet_large": (resnet, TORCH),
    "mini_vit_small": (vit, TORCH),
    "mini_vit_large": (vit, TORCH),
}
"""How each architecture is written, and the constant of its batch norms (SqueezeNet has none)."""


def main() -> None:
    listed = "--list" in sys.argv
    models, target = map(Path, [argument for argument in sys.argv[1:] if argument != "--list"])
    if onnx is None and not listed:
        sys.exit("make_onnx: the packages onnx and numpy are missing; scripts/bench-browser installs them")
    for name in json.loads((models / "index.json").read_text())["models"]:
        card = json.loads((models / f"{name}.json").read_text())
        architecture = card["architecture"]
        if architecture not in ARCHITECTURES:
            print(f"make_onnx: {name} is left out: nobody wrote its architecture, {architecture}, as ONNX yet", file=sys.stderr)
            continue
        if not listed:
            build, epsilon = ARCHITECTURES[architecture]
            graph = Graph(read_safetensors(models / card["weights"]["file"]), card["input"]["side"], epsilon)
            model = graph.model(build(graph), card["classes"])
            onnx.checker.check_model(model, full_check=True)
            onnx.save(model, target / f"{name}.onnx")
        print(name)


if __name__ == "__main__":
    main()
