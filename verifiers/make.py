#!/usr/bin/env python3
"""Makes exports and own copies that hold, from docs/formats/ alone, for the corpus of e2e/verifiers.

    make.py NAME FOLDER     NAME is one of: small, large, bare, copy

Writes FOLDER/copy, which holds, and FOLDER/secrets.json with the keys it was made with, so that a forger who has them
all can be played. The same NAME always makes the same bytes.
"""

import base64
import json
import os
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import note
from container import index_path
from strict import sha256

TYPE = "application/vnd.coldproof.statement+json"
ZERO = "0" * 64
BEGAN_MS = 1634846400000
WORDS = ["Six empty, bore clear.", "Zwei leer, ein „Klick“.", "Wind from the west\nand dust.", 'She said "stop".', "\u20ac 12 \U0001f40e", "a\\b /c"]


class Key:
    def __init__(self, seed):
        self.seed = sha256(seed.encode())
        self.private = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.hex = self.public.hex()
        self.counter, self.previous, self.person = 0, ZERO, ZERO

    def sign(self, data):
        return self.private.sign(data)


def b64(data):
    return base64.b64encode(data).decode()


class Log:
    """Statements go in, files come out."""

    def __init__(self, name):
        self.name, self.origin = name, f"ranch.example/{name}/2021-7f3a"
        self.dice = random.Random(name)
        self.log, self.node = Key(f"{name} log"), Key(f"{name} node")
        self.keys = [self.log, self.node]
        self.entries, self.ids, self.kinds = [], [], []
        self.bodies, self.attachments, self.packs = {}, {}, []
        self.heads = {}
        self.at = BEGAN_MS

    def key(self, name):
        self.keys.append(Key(f"{self.name} {name}"))
        return self.keys[-1]

    def dumps(self, value):
        """JSON, now and then with blanks and escapes that change nothing."""
        style = self.dice.random()
        if style < 0.7:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        if style < 0.85:
            return json.dumps(value, ensure_ascii=True, indent=1).encode()
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    def enter(self, key, kind, body, is_open=False, outcome=None, skip=0):
        """Enters a statement; returns its number."""
        key.counter += 1 + skip
        payload = {"v": 1, "origin": self.origin, "kind": kind, "kv": 1, "person": key.person, "key": key.hex}
        payload |= {"counter": key.counter, "prev": key.previous, "at": self.at - 7}
        size = len(self.entries)
        payload["head"] = {"size": 0, "root": sha256().hex(), "at": self.at}
        payload |= {"shown": {"lang": self.dice.choice(["en", "de"]), "words": 1}, "shared": self.dice.random() < 0.1}
        if is_open:
            payload["open"] = body
        else:
            salt, data = self.dice.randbytes(32), self.dumps(body)
            payload["body"] = sha256(salt, data).hex()
            self.bodies[size] = (salt, data)
        data = self.dumps(payload)
        key.previous = sha256(data).hex()
        signature = key.sign(f"DSSEv1 {len(TYPE)} {TYPE} {len(data)} ".encode() + data)
        envelope = {"payloadType": TYPE, "payload": b64(data), "signatures": [{"keyid": key.hex, "sig": b64(signature)}]}
        entry = {"v": 1, "at": self.at, "statement": b64(self.dumps(envelope)), "outcome": outcome or {"admitted": True}}
        entry["packs"] = sorted(self.packs)
        self.entries.append(self.dumps(entry))
        self.ids.append(key.previous)
        self.kinds.append(kind)
        self.at += self.dice.choice([0, 1, 250, 4000])
        return size

    def invite(self, by, name, for_person=None, admitted=True):
        """A key enrols by an invitation; returns it."""
        token = self.dice.randbytes(32)
        invitation = {"token": sha256(token).hex(), "role": "armorer", "department": "property", "duties": []}
        if for_person:
            invitation["for_person"] = for_person
        invite = self.enter(by, "people.invite", invitation | {"until": self.at + 60_000}, True)
        key = self.key(name)
        key.person = for_person or ZERO
        body = {"invite": self.ids[invite], "token": token.hex(), "key": key.hex, "means": "device"}
        number = self.enter(key, "people.enrol", body, True, {"admitted": admitted})
        key.person = for_person or self.ids[number]
        return key

    def note(self, size, key=None, cosigned=()):
        """A checkpoint's note, its cosignatures (key, seconds) below."""
        root = note.root_of([note.leaf_hash(entry) for entry in self.entries[:size]])
        text = f"{self.origin}\n{size}\n{b64(root)}\n"
        lines = [f"\u2014 {self.origin} {b64(note.key_id(self.origin, 1, self.log.public) + self.log.sign(text.encode()))}\n"]
        for name, cosigner, seconds in cosigned:
            signed = cosigner.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
            data = note.key_id(name, 4, cosigner.public) + struct.pack(">Q", seconds) + signed
            lines.append(f"\u2014 {name} {b64(data)}\n")
        return (text + "\n" + "".join(lines)).encode(), root


# --- stories --------------------------------------------------------------------------------------------------------


def begin(log, pack):
    log.enter(log.log, "log.open", {"production": "High Desert", "unit": "Main unit", "node_key": log.node.hex, "board_key": sha256(b"b").hex(), "watermark": "TEST"}, True)
    log.enter(log.node, "node.started", {"version": "0.1.0", "packs": [], "program": sha256(b"program").hex()}, True)
    log.packs = [f"base@1.0.0:{pack}"]
    log.enter(log.node, "packs.adopt", {"packs": ["base"]}, True)
    armorer = log.invite(log.node, "armorer")
    second = log.invite(armorer, "second")
    cart = log.invite(log.node, "cart", for_person=armorer.person)
    log.invite(armorer, "stranger", admitted=False)
    return armorer, second, cart


def work(log, people, count):
    for _ in range(count):
        key = log.dice.choice(people)
        kind = log.dice.choice(["weapon.look", "record.note", "weapon.eyes_on", "lot.count", "concern.raise"])
        skip = 1 if log.dice.random() < 0.05 else 0
        outcome = {"admitted": log.dice.random() < 0.9, "reasons": [{"code": "CU-0012", "says": log.dice.choice(WORDS)}]}
        log.enter(key, kind, {"words": log.dice.choice(WORDS), "seen": [{"is": "dummy"}] * log.dice.randrange(4)}, outcome=outcome, skip=skip)


def attach(log, key, data, is_kept=True):
    digest = sha256(data).hex()
    body = {"sha256": digest, "bytes": len(data), "media": "image/jpeg", "name": "the cart", "about": [], "exhibit": True}
    number = log.enter(key, "attachment.add", body)
    if is_kept:
        log.attachments[digest] = data
    return number


def erase(log, asker, second, numbers, words):
    """Erases bodies; returns nothing, since the record says it all."""
    statements = [log.ids[number] for number in numbers]
    asked = log.enter(asker, "record.erase", {"statements": statements, "basis": "time_over", "words": words}, True)
    log.enter(second, "record.countersign", {"of": log.ids[asked]}, True, {"admitted": True, "erased": statements})
    for number in numbers:
        log.bodies.pop(number, None)


def tell(name, count):
    """A log in which something of each kind happened; what is left out of its copy and under which entry."""
    log = Log(name)
    pack = {"pack.toml": b'id = "base"\nversion = "1.0.0"\n', "rules.cedar": b"// none\n", "tests/a.toml": b"", "README.md": b"# Base\n"}
    parts = [b"coldproof pack v1\n"]
    for path in sorted(pack):
        parts += [struct.pack(">Q", len(path)), path.encode(), struct.pack(">Q", len(pack[path])), pack[path]]
    digest = sha256(*parts).hex()
    armorer, second, cart = begin(log, digest)
    people = [armorer, second, cart]
    if name != "bare":
        work(log, people, count // 3)
        attach(log, armorer, b"\xff\xd8 the cart at noon " * 40)
        lost = attach(log, second, b"a strongbox, open", is_kept=False)
        twice = log.dice.randbytes(5000)
        attach(log, second, twice)
        attach(log, armorer, twice)
        hidden = attach(log, armorer, b"a document that is not asked for")
        details = [log.enter(key, "people.details", {"person": key.person, "name": "(a name)", "contact": "(a number)"}) for key in people[:2]]
        account = log.enter(second, "account.give", {"about": [log.ids[lost]], "words": "One shot before anybody called."})
        log.cosigners = [(f"{who}.example/log", log.key(who)) for who in ("union", "studio")]
        told = [{"name": label, "vkey": f"{label}+{note.key_id(label, 4, key.public).hex()}+{b64(bytes([4]) + key.public)}", "url": f"https://{label}", "whose": "ours", "outside": label.startswith("union")} for label, key in log.cosigners]
        log.enter(armorer, "cosigners.adopt", {"cosigners": told, "quorum": 1, "outside": 1}, True)
        log.older = len(log.entries)
        work(log, people, count // 3)
        erase(log, armorer, second, [account, details[1]], "Asked for by the one it names.\nAll of it.")
        erase(log, second, armorer, [hidden], "Not ours to keep.") if name == "large" else None
    work(log, people, count - len(log.entries) - 1)
    if name != "bare":
        missing = next(number for number in reversed(log.bodies) if log.kinds[number] == "record.note")
        del log.bodies[missing]
        covered = [number for number in log.bodies if log.kinds[number] in ("people.details", "concern.raise") and number >= 12]
        out = [
            {"from": 0, "to": count - 2, "kinds": ["people.details"], "files": False, "why": "Addresses are\nnot asked for."},
            {"from": 12, "to": count - 2, "kinds": ["concern.raise"], "files": False, "why": "Of no bearing."},
            {"from": hidden, "to": hidden, "kinds": [], "files": True, "why": "Privileged."},
        ]
        log.enter(armorer, "record.export", {"to": "the state inspector", "size": len(log.entries), "out": out}, True)
        for number in covered + [hidden]:
            log.bodies.pop(number, None) if number != hidden else None
        log.attachments.pop(sha256(b"a document that is not asked for").hex(), None)
    return log, {f"packs/{digest}/{path}": data for path, data in pack.items()}


# --- files ----------------------------------------------------------------------------------------------------------


def export(name, count):
    log, files = tell(name, count)
    size = len(log.entries)
    cosigned = []
    if name != "bare":
        (union, union_key), (studio, studio_key) = log.cosigners
        cosigned = [(union, union_key, 1634850000), (studio, studio_key, 1634850007), ("nobody.example/x", Key("nobody"), 1634850009)]
        policy = [f"log {note.vkey(log.origin, log.log.public)} https://ranch.example/"]
        for label, key in ((union, union_key), (studio, studio_key)):
            policy.append(f"witness {label} {label}+{note.key_id(label, 4, key.public).hex()}+{b64(bytes([4]) + key.public)} https://{label}")
        policy += [f"group outside any {union}", f"group all all outside {studio}" if name == "small" else "quorum outside"]
        policy += ["quorum all"] if name == "small" else []
        files["policy"] = ("# who must have seen it\n" + "\n".join(policy) + "\n").encode()
    if name == "large":
        files["cosigned"] = log.note(log.older, cosigned=cosigned[:1])[0]
        cosigned = cosigned[2:]
    files["checkpoint"], root = log.note(size, cosigned=cosigned)
    leaves = [note.leaf_hash(entry) for entry in log.entries]
    files |= note.tiles_of(leaves, index_path)
    for first in range(0, size, 256):
        part = log.entries[first : first + 256]
        width = "" if len(part) == 256 else f".p/{len(part)}"
        files[f"tile/entries/{index_path(first // 256)}{width}"] = b"".join(struct.pack(">H", len(entry)) + entry for entry in part)
        kept = [(number - first, *log.bodies[number]) for number in range(first, first + len(part)) if number in log.bodies]
        if kept:
            files[f"bodies/{index_path(first // 256)}"] = b"".join(struct.pack(">B32sI", slot, salt, len(body)) + body for slot, salt, body in kept)
    files |= {f"attachments/{digest}": data for digest, data in log.attachments.items()}
    files["keys/log.vkey"] = f"{note.vkey(log.origin, log.log.public)}\n".encode()
    files["keys/keys.json"] = b"[]"
    for path in ("README.txt", "verify.html", "certificate.txt", "defects.txt", f"custody/{log.ids[5]}.txt"):
        files[path] = f"{path} of a made copy\n".encode()
    extra = {} if name == "bare" else {"notice": size - 1}
    return log, finish(log, files, size, root, "coldproof-export", extra)


def own_copy():
    """What the second person signed, from the story `small`."""
    log, _ = tell("small", 60)
    size, person = len(log.entries), log.keys[3].person
    files, leaves = {}, [note.leaf_hash(entry) for entry in log.entries]
    files["checkpoint"], root = log.note(size)
    files["keys/log.vkey"] = f"{note.vkey(log.origin, log.log.public)}\n".encode()
    files["first.entry"], files["receipts/0.tlog-proof"] = log.entries[0], proof(log, leaves, 0, files["checkpoint"])
    for number, data in enumerate(log.entries):
        said = json.loads(base64.b64decode(json.loads(base64.b64decode(json.loads(data)["statement"]))["payload"]))
        if person not in (said["person"], log.ids[number]):
            continue
        files[f"entries/{number}.entry"] = data
        files[f"receipts/{number}.tlog-proof"] = proof(log, leaves, number, files["checkpoint"])
        if number in log.bodies:
            files[f"entries/{number}.salt"], files[f"entries/{number}.body"] = log.bodies[number]
    for path in ("README.txt", "verify.html", "mine.txt"):
        files[path] = f"{path} of a made copy\n".encode()
    return log, finish(log, files, size, root, "coldproof-copy", {"person": person})


def proof(log, leaves, number, checkpoint):
    """The C2SP proof of one entry: the roots beside its path, from the leaf up."""
    hashes, first, last = [], 0, len(leaves)
    while last - first > 1:
        middle = first + (1 << ((last - first - 1).bit_length() - 1))
        left = number < middle
        hashes.append(note.root_of(leaves[middle:last] if left else leaves[first:middle]))
        first, last = (first, middle) if left else (middle, last)
    lines = "".join(f"{b64(value)}\n" for value in reversed(hashes))
    return f"c2sp.org/tlog-proof@v1\nindex {number}\n{lines}\n".encode() + checkpoint


def finish(log, files, size, root, form, extra):
    attached = sorted((path[12:], len(data)) for path, data in files.items() if path.startswith("attachments/"))
    manifest = {"v": 1, "format": form, "origin": log.origin, "size": size, "root": root.hex(), "made_at": log.at}
    manifest |= {"program": {"version": "0.1.0", "sha256": sha256(b"program").hex()}} | extra
    manifest["attachments"] = [{"sha256": digest, "bytes": length} for digest, length in attached]
    manifest["files"] = [{"path": path, "bytes": len(files[path]), "sha256": sha256(files[path]).hex()} for path in sorted(files)]
    files["manifest.json"] = json.dumps(manifest, separators=(",", ":")).encode()
    return files


def main(words):
    name, folder = words
    makers = {"small": lambda: export("small", 60), "large": lambda: export("large", 300), "bare": lambda: export("bare", 12), "copy": own_copy}
    log, files = makers[name]()
    for path, data in files.items():
        whole = os.path.join(folder, "copy", path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "xb") as file:
            file.write(data)
    older = {str(size): b64(log.note(size)[0]) for size in (1, len(log.entries) // 2, len(log.entries) - 1)}
    secrets = {"origin": log.origin, "keys": {key.hex: key.seed.hex() for key in log.keys}, "log": log.log.hex, "older": older}
    with open(os.path.join(folder, "secrets.json"), "x", encoding="utf-8") as file:
        json.dump(secrets, file, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
