"""Make the pictures of the recognition experiment: www/stimuli with its list and credits.

    python3 scripts/stimuli/make.py [--packages FOLDER] [--out FOLDER]

The experiment asks which of 16 categories a picture shows. Its pictures are those of the
gallery that show one of them, which stay where they are, and some more: photos, cut-outs
and a few drawings where the packages hold no photo. What goes in is written in
recipe.json, beside this script. FOLDER of --packages holds the Debian packages
gcompris-qt-data and tuxpaint-stamps-default, unpacked, as for scripts/gallery/make.py;
without it both are fetched. The script needs Pillow, resvg-py (for the drawings) and
scikit-image (whose cat it takes).

No package looked at holds a free picture of a computer's keyboard or of an oven, so
these two categories can be answered and are never shown.
"""

import argparse
import importlib.util
import io
import json
import sys
import tempfile
from pathlib import Path

import resvg_py
from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "gallery"))

from make import (  # noqa: E402
    FREE_OF_CONDITIONS,
    LICENCE_URLS,
    STAMPS,
    STAMP_RECORDS,
    Archive,
    PhotoStore,
    changes_of,
    check_records,
    credit_cells,
    fetch_packages,
    parse_readme,
    table_row,
)

CATEGORIES = (
    "airplane bear bicycle bird boat bottle car cat "
    "chair clock dog elephant keyboard knife oven truck"
).split()
SIDE = 224
QUALITY = 90
MASK_THRESHOLD = 128
CREDITS_HEAD = """# Credits of the experiment's pictures

`stimuli.json` holds the same facts in a form that programs can read. Pictures under
`gallery/` are credited there, too. A cut-out or drawing lies on a background that is free
of conditions, so its own licence holds for the whole picture and for its mask.
"""


class Store(PhotoStore):
    """The same photos, and those of the archive whose pictures lie in several folders."""

    def archive(self, name):
        if name == "categorization" and name not in self.archives:
            self.archives[name] = archive = Archive(self.folder / f"{name}.rcc")
            (readme,) = archive.names_ending("/others/README")
            text = archive.read(readme).decode()
            # Only what is taken: the others' licences are not all known here.
            blocks = [block for block in text.split("\n\n") if "chair.webp" in block]
            self.credits[name] = parse_readme("\n\n".join(blocks))
        return super().archive(name)


def entry(item, kind, file, mask, credit, changes):
    fields = {key: credit[key] for key in ("author", "source", "licence", "licence_url")}
    return {
        "id": item["id"],
        "title": item["title"],
        "category": item["category"],
        "kind": kind,
        "file": file,
        "mask": mask,
        **fields,
        "changes": changes,
    }


def of_gallery(recipe):
    images = json.loads((ROOT / "www/gallery/gallery.json").read_text())["images"]
    known = {image["id"]: image for image in images}
    for category, names in recipe["gallery"].items():
        for name in names:
            image = known[name]
            mask = image["mask"] and f"gallery/{image['mask']}"
            file = f"gallery/{image['file']}"
            yield entry({**image, "category": category}, image["kind"], file, mask, image, image["changes"])


def save(picture, out, name):
    picture.save(out / f"{name}.webp", quality=QUALITY, method=6)
    return f"stimuli/{name}.webp"


def photo(item, store, out):
    if "photo" in item:
        picture, credit = store.image(item["photo"]), store.credit(item["photo"])
    else:
        origin = item["origin"]
        folder = Path(importlib.util.find_spec("skimage").origin).parent.parent
        said = (folder / "skimage/data/_fetchers.py").read_text()
        for words in origin["record"]:
            if words not in said:
                raise ValueError(f"{item['id']}: the package does not say: {words}")
        picture = Image.open(folder / item["file"]).convert("RGB")
        credit = {**origin, "licence_url": LICENCE_URLS[origin["licence"]], "earlier_changes": None}
    picture = picture.crop(item["crop"]).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return entry(item, "photo", save(picture, out, item["id"]), None, credit, changes_of(credit))


def stamp_of(item, packages):
    path = packages / STAMPS / item["stamp"]
    width = item["width"]
    if path.suffix == ".svg":
        # Drawn large and scaled down, so that edges are as soft as those of photos.
        drawn = bytes(resvg_py.svg_to_bytes(svg_string=path.read_text(), width=4 * width))
        stamp = Image.open(io.BytesIO(drawn)).convert("RGBA")
    else:
        stamp = Image.open(path).convert("RGBA")
        stamp = stamp.crop(stamp.getchannel("A").point(lambda value: 255 if value > 8 else 0).getbbox())
    height = round(stamp.height * width / stamp.width)
    # Scaling with premultiplied colours keeps the hidden colours out of the soft edge.
    stamp = stamp.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS)
    if "turn" in item:
        stamp = stamp.rotate(item["turn"], Image.Resampling.BICUBIC, expand=True)
    return stamp.convert("RGBA")


def cutout(item, recipe, store, packages, out):
    stamp = stamp_of(item, packages)
    canvas = Image.new("RGBA", (SIDE, SIDE))
    canvas.paste(stamp, ((SIDE - stamp.width) // 2, (SIDE - stamp.height) // 2))
    alpha = canvas.getchannel("A")
    mask = alpha.point(lambda value: 255 if value >= MASK_THRESHOLD else 0)
    left, top, right, bottom = mask.getbbox()
    if min(left, top) < 4 or max(right, bottom) > SIDE - 4:
        raise ValueError(f"{item['id']}: {mask.getbbox()} does not fit the picture")
    name, left, top, side = item["background"]
    behind = store.credit(name)
    if behind["licence"] not in FREE_OF_CONDITIONS:
        raise ValueError(f"{item['id']}: the background's licence has conditions")
    picture = store.image(name).crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    picture.paste(canvas, mask=alpha)
    mask.save(out / f"{item['id']}.mask.png", optimize=True)
    origin = recipe["origins"][item["by"]]
    credit = {**origin, "source": f"Tux Paint stamps, {item['stamp']}", "licence_url": LICENCE_URLS[origin["licence"]]}
    changes = f"scaled and placed on a background ({behind['source']})"
    return entry(item, item["kind"], save(picture, out, item["id"]), f"stimuli/{item['id']}.mask.png", credit, changes)


def credits_text(images):
    rows = [CREDITS_HEAD, "| Picture | Author | Source | Licence | Changes |", "|---|---|---|---|---|"]
    rows += [table_row([f"`{image['file']}`<br>{image['title']}", *credit_cells(image)]) for image in images]
    counts = [f"{category} {sum(image['category'] == category for image in images)}" for category in CATEGORIES]
    return "\n".join([*rows, "", f"Pictures a category: {', '.join(counts)}.", ""])


def make(packages, out):
    recipe = json.loads((HERE / "recipe.json").read_text())
    store = Store(packages)
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    records = [
        {"id": item["id"], "origin": {"record": [*recipe["origins"][item["by"]]["record"], *([item["words"]] if "words" in item else [])]}}
        for item in recipe["cutouts"]
    ]
    check_records(records, packages)
    images = list(of_gallery(recipe))
    images += [photo(item, store, out) for item in recipe["photos"]]
    images += [cutout(item, recipe, store, packages, out) for item in recipe["cutouts"]]
    images.sort(key=lambda image: (CATEGORIES.index(image["category"]), image["id"]))
    lines = ",\n".join(json.dumps(image, ensure_ascii=False) for image in images)
    (out / "stimuli.json").write_text(f'{{"version":1,"images":[\n{lines}\n]}}\n')
    (out / "CREDITS.md").write_text(credits_text(images))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with the unpacked packages")
    parser.add_argument("--out", type=Path, default=ROOT / "www" / "stimuli", help="folder to write")
    options = parser.parse_args()
    if options.packages:
        make(options.packages, options.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        fetch_packages(Path(folder))
        make(Path(folder), options.out)


if __name__ == "__main__":
    main()
