"""Signed notes, their keys and cosignatures, policies, and the tree that a checkpoint speaks of."""

import base64
import re
from dataclasses import dataclass, field

import strict
from strict import Unreadable, from_base64, sha256, signature_holds

SIGNATURES_MAX = 16
NOTE_BYTES_MAX = 120_000
POLICY_BYTES_MAX = 64 * 1024
PROOF_HASHES_MAX = 64
PROOF_BYTES_MAX = 256 * 1024
LAST_SECOND = 253402300799  # 9999-12-31T23:59:59Z

_WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NAME = re.compile(f"[^+{_WHITE}\x00-\x1f\x7f-\x9f]+")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


# --- keys -----------------------------------------------------------------------------------------------------------


def key_id(name, kind, key):
    return sha256(name.encode(), b"\n", bytes([kind]), key)[:4]


def vkey(name, key):
    """The log's own key, as `keys/log.vkey` has it."""
    return f"{name}+{key_id(name, 1, key).hex()}+{base64.b64encode(bytes([1]) + key).decode()}"


def read_vkey(text, kind):
    parts = text.split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise Unreadable("no key in the C2SP form")
    key = from_base64(parts[2])
    if len(key) != 33 or key[0] != kind or parts[1] != key_id(parts[0], kind, key[1:]).hex():
        raise Unreadable("a key of another kind, or another key's id")
    return parts[0], key[1:]


# --- notes ----------------------------------------------------------------------------------------------------------


@dataclass
class Checkpoint:
    text: bytes
    origin: str
    size: int
    root: bytes
    lines: list  # (name, key id, the rest) for each signature


def read_checkpoint(data):
    if len(data) > NOTE_BYTES_MAX:
        raise Unreadable("the checkpoint is too long")
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("the checkpoint is not UTF-8") from error
    if re.search("[\x00-\x09\x0b-\x1f\x7f]", note):
        raise Unreadable("a control character in the checkpoint")
    lines = note.split("\n")
    if lines.pop() != "":
        raise Unreadable("the checkpoint's last line does not end")
    if len(lines) < 5 or lines[3] != "":
        raise Unreadable("the checkpoint is not three lines, an empty one and signatures")
    origin, size, root = lines[:3]
    if not _NAME.fullmatch(origin) or len(origin.encode()) > 200:
        raise Unreadable("the checkpoint's origin cannot be one")
    if not _DECIMAL.fullmatch(size) or int(size) > strict.INTEGER_MAX:
        raise Unreadable("the checkpoint's size is no number")
    root = from_base64(root)
    if len(root) != 32:
        raise Unreadable("the checkpoint's root is no hash")
    if len(lines) - 4 > SIGNATURES_MAX:
        raise Unreadable("more signatures than are read")
    text = "".join(line + "\n" for line in lines[:3]).encode()
    return Checkpoint(text, origin, int(size), root, [_signature_line(line) for line in lines[4:]])


def _signature_line(line):
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not _NAME.fullmatch(parts[1]):
        raise Unreadable("a line of the checkpoint that is no signature")
    data = from_base64(parts[2])
    if len(data) < 5:
        raise Unreadable("a signature that is too short")
    return parts[1], data[:4], data[4:]


def check_signatures(checkpoint, key, policy):
    """The log's own signatures hold. Returns (cosigner, seconds) for each line under a name and key id that is known."""
    own, cosigned = 0, []
    own_id = key_id(checkpoint.origin, 1, key)
    for name, number, rest in checkpoint.lines:
        if name == checkpoint.origin and number == own_id:
            if not signature_holds(key, checkpoint.text, rest):
                raise Unreadable("the log's signature does not hold")
            own += 1
            continue
        cosigner = policy.cosigners.get((name, number)) if policy else None
        if cosigner:
            seconds = int.from_bytes(rest[:8], "big")
            signed = b"cosignature/v1\ntime %d\n" % seconds + checkpoint.text
            if len(rest) != 72 or seconds > LAST_SECOND or not signature_holds(cosigner[1], signed, rest[8:]):
                raise Unreadable(f"the cosignature of `{cosigner[0]}` does not hold")
            cosigned.append((cosigner[0], seconds))
    if not own:
        raise Unreadable("the log's signature is not there")
    return cosigned


# --- policies -------------------------------------------------------------------------------------------------------


@dataclass
class Policy:
    cosigners: dict = field(default_factory=dict)  # (key's name, key id): (policy's name, key)
    groups: dict = field(default_factory=dict)  # name: (how many, members)
    quorum: str = ""
    logs: dict = field(default_factory=dict)  # key: origin

    def counts_for(self, origin, key):
        """The policy itself, or for a log that it does not name one that knows nobody."""
        return self if self.logs.get(key) == origin else Policy()

    def is_met(self, names):
        if self.quorum == "":
            return False
        return self.quorum == "none" or self.counts(self.quorum, set(names))

    def counts(self, name, names):
        if name not in self.groups:
            return name in names
        most, parts = self.groups[name]
        return sum(self.counts(part, names) for part in parts) >= most


def read_policy(data):
    """A C2SP policy."""
    if len(data) > POLICY_BYTES_MAX or re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
        raise Unreadable("the policy is too long or has a control character")
    lines = data.split(b"\n")
    if lines.pop():
        raise Unreadable("the policy's last line does not end")
    policy, names, used = Policy(), set(), set()

    def declare(name):
        if name == "none" or name in names:
            raise Unreadable(f"the policy declares `{name}` twice")
        names.add(name)

    for line in lines:
        raw = [word for word in re.split(b"[ \t]+", line) if word]
        if not raw or raw[0].startswith(b"#"):
            continue
        try:
            words = [word.decode("utf-8") for word in raw]
        except UnicodeDecodeError as error:
            raise Unreadable("the policy is not UTF-8") from error
        match words:
            case ["log", log] | ["log", log, _]:
                origin, key = read_vkey(log, 1)
                if key in policy.logs:
                    raise Unreadable("the policy names a log twice")
                policy.logs[key] = origin
            case ["witness", name, text] | ["witness", name, text, _]:
                declare(name)
                known, witness = read_vkey(text, 4)
                if any(witness == other for _, other in policy.cosigners.values()):
                    raise Unreadable("the policy names a cosigner twice")
                policy.cosigners[known, key_id(known, 4, witness)] = (name, witness)
            case ["group", name, most, *parts] if parts:
                for part in parts:
                    if part not in names or part in used:
                        raise Unreadable(f"`{part}` is not declared, or used twice")
                    used.add(part)
                declare(name)
                most = {"any": "1", "all": str(len(parts))}.get(most, most)
                if not re.fullmatch("[1-9][0-9]{0,4}", most) or int(most) > len(parts):
                    raise Unreadable(f"the group `{name}` cannot be met")
                policy.groups[name] = (int(most), parts)
            case ["quorum", name] if not policy.quorum:
                if name != "none" and name not in names:
                    raise Unreadable("the quorum is not declared")
                policy.quorum = name
            case _:
                raise Unreadable("a line of the policy cannot be read")
    if not policy.quorum:
        raise Unreadable("the policy has no quorum")
    return policy


# --- tree -----------------------------------------------------------------------------------------------------------


def leaf_hash(entry):
    return sha256(b"\x00", entry)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def root_of(leaves):
    """RFC 6962: pairs are joined from the left, an odd one at the end waits for the next storey."""
    if not leaves:
        return sha256()
    row = list(leaves)
    while len(row) > 1:
        above = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        if len(row) % 2:
            above.append(row[-1])
        row = above
    return row[0]


def tiles_of(leaves, index_path):
    """Every hash tile of a tree: path and bytes."""
    tiles, row, level = {}, list(leaves), 0
    while row:
        for number in range(0, len(row), 256):
            part = row[number : number + 256]
            width = "" if len(part) == 256 else f".p/{len(part)}"
            tiles[f"tile/{level}/{index_path(number // 256)}{width}"] = b"".join(part)
        row = [root_of(row[at : at + 256]) for at in range(0, len(row) - len(row) % 256, 256)]
        level += 1
    return tiles


def read_proof(data):
    """Entry number, hashes and checkpoint of a C2SP proof."""
    head, found, note = data.partition(b"\n\n")
    lines = head.split(b"\n")
    if len(lines) > 1 and lines[1].startswith(b"extra "):
        from_base64(lines.pop(1)[6:].decode("latin-1"))
    if len(data) > PROOF_BYTES_MAX or not found or lines[0] != b"c2sp.org/tlog-proof@v1" or len(lines) < 2:
        raise Unreadable("no C2SP proof")
    number = re.fullmatch(rb"index (0|[1-9][0-9]{0,15})", lines[1])
    if not number or len(lines) - 2 > PROOF_HASHES_MAX:
        raise Unreadable("a C2SP proof without an index, or with too many hashes")
    hashes = [from_base64(line.decode("latin-1")) for line in lines[2:]]
    if any(len(value) != 32 for value in hashes):
        raise Unreadable("a line of the proof is no hash")
    return int(number.group(1)), hashes, read_checkpoint(note)


def proof_holds(leaf, index, size, hashes, root):
    """The inclusion proof of RFC 6962 leads from the leaf to the root."""
    if index >= size:
        return False
    value, last = leaf, size - 1
    for other in hashes:
        if last == 0:
            return False
        if index % 2 or index == last:
            value = node_hash(other, value)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            value = node_hash(value, other)
        index, last = index // 2, last // 2
    return last == 0 and value == root
