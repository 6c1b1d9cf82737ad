"""Read single files out of a Qt resource archive (.rcc)."""

import struct
import zlib

MAGIC = b"qres"
FLAG_ZLIB = 1
FLAG_FOLDER = 2
FLAG_ZSTD = 4
NODE_SIZE = {1: 14, 2: 22, 3: 22}


class Archive:
    """The files of one archive, by their path inside it."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        if self.bytes[:4] != MAGIC:
            raise ValueError(f"{path} is not a Qt resource archive")
        version, self.tree, self.data, self.names = struct.unpack_from(">4I", self.bytes, 4)
        self.node_size = NODE_SIZE[version]
        self.offsets = dict(self._files(0, ""))

    def names_ending(self, suffix):
        return [name for name in self.offsets if name.endswith(suffix)]

    def read(self, name):
        flags, offset = self.offsets[name]
        start = self.data + offset
        (size,) = struct.unpack_from(">I", self.bytes, start)
        content = self.bytes[start + 4 : start + 4 + size]
        if flags & FLAG_ZSTD:
            raise ValueError(f"{name} is packed with zstd, which this reader does not open")
        # Packed content starts with four bytes that give its unpacked length.
        return zlib.decompress(content[4:]) if flags & FLAG_ZLIB else content

    def _name(self, offset):
        start = self.names + offset
        (length,) = struct.unpack_from(">H", self.bytes, start)
        # The two-byte length is followed by a four-byte hash, then by the text.
        return self.bytes[start + 6 : start + 6 + 2 * length].decode("utf-16-be")

    def _files(self, node, folder):
        """Pairs of a path and its flags and data offset, for all files below a node."""
        at = self.tree + node * self.node_size
        name_offset, flags = struct.unpack_from(">IH", self.bytes, at)
        path = f"{folder}/{self._name(name_offset)}" if node else ""
        if flags & FLAG_FOLDER:
            count, first = struct.unpack_from(">II", self.bytes, at + 6)
            for child in range(first, first + count):
                yield from self._files(child, path)
        else:
            (offset,) = struct.unpack_from(">I", self.bytes, at + 10)
            yield path, (flags, offset)
