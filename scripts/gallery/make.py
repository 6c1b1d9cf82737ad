"""Make the picture gallery: www/gallery with its photos, cut-outs, masks, manifest and credits.

    python3 scripts/gallery/make.py [--packages FOLDER] [--out FOLDER]

FOLDER of --packages holds the two Debian packages gcompris-qt-data and
tuxpaint-stamps-default, unpacked with `dpkg -x`, so that FOLDER/usr/share exists.
Without it, both are fetched with `apt-get download` and unpacked in a temporary
folder. The script needs Pillow and nothing else.

What goes into the gallery is written in recipe.json, beside this script:

- "photos": the archive and name of each GCompris photo, the crop, and the boxes around
  its main objects. Crop and boxes are in pixels of the photo as packaged
  (left, top, right, bottom; right and bottom exclusive).
- "cutouts": the stamp, its origin with the words of the package's change log that give
  its licence, the background (a crop of a GCompris photo) and the place of the stamp on
  the finished picture: left, top and width in pixels.
- "labels": the index and the name of each ImageNet-1k class that the gallery uses.

Authors, licences and sources of the GCompris photos are read from the package itself.
"""

import argparse
import gzip
import io
import json
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from rcc import Archive

HERE = Path(__file__).resolve().parent
DEFAULT_OUT = HERE.parents[1] / "www" / "gallery"
PACKAGES = ("gcompris-qt-data", "tuxpaint-stamps-default")
ARCHIVES = "usr/share/gcompris-qt/rcc"
STAMPS = "usr/share/tuxpaint/stamps"
STAMP_RECORDS = (
    "usr/share/doc/tuxpaint-stamps-default/changelog.gz",
    "usr/share/doc/tuxpaint-stamps-default/copyright",
)

MANIFEST_VERSION = 1
PICTURE_FOLDERS = ("photos", "cutouts", "masks")
PHOTO_LONG_SIDE = 512
CUTOUT_SIDE = 480
WIDEST_ASPECT = 4 / 3
ASPECT_SLACK = 0.01
CENTRE_SIDE = 0.875
MASK_THRESHOLD = 128
JPEG_QUALITIES = (85, 80, 75, 70)
JPEG_BYTES = 60_000

PHOTO_CHANGES = "cropped and scaled"
CUTOUT_CHANGES = "scaled and placed on a background"
PUBLIC_DOMAIN = "LicenseRef-Public-Domain"
SPDX = {
    "Public Domain": PUBLIC_DOMAIN,
    "Public domain": PUBLIC_DOMAIN,
    "CC-BY-SA 4.0": "CC-BY-SA-4.0",
}
CC = "https://creativecommons.org"
FREE_OF_CONDITIONS = (PUBLIC_DOMAIN, "CC0-1.0")
LICENCE_URLS = {
    PUBLIC_DOMAIN: None,
    "CC0-1.0": f"{CC}/publicdomain/zero/1.0/",
    "CC-BY-2.0": f"{CC}/licenses/by/2.0/",
    "CC-BY-2.5": f"{CC}/licenses/by/2.5/",
    "CC-BY-3.0": f"{CC}/licenses/by/3.0/",
    "CC-BY-SA-2.5": f"{CC}/licenses/by-sa/2.5/",
    "CC-BY-SA-4.0": f"{CC}/licenses/by-sa/4.0/",
    "GPL-2.0-or-later": "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html",
}
CREDITS_HEAD = """# Picture credits

`gallery.json` holds the same facts in a form that programs can read. "Public domain"
stands where the source says so or names an office of the United States; the other
licences are given by their SPDX names. A cut-out is a stamp of Tux Paint on a background
that is free of conditions, so the stamp's licence holds for the whole picture and for
its mask.
"""


class PhotoStore:
    """The GCompris photos and what their packager wrote about them."""

    def __init__(self, packages):
        self.folder = packages / ARCHIVES
        self.archives = {}
        self.credits = {}

    def archive(self, name):
        if name not in self.archives:
            archive = Archive(self.folder / f"{name}.rcc")
            (readme,) = archive.names_ending("/README")
            self.archives[name] = archive
            self.credits[name] = parse_readme(archive.read(readme).decode())
        return self.archives[name]

    def image(self, photo):
        """The picture called "archive/file name without suffix"."""
        archive_name, name = photo.split("/")
        archive = self.archive(archive_name)
        (path,) = archive.names_ending(f"/{name}.webp")
        return Image.open(io.BytesIO(archive.read(path))).convert("RGB")

    def credit(self, photo):
        archive_name, name = photo.split("/")
        self.archive(archive_name)
        return self.credits[archive_name][name]


def parse_readme(text):
    """Credits by picture name, from blocks of "Key: value" lines that end in file names."""
    credits = {}
    for block in text.split("\n\n"):
        fields, files, in_files = {}, [], False
        for line in block.splitlines():
            key, colon, value = line.partition(": ")
            if line.startswith("Files:"):
                in_files = True
                files += line.removeprefix("Files:").split()
            elif colon:
                in_files = False
                fields[key] = value.strip()
            elif in_files:
                files.append(line.strip())
        for file in files:
            if file.endswith(".webp"):
                credits[Path(file).stem] = credit_of(fields)
    return credits


def credit_of(fields):
    licence = SPDX.get(fields["License"], fields["License"])
    return {
        "author": fields["Copyright"],
        "source": fields["Source"],
        "licence": licence,
        "licence_url": LICENCE_URLS[licence],
        "earlier_changes": fields.get("Comments"),
    }


def changes_of(credit):
    earlier = credit["earlier_changes"]
    return f"{PHOTO_CHANGES}; in GCompris before: {earlier}" if earlier else PHOTO_CHANGES


def photo_entry(recipe, labels, store, out):
    crop = recipe["crop"]
    picture = store.image(recipe["photo"]).crop(crop)
    aspect = picture.width / picture.height
    if not 1 - ASPECT_SLACK <= aspect <= WIDEST_ASPECT + ASPECT_SLACK:
        raise ValueError(f"{recipe['id']}: the crop's aspect ratio is {aspect:.3f}")
    scale = min(1, PHOTO_LONG_SIDE / max(picture.size))
    size = tuple(round(side * scale) for side in picture.size)
    file = f"photos/{recipe['id']}.jpg"
    save_jpeg(picture.resize(size, Image.Resampling.LANCZOS), out / file)
    credit = store.credit(recipe["photo"])
    return {
        "id": recipe["id"],
        "title": recipe["title"],
        "file": file,
        "kind": "photo",
        "width": size[0],
        "height": size[1],
        **label_fields(recipe, labels),
        "boxes": [stored_box(box, crop, scale, size) for box in recipe["boxes"]],
        "mask": None,
        **origin_fields(credit),
        "changes": changes_of(credit),
        "background": None,
    }


def stored_box(box, crop, scale, size):
    """A box of the packaged photo in pixels of the stored crop."""
    edges = [round((edge - crop[i % 2]) * scale) for i, edge in enumerate(box)]
    return [min(max(edge, 0), size[i % 2]) for i, edge in enumerate(edges)]


def label_fields(recipe, labels):
    label = recipe["label"]
    return {"label": label, "label_name": None if label is None else labels[str(label)]}


def origin_fields(credit):
    return {key: credit[key] for key in ("author", "source", "licence", "licence_url")}


def cutout_entry(recipe, labels, store, packages, out):
    stamp = placed_stamp(recipe, packages)
    alpha = stamp.getchannel("A")
    mask = alpha.point(lambda value: 255 if value >= MASK_THRESHOLD else 0)
    box = list(mask.getbbox())
    check_inside_centre(recipe["id"], box)
    picture = background(recipe["background"], store)
    picture.paste(stamp, mask=alpha)
    file, mask_file = f"cutouts/{recipe['id']}.jpg", f"masks/{recipe['id']}.png"
    save_jpeg(picture, out / file)
    mask.save(out / mask_file, optimize=True)
    origin = recipe["origin"]
    behind = store.credit(recipe["background"]["photo"])
    if behind["licence"] not in FREE_OF_CONDITIONS:
        raise ValueError(f"{recipe['id']}: the background's licence has conditions")
    return {
        "id": recipe["id"],
        "title": recipe["title"],
        "file": file,
        "kind": "cutout",
        "width": CUTOUT_SIDE,
        "height": CUTOUT_SIDE,
        **label_fields(recipe, labels),
        "boxes": [box],
        "mask": mask_file,
        **origin_fields({**origin, "licence_url": LICENCE_URLS[origin["licence"]]}),
        "record": origin["record"],
        "changes": CUTOUT_CHANGES,
        "background": {**origin_fields(behind), "changes": changes_of(behind)},
    }


def placed_stamp(recipe, packages):
    """A transparent picture of the cut-out's size with the stamp in its place."""
    stamp = Image.open(packages / STAMPS / recipe["stamp"]).convert("RGBA")
    if "stamp_crop" in recipe:
        stamp = stamp.crop(recipe["stamp_crop"])
    if recipe.get("mirror"):
        stamp = ImageOps.mirror(stamp)
    left, top, width = recipe["place"]
    height = round(stamp.height * width / stamp.width)
    # Scaling with premultiplied colours keeps the hidden colours out of the soft edge.
    scaled = stamp.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (CUTOUT_SIDE, CUTOUT_SIDE))
    canvas.paste(scaled.convert("RGBA"), (left, top))
    return canvas


def check_inside_centre(name, box):
    margin = CUTOUT_SIDE * (1 - CENTRE_SIDE) / 2
    if min(box) < margin or max(box) > CUTOUT_SIDE - margin:
        raise ValueError(f"{name}: {box} is not inside the centre square")


def background(recipe, store):
    picture = store.image(recipe["photo"]).crop(recipe["crop"])
    return picture.resize((CUTOUT_SIDE, CUTOUT_SIDE), Image.Resampling.LANCZOS)


def save_jpeg(picture, path):
    """Write the best of the allowed qualities that keeps to the size limit, or the smallest."""
    for quality in JPEG_QUALITIES:
        content = io.BytesIO()
        picture.save(content, "JPEG", quality=quality, optimize=True)
        if content.tell() <= JPEG_BYTES:
            break
    path.write_bytes(content.getvalue())


def check_records(cutouts, packages):
    """Each licence record of a stamp must stand in the package, spaces aside."""
    changes, rights = (packages / name for name in STAMP_RECORDS)
    text = gzip.decompress(changes.read_bytes()).decode(errors="replace") + rights.read_text()
    text = " ".join(text.split())
    for cutout in cutouts:
        for words in cutout["origin"]["record"]:
            if words not in text:
                raise ValueError(f"{cutout['id']}: the package does not say: {words}")


def credits_text(images):
    rows = ["| Picture | Author | Source | Licence | Changes |", "|---|---|---|---|---|"]
    for image in images:
        cells = [f"`{image['file']}`<br>{image['title']}", *credit_cells(image)]
        rows.append(table_row(cells))
        behind = image["background"]
        if behind:
            rows.append(table_row(["&nbsp;&nbsp;its background", *credit_cells(behind)]))
    records = ["", "## Licence records of the cut-outs", ""]
    for image in images:
        if "record" in image:
            quoted = "; ".join(f"\u201c{words}\u201d" for words in image["record"])
            records.append(f"- {image['title']}: {quoted}")
    return "\n".join([CREDITS_HEAD, *rows, *records, ""])


def credit_cells(credit):
    licence, url = credit["licence"], credit["licence_url"]
    name = "public domain" if licence == PUBLIC_DOMAIN else licence
    source = credit["source"]
    return [
        credit["author"],
        f"<{source}>" if source.startswith("http") else source,
        f"[{name}]({url})" if url else name,
        credit["changes"],
    ]


def table_row(cells):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def manifest(images):
    """The manifest's text, with one line for each image."""
    lines = ",\n".join(json.dumps(image, ensure_ascii=False) for image in images)
    return f'{{"version":{MANIFEST_VERSION},"images":[\n{lines}\n]}}\n'


def make(packages, out):
    recipe = json.loads((HERE / "recipe.json").read_text())
    store, labels = PhotoStore(packages), recipe["labels"]
    check_records(recipe["cutouts"], packages)
    for folder in PICTURE_FOLDERS:
        (out / folder).mkdir(parents=True, exist_ok=True)
    images = [photo_entry(item, labels, store, out) for item in recipe["photos"]]
    images += [cutout_entry(item, labels, store, packages, out) for item in recipe["cutouts"]]
    remove_strays(images, out)
    (out / "gallery.json").write_text(manifest(images))
    (out / "CREDITS.md").write_text(credits_text(images))


def remove_strays(images, out):
    """Delete the pictures of an earlier recipe."""
    kept = {image[key] for image in images for key in ("file", "mask")}
    for folder in PICTURE_FOLDERS:
        for path in (out / folder).iterdir():
            if path.relative_to(out).as_posix() not in kept:
                path.unlink()


def fetch_packages(folder):
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
    for file in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", file, folder], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with the unpacked packages")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write")
    options = parser.parse_args()
    if options.packages:
        make(options.packages, options.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        fetch_packages(Path(folder))
        make(Path(folder), options.out)


if __name__ == "__main__":
    main()
