"""Small random pictures resized by Pillow's antialiased bilinear filter: writes resize.json.

`expected_u8` is the resize of the 8-bit picture; Pillow rounds to 8 bits after its horizontal and again after its vertical pass.
`expected_f32` is the resize of each channel as a float picture, without that rounding.
"""

import numpy as np
from PIL import Image

from common import write_json

SEED = 20250702
# (name, source height and width, target height and width)
CASES = [
    ("down-integer", (12, 16), (6, 8)),
    ("down-fractional", (13, 17), (5, 7)),
    ("down-strong", (24, 20), (3, 2)),
    ("up-integer", (4, 5), (8, 10)),
    ("up-fractional", (5, 4), (9, 11)),
    ("down-and-up", (12, 5), (5, 12)),
    ("same", (6, 7), (6, 7)),
]


def main() -> None:
    random = np.random.default_rng(SEED)
    cases = []
    for name, source, target in CASES:
        pixels = random.integers(0, 256, (*source, 3), dtype=np.uint8)
        size = (target[1], target[0])
        as_bytes = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))
        channels = [Image.fromarray(pixels[:, :, c].astype(np.float32)).resize(size, Image.Resampling.BILINEAR) for c in range(3)]
        as_floats = np.stack([np.asarray(channel) for channel in channels], axis=2)
        case = {"name": name, "source": list(source), "target": list(target)}
        case |= {"pixels": pixels.flatten().tolist(), "expected_u8": as_bytes.flatten().tolist()}
        cases.append(case | {"expected_f32": [round(float(value), 4) for value in as_floats.flatten()]})
    layout = "pixels in the order row, column, channel (RGB); source and target are [height, width]"
    write_json(__file__, "resize.json", {"seed": SEED, "layout": layout, "cases": cases})


if __name__ == "__main__":
    main()
