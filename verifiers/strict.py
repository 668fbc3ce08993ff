"""Bytes that can be read in one way only: JSON, base64, hexadecimal digits, and signatures.

Everything here refuses with `Unreadable`, and says why in a sentence for people.
"""

import base64
import binascii
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 16


class Unreadable(Exception):
    """The bytes are not what their page says."""


# --- JSON -----------------------------------------------------------------------------------------------------------

_BLANK = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")
# What no string may hold, written out or escaped. A line feed may be there, escaped.
_REFUSED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def read_json(data, depth=DEPTH_MAX):
    """One JSON object, and for each of its own members the number of bytes that its value takes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("the bytes are not UTF-8") from error
    reader = _Reader(text, depth)
    at = reader.blank(0)
    if text[at : at + 1] != "{":
        raise Unreadable("no JSON object")
    spans = {}
    value, at = reader.object(at, 1, spans)
    if reader.blank(at) != len(text):
        raise Unreadable("something stands after the object")
    sizes = {name: len(text[begin:end].encode()) for name, (begin, end) in spans.items()}
    return value, sizes


class _Reader:
    def __init__(self, text, depth):
        self.text = text
        self.depth = depth

    def blank(self, at):
        return _BLANK.match(self.text, at).end()

    def value(self, at, depth):
        head = self.text[at : at + 1]
        if head == '"':
            return self.string(at)
        if head == "{":
            return self.object(at, depth + 1, {})
        if head == "[":
            return self.array(at, depth + 1)
        for word, value in (("true", True), ("false", False)):
            if self.text.startswith(word, at):
                return value, at + len(word)
        if self.text.startswith("null", at):
            raise Unreadable("null")
        return self.number(at)

    def number(self, at):
        found = _NUMBER.match(self.text, at)
        if not found:
            raise Unreadable(f"no value at character {at}")
        digits, end = found.group(), found.end()
        if self.text[end : end + 1] in (".", "e", "E") and end < len(self.text):
            raise Unreadable("a number with fraction or exponent")
        if digits == "-0" or len(digits) > 17 or abs(int(digits)) > INTEGER_MAX:
            raise Unreadable("a number out of range")
        return int(digits), end

    def string(self, at):
        at += 1
        parts = []
        while True:
            found = _PLAIN.match(self.text, at)
            parts.append(found.group())
            at = found.end()
            mark = self.text[at : at + 1]
            if mark == '"':
                break
            if mark != "\\":
                raise Unreadable("a string does not end, or has a control character")
            part, at = self.escape(at + 1)
            parts.append(part)
        value = "".join(parts)
        if _REFUSED.search(value):
            raise Unreadable("a control character in a string")
        return value, at + 1

    def escape(self, at):
        mark = self.text[at : at + 1]
        if mark in _ESCAPES and mark:
            return _ESCAPES[mark], at + 1
        if mark != "u":
            raise Unreadable("an escape that JSON does not know")
        unit, at = self.unit(at + 1)
        if 0xDC00 <= unit <= 0xDFFF:
            raise Unreadable("half a surrogate pair")
        if not 0xD800 <= unit <= 0xDBFF:
            return chr(unit), at
        if self.text[at : at + 2] != "\\u":
            raise Unreadable("half a surrogate pair")
        low, at = self.unit(at + 2)
        if not 0xDC00 <= low <= 0xDFFF:
            raise Unreadable("half a surrogate pair")
        return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), at

    def unit(self, at):
        if not _HEX4.match(self.text, at):
            raise Unreadable("an escape without four digits")
        return int(self.text[at : at + 4], 16), at + 4

    def object(self, at, depth, spans):
        self.deep(depth)
        members = {}
        at = self.blank(at + 1)
        if self.text[at : at + 1] == "}":
            return members, at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise Unreadable("a member without a name")
            name, at = self.string(at)
            if name in members:
                raise Unreadable(f"the member `{name}` stands there twice")
            at = self.blank(at)
            if self.text[at : at + 1] != ":":
                raise Unreadable("a member without a colon")
            begin = self.blank(at + 1)
            members[name], at = self.value(begin, depth)
            spans[name] = (begin, at)
            at = self.blank(at)
            mark = self.text[at : at + 1]
            if mark == "}":
                return members, at + 1
            if mark != ",":
                raise Unreadable("an object does not go on")
            at = self.blank(at + 1)

    def array(self, at, depth):
        self.deep(depth)
        items = []
        at = self.blank(at + 1)
        if self.text[at : at + 1] == "]":
            return items, at + 1
        while True:
            item, at = self.value(at, depth)
            items.append(item)
            at = self.blank(at)
            mark = self.text[at : at + 1]
            if mark == "]":
                return items, at + 1
            if mark != ",":
                raise Unreadable("a list does not go on")
            at = self.blank(at + 1)

    def deep(self, depth):
        if depth > self.depth:
            raise Unreadable("nested too deep")


# --- members --------------------------------------------------------------------------------------------------------


def whole(value):
    """An integer; `True` is none, though Python thinks so."""
    return isinstance(value, int) and not isinstance(value, bool)


def natural(value):
    return whole(value) and value >= 0


def text(value):
    return isinstance(value, str)


def flag(value):
    return isinstance(value, bool)


def members(value, needed, optional=None):
    """`value` is an object of just these members, each of its type."""
    optional = optional or {}
    if not isinstance(value, dict):
        raise Unreadable("no object")
    for name, kind in needed.items():
        if name not in value:
            raise Unreadable(f"`{name}` is missing")
        if not kind(value[name]):
            raise Unreadable(f"`{name}` is not what it should be")
    for name in value:
        if name in needed:
            continue
        if name not in optional or not optional[name](value[name]):
            raise Unreadable(f"`{name}` does not belong there")
    return value


def has(value, needed):
    """`value` is an object that has these members, each of its type; what else it has is not looked at."""
    return isinstance(value, dict) and all(name in value and kind(value[name]) for name, kind in needed.items())


_HASH = re.compile(r"[0-9a-f]{64}")


def is_hash(value):
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def from_base64(value):
    """Padded standard base64 of which only one spelling is taken."""
    try:
        raw = value.encode("ascii")
        data = base64.b64decode(raw, validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Unreadable("no base64") from error
    if base64.b64encode(data) != raw:
        raise Unreadable("base64 that is not canonical")
    return data


# --- hashes and signatures ------------------------------------------------------------------------------------------


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P


def _small_order_ys():
    """The y of the eight points whose order divides 8: 1, -1, 0, and the two of order 8.

    Doubling a point of order 8 gives one of order 4, whose y is 0, so there y² = -x²; put into the curve's equation
    -x² + y² = 1 + d x² y² this is d y⁴ + 2 y² - 1 = 0.
    """
    found = {0, 1, _P - 1}
    root_of_minus_one = pow(2, (_P - 1) // 4, _P)

    def roots(square):
        root = pow(square, (_P + 3) // 8, _P)
        for candidate in (root, root * root_of_minus_one % _P):
            if candidate * candidate % _P == square:
                return (candidate, _P - candidate)
        return ()

    for root in roots((1 + _D) % _P):
        found.update(roots((root - 1) * pow(_D, -1, _P) % _P))
    return found


_SMALL = _small_order_ys()


def _is_fit_point(encoded):
    """Canonical, and of no small order. Whether it lies on the curve is seen by the signature check itself."""
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < _P and y not in _SMALL


_keys = {}


def signature_holds(key, message, signature):
    """Ed25519 by RFC 8032 with canonical key, R and S, none of small order, no cofactor.

    The package compares R as bytes, without cofactor, and refuses S over the order; it takes keys that are not
    canonical or of small order. All of it is asked here again.
    """
    if len(key) != 32 or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    if not _is_fit_point(key) or not _is_fit_point(signature[:32]):
        return False
    try:
        if key not in _keys:
            if len(_keys) > 4096:
                _keys.clear()
            _keys[key] = Ed25519PublicKey.from_public_bytes(key)
        _keys[key].verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
