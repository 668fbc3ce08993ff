"""Entries and the statements in them: docs/formats/entry.md and statement.md."""

import re
from dataclasses import dataclass

from strict import Unreadable, flag, from_base64, has, is_hash, members, natural, read_json, sha256, signature_holds, text, whole

ENTRY_BYTES_MAX = 60_000
ENVELOPE_BYTES_MAX = 24_576
OUTCOME_BYTES_MAX = 24_000
TYPE = "application/vnd.coldproof.statement+json"
ZERO = "0" * 64

_PACK = re.compile(r"[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:([0-9a-f]{64})")


@dataclass
class Entry:
    at: int
    outcome: dict
    packs: list
    payload: bytes
    signature: bytes
    said: dict  # the payload, read
    id: str

    @property
    def key(self):
        return bytes.fromhex(self.said["key"])

    @property
    def kind(self):
        return self.said["kind"]

    @property
    def open(self):
        """The body in the payload, or nothing for a body that is kept beside the log."""
        return self.said.get("open", {})

    @property
    def is_admitted(self):
        return self.outcome.get("admitted") is True

    def signature_holds(self):
        head = f"DSSEv1 {len(TYPE)} {TYPE} {len(self.payload)} ".encode()
        return signature_holds(self.key, head + self.payload, self.signature)


def read_entry(data):
    if len(data) > ENTRY_BYTES_MAX:
        raise Unreadable("an entry that is too long")
    value, sizes = read_json(data)
    members(
        value,
        {
            "v": lambda it: whole(it) and it == 1,
            "at": natural,
            "statement": text,
            "outcome": lambda it: isinstance(it, dict),
            "packs": lambda it: isinstance(it, list) and len(it) <= 16,
        },
    )
    if sizes["outcome"] > OUTCOME_BYTES_MAX:
        raise Unreadable("an outcome that is too long")
    packs = [_pack(name) for name in value["packs"]]
    if any(left >= right for left, right in zip(value["packs"], value["packs"][1:])):
        raise Unreadable("packs out of order, or one twice")
    payload, signature, key = _envelope(from_base64(value["statement"]))
    said = _payload(payload)
    if said["key"] != key:
        raise Unreadable("the envelope names another key than the payload")
    return Entry(value["at"], value["outcome"], packs, payload, signature, said, sha256(payload).hex())


def _pack(name):
    found = _PACK.fullmatch(name) if isinstance(name, str) and len(name) <= 160 else None
    if not found:
        raise Unreadable("the name of a pack that cannot be one")
    return found.group(1)


def _envelope(data):
    if len(data) > ENVELOPE_BYTES_MAX:
        raise Unreadable("an envelope that is too long")
    value, _ = read_json(data)
    members(
        value,
        {
            "payloadType": lambda it: it == TYPE,
            "payload": text,
            "signatures": lambda it: isinstance(it, list) and len(it) == 1,
        },
    )
    signature = members(value["signatures"][0], {"keyid": is_hash, "sig": text})
    made = from_base64(signature["sig"])
    if len(made) != 64:
        raise Unreadable("a signature that is not 64 bytes long")
    return from_base64(value["payload"]), made, signature["keyid"]


def _payload(data):
    value, _ = read_json(data)
    members(
        value,
        {
            "v": lambda it: whole(it) and it == 1,
            "origin": text,
            "kind": text,
            "kv": natural,
            "person": is_hash,
            "key": is_hash,
            "counter": lambda it: whole(it) and it >= 1,
            "prev": is_hash,
            "at": whole,
            "head": lambda it: isinstance(it, dict),
            "shown": lambda it: isinstance(it, dict),
            "shared": flag,
        },
        {"body": is_hash, "open": lambda it: isinstance(it, dict)},
    )
    members(value["head"], {"size": natural, "root": is_hash, "at": whole})
    members(value["shown"], {"lang": text, "words": natural})
    if ("body" in value) == ("open" in value):
        raise Unreadable("a payload needs either a body or a commitment to one")
    return value


class Keys:
    """Who may sign, from the entries alone, and whether each key's own count goes on."""

    def __init__(self):
        self.grants = set()
        self.invites = {}
        self.ids = set()
        self.last = {}
        self.gaps = 0

    def check(self, entry, number):
        """Steps 3, 4 and 6 of verifying a log, and what this entry grants to later ones."""
        said = entry.said
        signer = (said["person"], said["key"])
        if number == 0:
            self.grants.add((ZERO, said["key"]))
            if entry.kind == "log.open" and has(entry.open, {"node_key": is_hash}):
                self.grants.add((ZERO, entry.open["node_key"]))
        enrols = self.enrols(entry)
        if signer not in self.grants and not enrols:
            raise Unreadable("signed by a key that nobody enrolled for this person")
        if entry.id in self.ids:
            raise Unreadable("a statement that stands in an earlier entry")
        self.ids.add(entry.id)
        if entry.kind == "people.invite" and has(entry.open, {"token": is_hash}):
            self.invites[entry.id] = entry.open
        if enrols and entry.is_admitted:
            self.grants.add((entry.id if said["person"] == ZERO else said["person"], said["key"]))
        counter, previous = self.last.get(said["key"], (0, ZERO))
        if said["counter"] != counter + 1 or said["prev"] != previous:
            self.gaps += 1
        if said["counter"] >= counter:
            self.last[said["key"]] = (said["counter"], entry.id)

    def enrols(self, entry):
        """It enrols the key that signs it, by an earlier invitation."""
        body = entry.open
        if entry.kind != "people.enrol" or not has(body, {"invite": is_hash, "token": is_hash, "key": is_hash}):
            return False
        invite = self.invites.get(body["invite"])
        if invite is None or body["key"] != entry.said["key"]:
            return False
        person = invite.get("for_person", ZERO)
        return person == entry.said["person"] and sha256(bytes.fromhex(body["token"])).hex() == invite["token"]


def read_bodies(data, count):
    """A bundle of bodies: for each slot below `count` that has one, salt and body."""
    found, at, last = {}, 0, -1
    while at < len(data) or not found:
        head = data[at : at + 37]
        if len(head) < 37:
            raise Unreadable("a bundle of bodies is cut short")
        slot, length = head[0], int.from_bytes(head[33:37], "big")
        body = data[at + 37 : at + 37 + length]
        if not last < slot < count or length > ENTRY_BYTES_MAX or len(body) != length:
            raise Unreadable("a bundle of bodies is out of order or cut short")
        found[slot] = (head[1:33], body)
        at, last = at + 37 + length, slot
    return found


def body_fits(entry, salt, body):
    return "body" in entry.said and sha256(salt, body).hex() == entry.said["body"]
