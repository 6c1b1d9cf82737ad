"""Writes a shipped network as ONNX, the way a careful user of onnxruntime would: make_onnx.py WEIGHTS.safetensors OUT.onnx

Single precision, batch norms folded into the convolutions, ReLU6 as Clip, TensorFlow's SAME padding as explicit pads: nothing is left
for the runtime to do that an exporter could have done.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 224
EPSILON = 1e-3
"""The batch norms' constant in TensorFlow's EfficientNets."""


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
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

    def __init__(self, tensors: dict[str, np.ndarray]):
        self.tensors = tensors
        self.nodes, self.constants = [], []

    def constant(self, values: np.ndarray) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float32), name))
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
            factor = scale / np.sqrt(variance + EPSILON)
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

    def model(self, output: str) -> onnx.ModelProto:
        self.nodes.append(helper.make_node("Identity", [output], ["logits"]))
        ends = [helper.make_tensor_value_info(*end) for end in (
            ("input", TensorProto.FLOAT, [1, 3, SIDE, SIDE]),
            ("logits", TensorProto.FLOAT, [1, 1000]),
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
    x, side = graph.same("input", "conv_stem", "bn1", SIDE, stride=2)
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


ARCHITECTURES = {"squeezenet1_1": squeezenet1_1, "efficientnet_lite0": efficientnet_lite0}


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    if source.stem not in ARCHITECTURES:
        sys.exit(f"make_onnx: no network '{source.stem}' here; there are: {', '.join(ARCHITECTURES)}")
    graph = Graph(read_safetensors(source))
    model = graph.model(ARCHITECTURES[source.stem](graph))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, target)


if __name__ == "__main__":
    main()
