#!/usr/bin/env python3
"""Checks an export or a person's own copy of a log, from docs/formats/ alone.

    verify.py [--policy FILE] PATH      one copy, a folder or a zip
    verify.py [--policy FILE] --many    a path a line on standard input, a block each

Prints the plain lines of docs/formats/export.md. Ends with 0 when the copy holds, 70 at a fault, 65 when there is
nothing that can be read. Needs Python 3.10 or newer and the package `cryptography`, and shares no code with Coldproof.
"""

import os
import re
import struct
import sys
from datetime import datetime, timezone

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import container
import entry as entries
import note
from container import index_path
from strict import Unreadable, flag, has, is_hash, members, natural, read_json, sha256, text, whole

MANIFEST_BYTES_MAX = 64 << 20
HOLDS, UNREADABLE, FAULT = 0, 65, 70
BASES = ("asked_by_person", "time_over", "court_order", "given_by_mistake")


class Fault(Exception):
    def __init__(self, code, sentence, number=None):
        super().__init__(sentence)
        self.line = f"fault {code}" if number is None else f"fault {code} {number}"


def as_fault(code, number, check, *given):
    try:
        return check(*given)
    except Unreadable as error:
        raise Fault(code, str(error), number) from error


def need(holds, code, sentence, number=None):
    if not holds:
        raise Fault(code, sentence, number)


# --- steps 1 and 2: shape and checkpoint ----------------------------------------------------------------------------


def read_manifest(files):
    if "manifest.json" not in files.sizes or files.sizes["manifest.json"] > MANIFEST_BYTES_MAX:
        raise Unreadable("no manifest, or one that is too long")
    manifest, _ = read_json(files.read("manifest.json"))
    rows = lambda it: isinstance(it, list)
    members(
        manifest,
        {
            "v": lambda it: whole(it) and it == 1,
            "format": lambda it: it in ("coldproof-export", "coldproof-copy"),
            "origin": text,
            "size": natural,
            "root": is_hash,
            "made_at": natural,
            "program": lambda it: isinstance(it, dict),
            "attachments": rows,
            "files": rows,
        },
        {"notice": natural, "person": is_hash},
    )
    members(manifest["program"], {"version": text, "sha256": is_hash})
    for row in manifest["files"]:
        members(row, {"path": text, "bytes": natural, "sha256": is_hash})
    for row in manifest["attachments"]:
        members(row, {"sha256": is_hash, "bytes": natural})
    return manifest


def check_shape(files):
    manifest = read_manifest(files)
    is_export = manifest["format"] == "coldproof-export"
    container.check_paths(files.sizes, is_export)
    needed = ["checkpoint", "keys/log.vkey"]
    if is_export:
        wrong = "person" in manifest
    else:
        needed += ["first.entry", "receipts/0.tlog-proof"]
        wrong = "notice" in manifest or "person" not in manifest or manifest["attachments"]
        check_copy_shape(files.sizes)
    if wrong or any(path not in files.sizes for path in needed):
        raise Unreadable("something that a copy needs is not there")
    listed = [row["path"] for row in manifest["files"]]
    encoded = [path.encode() for path in listed]
    if any(left >= right for left, right in zip(encoded, encoded[1:])):
        raise Unreadable("the manifest's files are out of order, or one is there twice")
    there = {path: size for path, size in files.sizes.items() if path != "manifest.json"}
    if {row["path"]: row["bytes"] for row in manifest["files"]} != there:
        raise Unreadable("the manifest's files are not those that are there")
    attached = [(row["sha256"], row["bytes"]) for row in manifest["attachments"]]
    folder = "attachments/"
    if attached != sorted((path.removeprefix(folder), size) for path, size in there.items() if path.startswith(folder)):
        raise Unreadable("the manifest's attachments are not those that are there")
    return manifest, is_export


def check_copy_shape(sizes):
    numbers = {}
    for path in sizes:
        folder, _, name = path.partition("/")
        if folder in ("entries", "receipts"):
            number, _, kind = name.partition(".")
            numbers.setdefault(kind, set()).add(int(number))
    own = numbers.get("entry", set())
    body, salt = numbers.get("body", set()), numbers.get("salt", set())
    if numbers.get("tlog-proof") != own | {0} or body != salt or not body <= own:
        raise Unreadable("an entry without its receipt, or a receipt or body without its entry")


class Head:
    """What the log's key vouches for: the checkpoint, and the older one that carries cosignatures."""

    def __init__(self, files, manifest, first, policy, is_given):
        self.files, self.policy, self.is_given = files, policy, is_given
        self.checkpoint = as_fault("checkpoint", None, note.read_checkpoint, files.read("checkpoint"))
        said = (manifest["origin"], manifest["size"], manifest["root"])
        mine = (self.checkpoint.origin, self.checkpoint.size, self.checkpoint.root.hex())
        need(said == mine, "checkpoint", "the manifest speaks of another checkpoint")
        need(self.checkpoint.size > 0, "entry", "a log without a first entry", 0)
        self.key = as_fault("entry", 0, first).key
        self.policy = self.find_policy()
        self.cosigned = [self.signed_by("checkpoint", self.checkpoint)]
        vkey = note.vkey(self.checkpoint.origin, self.key) + "\n"
        need(files.read("keys/log.vkey") == vkey.encode(), "checkpoint", "`keys/log.vkey` is not the log's key")

    def find_policy(self):
        policy = self.policy
        if policy is None:
            if "policy" not in self.files.sizes:
                return None
            try:
                policy = note.read_policy(self.files.read("policy"))
            except Unreadable:
                return note.Policy()
        return policy.counts_for(self.checkpoint.origin, self.key)

    def signed_by(self, code, checkpoint):
        return as_fault(code, None, note.check_signatures, checkpoint, self.key, self.policy)

    def check_older(self, leaves):
        """Step 6."""
        if "cosigned" not in self.files.sizes:
            return
        older = as_fault("cosigned", None, note.read_checkpoint, self.files.read("cosigned"))
        self.cosigned.append(self.signed_by("cosigned", older))
        fits = older.origin == self.checkpoint.origin and older.size <= self.checkpoint.size
        need(fits and note.root_of(leaves[: older.size]) == older.root, "cosigned", "no head of this log")

    def lines(self):
        if self.policy is None:
            return
        for signed in self.cosigned:
            for name, seconds in signed:
                yield f"cosigned by {name} at {datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        met = any(self.policy.is_met([name for name, _ in signed]) for signed in self.cosigned)
        yield ("policy met" if met else "policy not met") + ("" if self.is_given else " (the policy in this copy)")


# --- an export ------------------------------------------------------------------------------------------------------


class Export:
    def __init__(self, files, manifest, policy):
        self.files, self.manifest = files, manifest
        self.size = manifest["size"]
        self.entries, self.leaves, self.bodies = [], [], {}
        self.keys = entries.Keys()
        self.bundle, self.cursor = b"", 0
        self.head = Head(files, manifest, self.first, policy, policy is not None)

    def first(self):
        try:
            return entries.read_entry(self.take(0))
        except Fault as fault:
            raise Unreadable(str(fault)) from fault

    def check(self):
        for number in range(self.size):
            self.check_entry(number)
        self.check_no_more()
        head = self.head
        need(note.root_of(self.leaves) == head.checkpoint.root, "root", "the entries do not lead to the checkpoint's root")
        self.check_tiles()
        head.check_older(self.leaves)
        self.check_attachments()
        self.check_packs()
        for row in self.manifest["files"]:
            need(self.files.sha256(row["path"]) == row["sha256"], "manifest", f"`{row['path']}` has other bytes")

    def bundle_path(self, number):
        width = min(256, self.size - 256 * number)
        return f"tile/entries/{index_path(number)}" + ("" if width == 256 else f".p/{width}")

    def take(self, number):
        """The bytes of the next entry."""
        if number % 256 == 0:
            path = self.bundle_path(number // 256)
            need(path in self.files.sizes, "entry", f"`{path}` is not there", number)
            self.bundle, self.cursor = self.files.read(path), 0
        head = self.bundle[self.cursor : self.cursor + 2]
        need(len(head) == 2, "entry", "the entry is not there", number)
        (length,) = struct.unpack(">H", head)
        data = self.bundle[self.cursor + 2 : self.cursor + 2 + length]
        need(len(data) == length, "entry", "the entry is cut short", number)
        self.cursor += 2 + length
        return data

    def check_entry(self, number):
        data = self.take(number)
        entry = as_fault("entry", number, entries.read_entry, data)
        earlier = self.entries[-1].at if self.entries else 0
        need(entry.at >= earlier, "entry", "recorded before the entry that stands before it", number)
        need(entry.said["origin"] == self.head.checkpoint.origin, "entry", "meant for another log", number)
        need(entry.signature_holds(), "entry", "its signature does not hold", number)
        as_fault("entry", number, self.keys.check, entry, number)
        self.entries.append(entry)
        self.leaves.append(note.leaf_hash(data))
        self.check_body(entry, number)
        if number % 256 == 255 or number == self.size - 1:
            need(self.cursor == len(self.bundle), "entry", "bytes after the last entry of a bundle", number + 1)

    def check_body(self, entry, number):
        first = number - number % 256
        path = f"bodies/{index_path(first // 256)}"
        if number == first:
            found = {}
            if path in self.files.sizes:
                count = min(256, self.size - first)
                found = as_fault("body", first, entries.read_bodies, self.files.read(path), count)
            self.slots = found
        if number % 256 in self.slots:
            salt, body = self.slots[number % 256]
            need(entries.body_fits(entry, salt, body), "body", "a body that does not fit", number)
            self.bodies[number] = body

    def check_no_more(self):
        bundles = range((self.size + 255) // 256)
        wanted = {self.bundle_path(number) for number in bundles}
        extra = [path for path in self.files.sizes if path.startswith("tile/entries/") and path not in wanted]
        need(not extra, "entry", "a bundle past the last entry", self.size)
        fits = {f"bodies/{index_path(number)}" for number in bundles}
        extra = [path for path in self.files.sizes if path.startswith("bodies/") and path not in fits]
        if extra:
            number = min(int(re.sub("[x/]", "", path.removeprefix("bodies/"))) for path in extra)
            raise Fault("body", "bodies past the last entry", 256 * number)

    def check_tiles(self):
        tiles = note.tiles_of(self.leaves, index_path)
        there = {path for path in self.files.sizes if path.startswith("tile/") and not path.startswith("tile/entries/")}
        need(there == set(tiles), "tile", "a tile is missing, or one too many")
        for path, data in tiles.items():
            need(self.files.read(path) == data, "tile", f"`{path}` is not as the entries say")

    def check_attachments(self):
        self.named = [(number, *named) for number, body in self.bodies.items() if (named := self.names(number, body))]
        sizes = {}
        for _, name, size in self.named:
            sizes.setdefault(name, set()).add(size)
        for path, size in self.files.sizes.items():
            folder, _, name = path.partition("/")
            if folder == "attachments":
                need(sizes.get(name) == {size}, "attachment", "an attachment that no body names so")
                need(self.files.sha256(path) == name, "attachment", "an attachment of other bytes than its name says")

    def names(self, number, body):
        if self.entries[number].kind != "attachment.add":
            return None
        try:
            value, _ = read_json(body)
        except Unreadable:
            return None
        return (value["sha256"], value["bytes"]) if has(value, {"sha256": is_hash, "bytes": natural}) else None

    def check_packs(self):
        sets = {}
        for path in self.files.sizes:
            if path.startswith("packs/"):
                _, digest, inner = path.split("/", 2)
                sets.setdefault(digest, []).append((inner.encode(), path))
        used = {digest for entry in self.entries for digest in entry.packs}
        for digest, inside in sets.items():
            parts = [b"coldproof pack v1\n"]
            for name, path in sorted(inside):
                data = self.files.read(path)
                parts += [struct.pack(">Q", len(name)), name, struct.pack(">Q", len(data)), data]
            need(digest in used, "pack", "a pack that no entry names")
            need(sha256(*parts).hex() == digest, "pack", "a pack of other files than its name says")

    def report(self):
        absent = Absent(self.manifest, self.entries)
        lines, count = [], {}
        for kind in ("bodies", "attachments"):
            for how in ("", "_withheld", "_erased", "_missing"):
                count[kind + how] = 0
        attached = {number: (name, f"attachments/{name}" in self.files.sizes) for number, name, _ in self.named}
        for number, entry in enumerate(self.entries):
            if "open" in entry.said:
                continue
            if number not in self.bodies:
                how, words = absent.why(number, None)
                lines.append(f"body {number} {words}")
                count["bodies_" + how] += 1
                continue
            count["bodies"] += 1
            name, is_here = attached.get(number, (None, False))
            if name and is_here:
                count["attachments"] += 1
            elif name:
                how, words = absent.why(number, name)
                lines.append(f"attachment {name} of entry {number} {words}")
                count["attachments_" + how] += 1
        yield from self.opening()
        for name, value in count.items():
            yield f"{name} {value}"
        yield f"gaps {self.keys.gaps}"
        yield from lines
        yield from self.head.lines()

    def opening(self):
        checkpoint = self.head.checkpoint
        yield "holds"
        yield f"origin {checkpoint.origin}"
        yield f"size {checkpoint.size}"
        yield f"root {checkpoint.root.hex()}"
        yield f"log_key {self.head.key.hex()}"


class Absent:
    """Which entry says why something is not here."""

    def __init__(self, manifest, found):
        self.entries = found
        self.erased = {}
        by_id = {}
        for number, entry in enumerate(found):
            if entry.kind == "record.countersign" and isinstance(entry.outcome.get("erased"), list):
                if has(entry.open, {"of": is_hash}) and entry.open["of"] in by_id:
                    self.note_erasure(number, by_id[entry.open["of"]])
            by_id[entry.id] = number
        self.notice, self.items, self.to = manifest.get("notice"), [], ""
        if self.notice is not None and self.notice < len(found):
            entry = found[self.notice]
            is_item = lambda it: has(it, {"from": natural, "to": natural, "kinds": _words, "why": text}) and flag(it.get("files", False))
            if entry.kind == "record.export" and entry.is_admitted and has(entry.open, {"to": text, "out": lambda it: isinstance(it, list)}):
                if all(is_item(item) for item in entry.open["out"]):
                    self.items, self.to = entry.open["out"], entry.open["to"]

    def note_erasure(self, countersigned, asked):
        entry = self.entries[asked]
        if entry.kind != "record.erase" or not entry.is_admitted:
            return
        if not has(entry.open, {"basis": lambda it: it in BASES, "words": text}):
            return
        words = f"erased, {entry.open['basis']}: {_line(entry.open['words'])} (entry {asked}, countersigned in entry {countersigned})"
        for statement in self.entries[countersigned].outcome["erased"]:
            if isinstance(statement, str):
                self.erased.setdefault(statement, words)

    def why(self, number, attachment):
        entry = self.entries[number]
        if entry.id in self.erased:
            return "erased", self.erased[entry.id]
        for item in self.items:
            covers = item["from"] <= number <= item["to"] and (not item["kinds"] or entry.kind in item["kinds"])
            if covers and (attachment is None or item.get("files")):
                return "withheld", f"withheld for {_line(self.to)}: {_line(item['why'])} (entry {self.notice})"
        return "missing", "missing: no entry says why"


def _words(value):
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _line(words):
    return words.replace("\n", " ")


# --- a person's own copy --------------------------------------------------------------------------------------------


class OwnCopy(Export):
    def __init__(self, files, manifest, policy):
        self.files, self.manifest = files, manifest
        self.count, self.bodies, self.absent = 0, 0, []
        self.head = Head(files, manifest, self.first, policy, policy is not None)

    def first(self):
        return entries.read_entry(self.files.read("first.entry"))

    def check(self):
        self.check_one(0, "first.entry", is_own=False)
        own = (path for path in self.files.sizes if path.startswith("entries/") and path.endswith(".entry"))
        for number in sorted(int(path[8:-6]) for path in own):
            self.check_one(number, f"entries/{number}.entry", is_own=True)
        for row in self.manifest["files"]:
            need(self.files.sha256(row["path"]) == row["sha256"], "manifest", f"`{row['path']}` has other bytes")

    def check_one(self, number, path, is_own):
        data, person = self.files.read(path), self.manifest["person"]
        entry = as_fault("entry", number, entries.read_entry, data)
        need(entry.signature_holds(), "entry", "its signature does not hold", number)
        need(entry.said["origin"] == self.head.checkpoint.origin, "entry", "meant for another log", number)
        if is_own:
            need(person in (entry.said["person"], entry.id), "entry", "another person's statement", number)
            self.count += 1
            self.check_own_body(entry, number)
        self.check_receipt(number, data)

    def check_own_body(self, entry, number):
        if f"entries/{number}.body" in self.files.sizes:
            salt, body = (self.files.read(f"entries/{number}.{kind}") for kind in ("salt", "body"))
            fits = len(salt) == 32 and len(body) <= 60_000 and entries.body_fits(entry, salt, body)
            need(fits, "body", "a body that does not fit", number)
            self.bodies += 1
        elif "body" in entry.said:
            self.absent.append(f"body {number} missing: no entry says why")

    def check_receipt(self, number, data):
        mine, key = self.head.checkpoint, self.head.key
        proof = self.files.read(f"receipts/{number}.tlog-proof")
        index, hashes, checkpoint = as_fault("root", number, note.read_proof, proof)
        as_fault("root", number, note.check_signatures, checkpoint, key, None)
        leads = note.proof_holds(note.leaf_hash(data), index, checkpoint.size, hashes, checkpoint.root)
        fits = leads and index == number and checkpoint.text == mine.text
        need(fits, "root", "its receipt does not lead to the checkpoint", number)

    def report(self):
        yield from self.opening()
        yield f"entries {self.count}"
        yield f"bodies {self.bodies}"
        yield "bodies_withheld 0"
        yield "bodies_erased 0"
        yield f"bodies_missing {len(self.absent)}"
        yield from self.absent
        yield from self.head.lines()


# --- the command ----------------------------------------------------------------------------------------------------


def verify(path, policy=None):
    """Exit status, plain lines, and a sentence for people where there is a fault."""
    try:
        files = as_fault("shape", None, container.open_copy, path)
        manifest, is_export = as_fault("shape", None, check_shape, files)
        copy = (Export if is_export else OwnCopy)(files, manifest, policy)
        copy.check()
        return HOLDS, list(copy.report()), ""
    except Fault as fault:
        return FAULT, [fault.line], str(fault)
    except OSError as error:
        return UNREADABLE, [], f"cannot be read: {error.strerror}"


def main(words):
    policy = None
    if words[:1] == ["--policy"] and len(words) > 1:
        try:
            with open(words[1], "rb") as file:
                policy = note.read_policy(file.read())
        except (OSError, Unreadable) as error:
            print(f"`{words[1]}` is no policy: {error}", file=sys.stderr)
            return UNREADABLE
        words = words[2:]
    if words == ["--many"]:
        for line in sys.stdin:
            path = line.rstrip("\n")
            status, lines, sentence = verify(path, policy)
            print(f"== {path}", *lines, f"-- {status} {sentence}", sep="\n", flush=True)
        return HOLDS
    if len(words) != 1 or words[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    status, lines, sentence = verify(words[0], policy)
    print(*lines, sep="\n", end="\n" if lines else "")
    if sentence:
        print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
