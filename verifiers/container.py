"""The files of a copy, from a folder or from a zip that is read byte for byte as docs/formats/export.md says."""

import hashlib
import os
import re
import stat
import struct
import zlib

from strict import Unreadable

PATH_BYTES_MAX = 1024
CHUNK = 1 << 20


def open_copy(path):
    """A folder or a zip. `OSError` when there is nothing to read, `Unreadable` when its shape is at fault."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        return Folder(path)
    return Zip(path)


class Folder:
    def __init__(self, root):
        self.root = root
        self.sizes = {}
        self.walk("")

    def walk(self, under):
        with os.scandir(os.path.join(self.root, under)) as found:
            for item in found:
                path = under + item.name
                if item.is_symlink():
                    raise Unreadable(f"`{path}` is a link")
                if item.is_dir(follow_symlinks=False):
                    self.walk(path + "/")
                elif item.is_file(follow_symlinks=False):
                    self.sizes[path] = item.stat(follow_symlinks=False).st_size
                else:
                    raise Unreadable(f"`{path}` is no plain file")

    def chunks(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def read(self, path):
        return b"".join(self.chunks(path))

    def sha256(self, path):
        return _digest(self.chunks(path))


class Zip:
    """Local header and packed bytes of each file, the directory, the end records, and nothing else."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.length = os.fstat(self.file.fileno()).st_size
        self.sizes = {}
        self.places = {}
        try:
            self.directory()
            for name in self.sizes:
                for _ in self.chunks(name):
                    pass
        except struct.error as error:
            raise Unreadable("a header of the zip is cut short") from error

    def at(self, begin, length):
        if begin < 0 or length < 0 or begin + length > self.length:
            raise Unreadable("the zip ends too early")
        self.file.seek(begin)
        data = self.file.read(length)
        if len(data) != length:
            raise Unreadable("the zip ends too early")
        return data

    def directory(self):
        count, size, begin = self.end()
        data = self.at(begin, size)
        at, expected = 0, 0
        for _ in range(count):
            at, expected = self.header(data, at, expected)
        if at != size:
            raise Unreadable("the directory of the zip is longer than its headers")
        if expected != begin:
            raise Unreadable("something stands between the files and the directory of the zip")

    def end(self):
        """Number of files, size of the directory, where it begins."""
        fields = struct.unpack("<IHHHHIIH", self.at(self.length - 22, 22))
        mark, disk, first, here, count, size, begin, comment = fields
        if mark != 0x06054B50 or disk or first or here != count or comment:
            raise Unreadable("no end record of a zip on one disk, without a comment")
        end = self.length - 22
        if count == 0xFFFF or size == 0xFFFFFFFF or begin == 0xFFFFFFFF:
            mark, disk, where, disks = struct.unpack("<IIQI", self.at(end - 20, 20))
            if mark != 0x07064B50 or disk or disks != 1 or where != end - 76:
                raise Unreadable("no ZIP64 locator just before the end record")
            fields = struct.unpack("<IQHHIIQQQQ", self.at(where, 56))
            mark, length, _, _, disk, first, here64, count64, size64, begin64 = fields
            if mark != 0x06064B50 or length != 44 or disk or first or here64 != count64:
                raise Unreadable("no ZIP64 end record")
            for small, large, most in ((count, count64, 0xFFFF), (size, size64, 0xFFFFFFFF), (begin, begin64, 0xFFFFFFFF)):
                if small != most and small != large:
                    raise Unreadable("the two end records differ")
            count, size, begin, end = count64, size64, begin64, where
        if begin + size != end:
            raise Unreadable("the directory does not end where the end record begins")
        return count, size, begin

    def header(self, data, at, expected):
        fields = struct.unpack_from("<IHHHHHHIIIHHHHHII", data, at)
        mark, _, needed, flags, method, time, date, crc, packed, size = fields[:10]
        names, extras, comment, disk, _, outer, offset = fields[10:]
        name = data[at + 46 : at + 46 + names]
        extra = data[at + 46 + names : at + 46 + names + extras]
        if mark != 0x02014B50 or comment or disk or len(name) != names or len(extra) != extras:
            raise Unreadable("a header of the directory cannot be read")
        if outer >> 28 not in (0, 8):
            raise Unreadable("something that is no plain file")
        size, packed, offset = _wide(extra, (size, packed, offset))
        if flags & ~0x0806 or method not in (0, 8) or (method == 0 and packed != size):
            raise Unreadable("packed in a way that is not taken")
        if size > 1000 * packed + CHUNK:
            raise Unreadable("a file that unpacks to far more than it can hold")
        if offset != expected:
            raise Unreadable("a file does not begin where the one before it ends")
        path = name.decode("latin-1")
        if path in self.sizes:
            raise Unreadable(f"`{path}` is there twice")
        begin = self.local(offset, (needed, flags, method, time, date, crc, size, packed, name))
        self.sizes[path] = size
        self.places[path] = (begin, packed, method, crc)
        return at + 46 + names + extras, begin + packed

    def local(self, offset, said):
        fields = struct.unpack("<IHHHHHIIIHH", self.at(offset, 30))
        mark, needed, flags, method, time, date, crc, packed, size, names, extras = fields
        name = self.at(offset + 30, names)
        size, packed = _wide(self.at(offset + 30 + names, extras), (size, packed))
        if mark != 0x04034B50 or said != (needed, flags, method, time, date, crc, size, packed, name):
            raise Unreadable("a local header differs from the directory")
        return offset + 30 + names + extras

    def packed(self, begin, length):
        while length:
            data = self.at(begin, min(CHUNK, length))
            begin, length = begin + len(data), length - len(data)
            yield data

    def chunks(self, path):
        begin, packed, method, crc = self.places[path]
        left, seen = self.sizes[path], 0
        source = self.packed(begin, packed)
        for chunk in source if method == 0 else _inflate(source, left):
            left -= len(chunk)
            seen = zlib.crc32(chunk, seen)
            yield chunk
        if left or seen != crc:
            raise Unreadable(f"`{path}` does not unpack to what the directory says")

    def read(self, path):
        return b"".join(self.chunks(path))

    def sha256(self, path):
        return _digest(self.chunks(path))


def _wide(extra, numbers):
    """The numbers of a header, those that are all ones taken from the ZIP64 field, which is the only one there may be."""
    wanted = sum(number == 0xFFFFFFFF for number in numbers)
    if not extra and not wanted:
        return numbers
    if len(extra) < 4 or struct.unpack_from("<HH", extra) != (1, len(extra) - 4) or len(extra) != 4 + 8 * wanted:
        raise Unreadable("an extra field that is not taken")
    wide = iter(struct.unpack_from(f"<{wanted}Q", extra, 4))
    return tuple(next(wide) if number == 0xFFFFFFFF else number for number in numbers)


def _inflate(source, most):
    """What a raw deflate stream holds, at most `most` bytes, ending with its last packed byte."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for data in source:
            while data:
                if inflater.eof:
                    raise Unreadable("something stands after a packed file")
                chunk = inflater.decompress(data, CHUNK)
                most -= len(chunk)
                if most < 0:
                    raise Unreadable("a file unpacks to more than the directory says")
                yield chunk
                data = inflater.unconsumed_tail or inflater.unused_data
        while not inflater.eof:
            chunk = inflater.decompress(inflater.unconsumed_tail, CHUNK)
            if not chunk:
                raise Unreadable("a packed file is cut short")
            most -= len(chunk)
            if most < 0:
                raise Unreadable("a file unpacks to more than the directory says")
            yield chunk
    except zlib.error as error:
        raise Unreadable("a packed file cannot be unpacked") from error
    if inflater.unused_data:
        raise Unreadable("something stands after a packed file")


def _digest(chunks):
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


# --- which paths there may be ---------------------------------------------------------------------------------------

_HASH = "[0-9a-f]{64}"
_INDEX = "(?:x[0-9]{3}/)*[0-9]{3}"
_WIDTH = "(?:[1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
_COUNT = "(?:0|[1-9][0-9]{0,15})"
_COMMON = ["checkpoint", r"keys/log\.vkey", r"manifest\.json", r"README\.txt", r"verify\.html"]
_EXPORT = re.compile(
    "|".join(
        _COMMON
        + [
            "cosigned",
            rf"tile/(?:[0-5]|entries)/{_INDEX}(?:\.p/{_WIDTH})?",
            f"bodies/{_INDEX}",
            f"attachments/{_HASH}",
            f"packs/{_HASH}/.+",
            r"keys/keys\.json",
            "policy",
            r"certificate\.txt",
            rf"custody/{_HASH}\.txt",
            r"defects\.txt",
        ]
    )
)
_COPY = re.compile(
    "|".join(
        _COMMON
        + [
            rf"entries/{_COUNT}\.(?:entry|body|salt)",
            rf"receipts/{_COUNT}\.tlog-proof",
            r"first\.entry",
            r"mine\.txt",
        ]
    )
)


def check_paths(paths, is_export):
    grammar = _EXPORT if is_export else _COPY
    seen = set()
    for path in paths:
        plain = len(path) <= PATH_BYTES_MAX and all(" " <= letter <= "~" and letter != "\\" for letter in path)
        parts = path.split("/")
        if not plain or any(not part or part.startswith(".") for part in parts) or not grammar.fullmatch(path):
            raise Unreadable(f"no such file belongs in a copy: `{path!a}`")
        if "/x000/" in "/" + path and not path.startswith("packs/") and _needless(parts):
            raise Unreadable(f"`{path}` is written with needless elements")
        if path.lower() in seen:
            raise Unreadable(f"`{path}` is there twice but for its letters' case")
        seen.add(path.lower())
    for path in seen:
        parts = path.split("/")
        if any("/".join(parts[:end]) in seen for end in range(1, len(parts))):
            raise Unreadable(f"`{path}` lies below a file")


def _needless(parts):
    """The first element of a tile's number is `x000`."""
    return next((part for part in parts if part.startswith("x")), "") == "x000"


def index_path(number):
    """A tile's number as C2SP writes it: 1234067 is `x001/x234/067`."""
    text = f"{number % 1000:03}"
    while number := number // 1000:
        text = f"x{number % 1000:03}/{text}"
    return text
