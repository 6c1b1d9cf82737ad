"""Training scenes by numpy, Pillow, scipy and torch: writes scenes.png and scene_alphas.png, and the garments that the tests use.

What chance decides is not recomputed: scene_draws.json has it, written by `SWEETSPOT_WRITE_DRAWS=1 cargo test -p sweetspot-train --test all scenes::`.
Garments, read from a folder with Fashion-MNIST's four files (--data), go to fashion/: the first two of each class of the training files,
the first of each class of the test files, as idx files like those they are from.
"""

import argparse
import colorsys
import gzip
import struct
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy.ndimage import binary_fill_holes

from common import HERE, ROOT, read_json

SIDE = 64
KEPT = {"train": 2, "t10k": 1}
DARK = 0.2
CUT = 0.05


def idx(folder: Path, stem: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures [n, 28, 28] and labels [n] of a pair of files."""
    pictures = gzip.decompress((folder / f"{stem}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{stem}-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(pictures, np.uint8, offset=16).reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8)


def keep_garments(data: Path) -> None:
    (HERE / "fashion").mkdir(exist_ok=True)
    for stem, kept in KEPT.items():
        pictures, labels = idx(data, stem)
        chosen = np.sort(np.concatenate([np.flatnonzero(labels == label)[:kept] for label in range(10)]))
        files = {
            f"{stem}-images-idx3-ubyte.gz": struct.pack(">4I", 0x803, len(chosen), 28, 28) + pictures[chosen].tobytes(),
            f"{stem}-labels-idx1-ubyte.gz": struct.pack(">2I", 0x801, len(chosen)) + labels[chosen].tobytes(),
        }
        for name, content in files.items():
            (HERE / "fashion" / name).write_bytes(gzip.compress(content, mtime=0))


def background(file: str, draws: dict) -> np.ndarray:
    picture = np.asarray(Image.open(ROOT / "www/gallery" / file).convert("RGB")).astype(int)
    # The smallest halving on which the piece still has twice the scene's side.
    while draws["share"] * (min(picture.shape[:2]) // 2) >= 2 * SIDE:
        height, width = (length // 2 for length in picture.shape[:2])
        blocks = picture[: 2 * height, : 2 * width].reshape(height, 2, width, 2, 3)
        picture = (blocks.sum(axis=(1, 3)) + 2) // 4
    height, width = picture.shape[:2]
    step = lambda length: np.floor(length * 256) / 256
    side = step(draws["share"] * min(width, height))
    left, top = step(draws["place"][0] * (width - side)), step(draws["place"][1] * (height - side))
    box = (left, top, left + side, top + side)
    piece = np.asarray(Image.fromarray(picture.astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box))
    return piece[:, ::-1] if draws["photo_mirrored"] else piece


def scaled(values: np.ndarray, size: int) -> np.ndarray:
    as_tensor = torch.from_numpy(values.astype(np.float64))[None, None]
    return torch.nn.functional.interpolate(as_tensor, (size, size), mode="bilinear", align_corners=False)[0, 0].numpy()


def scene(garment: np.ndarray, piece: np.ndarray, draws: dict) -> tuple[np.ndarray, np.ndarray]:
    """The picture [64, 64, 3] and how much of each pixel the garment covers, both on the scale 0 to 255."""
    grey = garment / 255
    support = binary_fill_holes(grey > CUT)
    if draws["mirrored"]:
        grey, support = grey[:, ::-1].copy(), support[:, ::-1].copy()
    size, x, y = draws["size"], draws["x"], draws["y"]
    alpha, shade = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    alpha[y : y + size, x : x + size] = scaled(support, size)
    shade[y : y + size, x : x + size] = scaled(grey, size)
    light = np.array(colorsys.hsv_to_rgb(*draws["light"]))
    dark = DARK * np.array(colorsys.hsv_to_rgb(*draws["dark"]))
    colour = 255 * (dark + shade[:, :, None] * (light - dark))
    return alpha[:, :, None] * colour + (1 - alpha[:, :, None]) * piece, 255 * alpha


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = Path("/usr/share/datasets/fashion-mnist")
    parser.add_argument("--data", type=Path, default=default, help="folder with Fashion-MNIST's files (default: %(default)s)")
    keep_garments(parser.parse_args().data)
    if not (HERE / "scene_draws.json").exists():
        raise SystemExit("garments written; now have the tests write scene_draws.json, then run this again")
    pictures, alphas = [], []
    for case in read_json("scene_draws.json"):
        garments, labels = idx(HERE / "fashion", {"train": "train", "test": "t10k"}[case["split"]])
        assert labels[case["garment"]] == case["label"]
        picture, alpha = scene(garments[case["garment"]], background(case["file"], case["draws"]), case["draws"])
        pictures.append(picture)
        alphas.append(alpha)
    for name, values in {"scenes.png": pictures, "scene_alphas.png": alphas}.items():
        Image.fromarray(np.concatenate(values).round().astype(np.uint8)).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
