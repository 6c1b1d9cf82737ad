"""The networks' inputs, cut from the gallery's pictures: writes inputs/NAME.png and inputs.json.

The shorter side is resized to 256 pixels (the longer one in proportion, rounded down) with Pillow's antialiased bilinear filter,
and the central 224x224 pixels are cut out.
"""

import json

import numpy as np
from PIL import Image
from torchvision.transforms import CenterCrop, InterpolationMode, Resize

from common import INPUTS, ROOT, sha256, write_json

GALLERY = ROOT / "www" / "gallery"
# Photographs and two cut-outs on foreign backgrounds, all in the public domain or CC0.
NAMES = [
    "giant-panda",
    "koala",
    "german-shepherd",
    "scarlet-macaw",
    "jaguars",
    "fighter-jet",
    "komodo-dragon",
    "stethoscope",
]


def main() -> None:
    INPUTS.mkdir(exist_ok=True)
    gallery = {image["id"]: image for image in json.loads((GALLERY / "gallery.json").read_text())["images"]}
    resize, crop = Resize(256, InterpolationMode.BILINEAR), CenterCrop(224)
    entries = []
    for name in NAMES:
        path = GALLERY / gallery[name]["file"]
        picture = crop(resize(Image.open(path).convert("RGB")))
        picture.save(INPUTS / f"{name}.png", optimize=True)
        entries.append(
            {
                "name": name,
                "picture": path.relative_to(ROOT).as_posix(),
                "picture_sha256": sha256(path.read_bytes()),
                "label": gallery[name]["label"],
                "label_name": gallery[name]["label_name"],
                "sha256": sha256((INPUTS / f"{name}.png").read_bytes()),
                "sha256_of_pixels": sha256(np.asarray(picture).tobytes()),
            }
        )
    write_json(__file__, "inputs.json", {"inputs": entries})


if __name__ == "__main__":
    main()
