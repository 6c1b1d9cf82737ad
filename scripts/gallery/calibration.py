"""Make the calibration set: www/calibration with its photos, index and credits.

    python3 scripts/gallery/calibration.py [--packages FOLDER] [--out FOLDER]

Criteria that look at data see these photos and no others. They are taken from the Debian
package gcompris-qt-data (see make.py for FOLDER), are free of conditions, and none of them
is in the gallery, neither as a picture nor as a background: no score is computed on them.

calibration.json, beside this script, lists them as "archive/name", in an order that
mixes subjects, so that the first few are already a fair choice.
"""

import argparse
import io
import json
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from make import ARCHIVES, FREE_OF_CONDITIONS, credit_cells, origin_fields, parse_readme, table_row
from rcc import Archive

HERE = Path(__file__).resolve().parent
DEFAULT_OUT = HERE.parents[1] / "www" / "calibration"
VERSION = 1
SHORT_SIDE = 256
WIDEST_ASPECT = 1.5
QUALITY = 72
MOST_BYTES = 1_000_000
CREDITS_HEAD = """# Calibration photos

Pruning criteria that look at data see these photos. No score is computed on them, and none
is in the gallery. All are in the public domain or CC0; `calibration.json` holds the same
facts in a form that programs can read.

| Picture | Author | Source | Licence | Changes |
|---|---|---|---|---|"""


def credit_in(archive, path):
    """The credit of one picture, from the README beside or above it; its other blocks may hold licences that are not used here."""
    folders = [path.rsplit("/", up)[0] for up in (1, 2)]
    readmes = [f"{folder}/README" for folder in folders if f"{folder}/README" in archive.offsets]
    file = Path(path)
    blocks = [block for block in archive.read(readmes[0]).decode().split("\n\n") if file.name in (Path(word).name for word in block.split())]
    return parse_readme(blocks[0])[file.stem]


def in_gallery():
    """Photos of the gallery and sources of all its pictures and backgrounds."""
    recipe = json.loads((HERE / "recipe.json").read_text())
    manifest = json.loads((HERE.parents[1] / "www/gallery/gallery.json").read_text())
    photos = [photo["photo"] for photo in recipe["photos"]]
    photos += [cutout["background"]["photo"] for cutout in recipe["cutouts"]]
    origins = manifest["images"] + [image["background"] for image in manifest["images"] if image["background"]]
    return set(photos), {origin["source"] for origin in origins}


def cut(picture):
    """The middle of a wide or tall picture, its short side at most 256 pixels."""
    width, height = picture.size
    most = round(min(width, height) * WIDEST_ASPECT)
    left, top = max(0, width - most) // 2, max(0, height - most) // 2
    picture = picture.crop((left, top, width - left, height - top))
    scale = min(1, SHORT_SIDE / min(picture.size))
    return picture.resize([round(side * scale) for side in picture.size], Image.Resampling.LANCZOS)


def make(packages, out):
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    archives, entries, (photos, sources) = {}, [], in_gallery()
    for place in json.loads((HERE / "calibration.json").read_text())["photos"]:
        archive_name, name = place.split("/")
        archive = archives.setdefault(archive_name, Archive(packages / ARCHIVES / f"{archive_name}.rcc"))
        (path,) = archive.names_ending(f"/{name}.webp")
        credit = credit_in(archive, path)
        if credit["licence"] not in FREE_OF_CONDITIONS:
            raise ValueError(f"{place}: the licence has conditions")
        if f"{archive_name}/{name}" in photos or credit["source"] in sources:
            raise ValueError(f"{place} is in the gallery")
        picture = cut(Image.open(io.BytesIO(archive.read(path))).convert("RGB"))
        file = f"{name}.webp"
        picture.save(out / file, "WEBP", quality=QUALITY, method=6)
        title = name[0].upper() + "".join(f" {c.lower()}" if c.isupper() else c for c in name[1:]).rstrip("0123456789")
        entries.append({"file": file, "title": title, **origin_fields(credit), "changes": "cut and scaled"})
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (out / "calibration.json").write_text(f'{{"version":{VERSION},"images":[\n{lines}\n]}}\n')
    rows = [table_row([f"`{entry['file']}`<br>{entry['title']}", *credit_cells(entry)]) for entry in entries]
    (out / "CREDITS.md").write_text("\n".join([CREDITS_HEAD, *rows, ""]))
    size = sum(path.stat().st_size for path in out.iterdir())
    if size > MOST_BYTES:
        raise ValueError(f"the set has {size} bytes, more than {MOST_BYTES}")
    print(f"{len(entries)} photos, {size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with the unpacked package")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write")
    options = parser.parse_args()
    if options.packages:
        make(options.packages, options.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "gcompris-qt-data"], cwd=folder, check=True)
        subprocess.run(["dpkg", "-x", *Path(folder).glob("*.deb"), folder], check=True)
        make(Path(folder), options.out)


if __name__ == "__main__":
    main()
