#!/usr/bin/env python3
"""verify.py: an independent verifier of mcd1 draws.

    python3 verify.py FOLDER

reads the files of one draw and says whether the draw was what its commitment promised. It needs Python 3.8 or
newer and nothing else: no library, no network. It was written from the specification of mcd1 alone ("a draw that
is sealed, then opened, then unsealed"), and its sections are those of the specification, in the same order:

    2  notation            the hash, HMAC, E, the Merkle root; the forms of things
    3  the files           what each file must look like, and which files a kind of folder has
    4  the public value    the rules, and the values that they allow
    5  the draw            tickets, selection, assignment, substitution
    6  the checks          one function for each, in the order in which they run; then the facts for the eye
    -  reading a folder    the only part that touches the disk

It prints one line for each check, `PASS name` or `FAIL name: what`, and stops at the first FAIL. If all passed, it
prints what a person must compare: the public value with its source, the commitment's hash with the slip.

Exit code: 0 all checks pass; 1 a check failed; 2 the folder can't be read, or would take this program too long, or
the program was called wrongly (then one line on stderr says so, and nothing is claimed); 3 the draw is still open,
and what can be checked so far passes.

As a module: verify({"plan.txt": b"...", ...}) returns a Report and touches neither disk nor network.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import os
import re
import stat
import sys
from datetime import date
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

# What this program takes on, in steps of one or two microseconds: some minutes. Beyond it, it says so and exits 2.
MEANS = 150_000_000
STEPS_PER_BYTE = 1  # takes less time, but bytes also take memory
STEPS_PER_BYTE_SLOW = 10  # for SM3 in plain Python, if Python's OpenSSL has none
STEPS_PER_HMAC = 5
STEPS_PER_HMAC_SLOW = 400


class Refused(Exception):
    """A check failed; the text says what."""


class Beyond(Exception):
    """The folder may be right or wrong, but to check it is beyond this program's means."""


class Work:
    """Counts steps, so that no input whatever can make the program run for hours."""

    def __init__(self) -> None:
        self.left = MEANS

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Beyond("this folder takes more than %d steps, too many for this program" % MEANS)


# ----------------------------------------------------------------------------------------------------------------
# 2. Notation: hash, HMAC, E, root
# ----------------------------------------------------------------------------------------------------------------

Hash = Callable[[bytes], bytes]


def rotate(x: int, n: int) -> int:
    return ((x << n % 32) | (x >> (32 - n % 32))) & 0xFFFFFFFF


def sm3(data: bytes) -> bytes:
    """SM3 (GB/T 32905-2016) in plain Python."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data += b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(data), 64):
        w = [int.from_bytes(data[i : i + 4], "big") for i in range(start, start + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            constant = rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j)
            ss1 = rotate((rotate(a, 12) + e + constant) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + (ss1 ^ rotate(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, rotate(b, 9), c
            e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def openssl_sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def hash_function(alg: str) -> Hash:
    """SM3 of OpenSSL is taken if Python has it and it agrees on the first example of the standard."""
    if alg == "sha256":
        return sha256
    try:
        return openssl_sm3 if openssl_sm3(b"abc") == sm3(b"abc") else sm3
    except ValueError:
        return sm3


def hmac(H: Hash, key: bytes) -> Hash:
    """HMAC (RFC 2104) with a key of 32 bytes, as a function of the message."""
    inner, outer = (bytes(x ^ pad for x in key.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    return lambda message: H(outer + H(inner + message))


def E(tag: str, *parts: Any) -> bytes:
    """E(tag, x1 … xn): the tag and each part, text or bytes, with its length in bytes before it."""
    raw = [part.encode("utf-8") if isinstance(part, str) else part for part in ("mcd1/" + tag,) + parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in raw)


def root(H: Hash, lines: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of RFC 9162. To pair neighbours level by level, a last odd one going up as it is, gives
    the tree that splits at the largest power of two smaller than n."""
    level = [H(b"\x00" + line) for line in lines]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [H(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2])] + odd
    return level[0]


# ----------------------------------------------------------------------------------------------------------------
# 2. Notation: forms. Each is a function that says yes or no to a text.
#
# Only fullmatch, and classes like [0-9]: `$` would allow a line feed at the end, and \d, isdigit() and int() take
# the digits of every script. int() is used only on what has passed a form.
# ----------------------------------------------------------------------------------------------------------------

Form = Callable[[str], Any]

MAX_FILE = 256 * 1024 * 1024
MAX_SHARES = 16
NAME = "[0-9A-Za-z][0-9A-Za-z._-]{0,39}"
ID = "[0-9A-Z][0-9A-Z.-]{0,35}"
HASH = "[0-9a-f]{64}"
FORBIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
BLANKS = "\u0020\u00a0\u3000"


def pattern(text: str) -> Form:
    return re.compile(text).fullmatch


is_name = pattern(NAME)
is_id = pattern(ID)
is_hash = pattern(HASH)
is_hash_or_none = pattern("-|" + HASH)
is_integer = pattern("0|[1-9][0-9]{0,8}")
is_positive = pattern("[1-9][0-9]{0,8}")
is_draw_number = pattern("[0-9]{4}-(?!000)[0-9]{3}")
date_parts = pattern("([0-9]{4})-([0-9]{2})-([0-9]{2})")
time_parts = pattern("([0-9-]{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})([+-])([0-9]{2}):([0-9]{2})")


def is_value(text: str) -> bool:
    return text != "" and not FORBIDDEN.search(text) and text[0] not in BLANKS and text[-1] not in BLANKS


def is_list(text: str) -> bool:
    names = text.split(",")
    return all(map(is_name, names)) and len(set(names)) == len(names)


def is_team(text: str) -> bool:
    """A list with `?` for vacant slots, and only `?` may repeat."""
    names = [name for name in text.split(",") if name != "?"]
    return not names or is_list(",".join(names))


def is_team_or_none(text: str) -> bool:
    return text == "-" or is_team(text)


def ascending(texts: Sequence[str]) -> bool:
    """All that is ordered is ASCII, where the order of characters is that of bytes."""
    return all(a < b for a, b in zip(texts, texts[1:]))


def day(text: str) -> Optional[int]:
    """The number of a real day of the years 1 to 9999, or None."""
    match = date_parts(text)
    try:
        return date(*map(int, match.groups())).toordinal() if match else None
    except ValueError:
        return None


def instant(text: str) -> Optional[int]:
    """Seconds since a fixed moment, or None. Plain integers: a datetime can't hold every time of year 1 or 9999."""
    match = time_parts(text)
    days = day(match.group(1)) if match else None
    if days is None:
        return None
    hour, minute, second, offset_hour, offset_minute = (int(match.group(i)) for i in (2, 3, 4, 6, 7))
    if hour > 23 or minute > 59 or second > 59 or offset_hour > 23 or offset_minute > 59:
        return None
    offset = (offset_hour * 60 + offset_minute) * 60
    return days * 86400 + (hour * 60 + minute) * 60 + second + (offset if match.group(5) == "-" else -offset)


def is_time(text: str) -> bool:
    return instant(text) is not None


# ----------------------------------------------------------------------------------------------------------------
# 3. The files of a draw
# ----------------------------------------------------------------------------------------------------------------


def is_window(text: str) -> bool:
    first, dots, last = text.partition("..")
    begin, end = day(first), day(last)
    return dots != "" and begin is not None and end is not None and begin <= end


def is_ratio(text: str) -> bool:
    num, _, den = text.partition("/")
    return bool(is_positive(num) and is_positive(den)) and int(num) <= int(den)


def is_weight(text: str) -> bool:
    return re.fullmatch("[1-9][0-9]{0,9}", text) is not None and int(text) <= 4294967295


class RecordForm(NamedTuple):
    type: str
    keys: Dict[str, Form]
    families: Dict[str, Form] = {}  # keys like share.1, of which there are several


# Fewer than two slots are a matter of the check `plan`, fewer than two shares of `shares`: here one will do.
PLAN = RecordForm("mcd1-plan", {
    "bureau": is_name, "plan": is_name, "draw": is_draw_number, "title": is_value, "items": is_list,
    "window": is_window, "exclusions": lambda text: text == "-" or is_list(text),
    "slots": pattern("%s(?:,%s){0,7}" % (NAME, NAME)),
}, {"quota": is_integer, "ratio": is_ratio})  # fmt: skip
COMMIT = RecordForm("mcd1-commit", {
    "origin": is_value, "draw": is_draw_number, "alg": pattern("sha256|sm3"), "plan": is_hash, "pool": is_hash,
    "elig": is_hash, "public": lambda text: is_rule(text), "open-by": is_time, "reveal-by": is_time, "at": is_time,
}, {"share": is_hash, "holder": is_value})  # fmt: skip
DRAW = RecordForm("mcd1-draw", {
    "draw": is_draw_number, "prev": is_hash, "public": is_value, "result": is_hash, "at": is_time,
})  # fmt: skip
SUB = RecordForm("mcd1-sub", {
    "draw": is_draw_number, "prev": is_hash, "n": is_positive, "sub": is_hash, "at": is_time,
})  # fmt: skip
VOID = RecordForm("mcd1-void", {
    "draw": is_draw_number, "prev": is_hash, "public": is_value, "reason": is_value, "approved-by": is_value,
    "at": is_time,
})  # fmt: skip
REVEAL = RecordForm("mcd1-reveal", {
    "draw": is_draw_number, "prev": is_hash, "elig-salt": is_hash, "subs": is_hash_or_none, "at": is_time,
}, {"machine": is_hash, "input": pattern("(?:[0-9a-f]{2}){0,1024}")})  # fmt: skip

POOL = {"id": is_id, "stratum": is_name, "tier": pattern("[0-9]"), "weight": is_weight,
        "flag": pattern("R|M|X:" + NAME), "name": is_value, "salt": pattern("[0-9a-f]{32}")}  # fmt: skip
STAFF = {"inspector": is_name, "teams": is_list, "cap": is_positive}
ELIG = {"target": is_id, "inspectors": lambda text: is_list(text) and ascending(text.split(","))}
RESULT = {"id": is_id, "ticket": is_hash_or_none, "status": pattern("[MSNX]"), "inspectors": is_team_or_none,
          "salt": is_hash}  # fmt: skip
SUBS = {"n": is_positive, "kind": pattern("target|inspector"), "target": is_id, "old": is_value, "new": is_value,
        "team": is_team_or_none, "reason": is_value, "evidence": is_hash_or_none, "salt": is_hash}  # fmt: skip

Record = Dict[str, str]
Staff = Dict[str, Tuple[Set[str], int]]  # inspector -> teams, cap
Elig = Dict[str, List[str]]  # target -> inspectors


class Line(NamedTuple):
    """A line of the pool."""

    id: str
    stratum: str
    tier: int
    weight: int
    flag: str


class Row(NamedTuple):
    """A row of subs.tsv."""

    n: int
    kind: str
    target: str
    old: str
    new: str
    team: str
    line: str  # the first eight columns, which the record commits to
    salt: bytes


def refuse_oversize(name: str, data: bytes) -> None:
    if len(data) > MAX_FILE:
        raise Refused("%s is larger than 256 MiB" % name)


def text_lines(name: str, data: bytes) -> List[str]:
    """Only LF ends a line; str.splitlines would split at nine other characters."""
    refuse_oversize(name, data)
    if not data.endswith(b"\n"):
        raise Refused("%s is empty or does not end with a line feed" % name)
    try:
        lines = data[:-1].decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Refused("%s is not UTF-8 at byte %d" % (name, error.start)) from None
    if "" in lines:
        raise Refused("%s line %d is empty" % (name, lines.index("") + 1))
    return lines


def read_record(name: str, data: bytes, form: RecordForm) -> Record:
    lines = text_lines(name, data)
    if lines[0] != form.type:
        raise Refused("the first line of %s is not %s" % (name, form.type))
    record: Record = {}
    for number, line in enumerate(lines[1:], 2):
        key, equals, value = line.partition("=")
        family, dot, _ = key.partition(".")
        is_form = form.keys.get(key) or (form.families.get(family) if dot else None)
        if not equals or not is_form:
            raise Refused("%s line %d is none of the keys of this record" % (name, number))
        if key in record:
            raise Refused("%s line %d has a key for the second time" % (name, number))
        if not is_form(value):
            raise Refused("%s line %d: the value has a wrong form" % (name, number))
        record[key] = value
    for key in form.keys:
        if key not in record:
            raise Refused("%s has no %s" % (name, key))
    return record


def members(record: Record, family: str) -> Dict[str, str]:
    """The keys `family.x` of a record, as x -> value."""
    return {key[len(family) + 1 :]: value for key, value in record.items() if key.startswith(family + ".")}


def read_table(name: str, data: bytes, columns: Dict[str, Form]) -> List[List[str]]:
    table = [line.split("\t") for line in text_lines(name, data)]
    for number, row in enumerate(table, 1):
        if len(row) != len(columns):
            raise Refused("%s line %d has %d columns, not %d" % (name, number, len(row), len(columns)))
        for text, (column, is_form) in zip(row, columns.items()):
            if not is_form(text):
                raise Refused("%s line %d: the column %s has a wrong form" % (name, number, column))
    return table


def read_plan(data: bytes) -> Record:
    plan = read_record("plan.txt", data, PLAN)
    if not all(map(is_name, members(plan, "quota"))):
        raise Refused("plan.txt: a quota is not that of a name")
    if not members(plan, "ratio").keys() <= members(plan, "quota").keys():
        raise Refused("plan.txt: a ratio without a quota")
    return plan


def read_pool(data: bytes) -> List[Line]:
    table = read_table("pool.tsv", data, POOL)
    pool = [Line(id, stratum, int(tier), int(weight), flag) for id, stratum, tier, weight, flag, _, _ in table]
    if not ascending([line.id for line in pool]):
        raise Refused("pool.tsv is not ascending by id")
    if not any(line.flag in ("R", "M") for line in pool):
        raise Refused("pool.tsv has no R or M line")
    return pool


def read_commit(data: bytes) -> Record:
    commit = read_record("1-commit.txt", data, COMMIT)
    n = len(members(commit, "share"))
    numbers = {str(j) for j in range(1, n + 1)}
    if not 1 <= n <= MAX_SHARES or not numbers == set(members(commit, "share")) == set(members(commit, "holder")):
        raise Refused("1-commit.txt: shares and holders are not both 1 to n, with n at most %d" % MAX_SHARES)
    return commit


def read_reveal(data: bytes, commit: Record) -> Record:
    reveal = read_record("3-reveal.txt", data, REVEAL)
    if not set(members(commit, "share")) == set(members(reveal, "machine")) == set(members(reveal, "input")):
        raise Refused("3-reveal.txt: machines and inputs are not those of the shares")
    return reveal


def read_staff(data: bytes, slots: Sequence[str]) -> Staff:
    table = read_table("staff.tsv", data, STAFF)
    if not ascending([row[0] for row in table]):
        raise Refused("staff.tsv is not ascending by inspector")
    staff = {inspector: (set(teams.split(",")), int(cap)) for inspector, teams, cap in table}
    if not all(teams <= set(slots) for teams, _ in staff.values()):
        raise Refused("staff.tsv: a team is that of no slot")
    return staff


def read_elig(data: bytes, pool: Sequence[Line], staff: Staff) -> Elig:
    elig = [(target, inspectors.split(",")) for target, inspectors in read_table("elig.tsv", data, ELIG)]
    if [target for target, _ in elig] != [line.id for line in pool if line.flag in ("R", "M")]:
        raise Refused("elig.tsv: its targets are not the R and M lines of the pool in their order")
    if not all(inspector in staff for _, inspectors in elig for inspector in inspectors):
        raise Refused("elig.tsv: an inspector is not in staff.tsv")
    return dict(elig)


def read_result(data: bytes) -> None:
    """Only the form: what it says is compared with what is recomputed."""
    for number, (_, ticket, status, inspectors, _) in enumerate(read_table("result.tsv", data, RESULT), 1):
        if (ticket == "-") != (status == "X") or (inspectors == "-") != (status in "NX"):
            raise Refused("result.tsv line %d: ticket, status and inspectors do not go together" % number)


def read_subs(data: bytes) -> List[Row]:
    rows = []
    for number, columns in enumerate(read_table("subs.tsv", data, SUBS), 1):
        n, kind, target, old, new, team, _, _, salt = columns
        if kind == "target":
            well_formed = is_id(old) and (new == "-" or is_id(new)) and (team != "-" or new == "-")
        else:
            well_formed = all(name == "?" or is_name(name) for name in (old, new)) and team != "-"
        if n != str(number) or not well_formed:
            raise Refused("subs.tsv line %d: n, or old, new and team for this kind, have a wrong form" % number)
        rows.append(Row(number, kind, target, old, new, team, "\t".join(columns[:8]), bytes.fromhex(salt)))
    return rows


def sub_names(names: Iterable[str]) -> List[str]:
    """sub-1.txt, sub-2.txt … up to the first gap; other names like these are ignored."""
    there = set(names)
    return list(itertools.takewhile(there.__contains__, ("sub-%d.txt" % n for n in itertools.count(1))))


def kind_of(files: Mapping[str, bytes], void: Optional[Record]) -> str:
    """The kind of folder, which decides what must be there and what is checked."""
    drawn = "2-draw.txt" in files
    for name in ("result.tsv", "subs.tsv", "sub-1.txt"):
        if name in files and not drawn:
            raise Refused("%s without 2-draw.txt" % name)
    if void and void["public"] == "-":
        if drawn or "3-reveal.txt" in files:
            raise Refused("void.txt says that the public value is not known, beside a draw or a reveal")
        return "void before"
    if "3-reveal.txt" not in files:
        return "open"
    if not void and not drawn:
        raise Refused("3-reveal.txt with neither 2-draw.txt nor void.txt")
    return "void after" if void else "revealed"


# ----------------------------------------------------------------------------------------------------------------
# 4. The public value
# ----------------------------------------------------------------------------------------------------------------

RULE = re.compile("kl8:[0-9]{7}|drand:%s:[1-9][0-9]{0,14}|dice:[2-9][0-9]|none" % HASH)
is_kl8_numbers = pattern(r"[0-9]{2}(?:\.[0-9]{2}){19}")

LABEL = {"kl8": "A 甲", "drand": "A 甲", "dice": "B 乙", "none": "C 丙"}
MEANING = {
    "A 甲": "holds even if everybody in the bureau colludes",
    "B 乙": "holds unless every share holder and everyone who threw the dice collude",
    "C 丙": "NO PUBLIC VALUE: holds only if one share holder does not collude",
}


def is_rule(text: str) -> bool:
    return RULE.fullmatch(text) is not None


def is_public_value(rule: str, value: str) -> bool:
    """Whether a value has the form that the rule of the commitment asks for."""
    source, _, number = rule.partition(":")
    if source == "none":
        return value == "none"
    if source == "dice":
        return re.fullmatch("dice:[0-9]{%d}" % int(number), value) is not None
    before, _, last = value.rpartition(":")
    if source == "drand":
        return before == rule and bool(is_hash(last))
    numbers = last.split(".")
    return (
        before == rule and bool(is_kl8_numbers(last)) and ascending(numbers) and "01" <= numbers[0]
        and numbers[-1] <= "80"
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------------------
# 5. The draw: key, tickets, selection
# ----------------------------------------------------------------------------------------------------------------


def draw_key(H: Hash, shares: Sequence[bytes], e: bytes, public: str) -> bytes:
    """K, out of all shares, the hash of the commitment and the public value."""
    return hmac(H, H(E("seed", *shares)))(E("draw", e, public))


def in_order(lines: Iterable[Line], tickets: Mapping[str, int]) -> List[Line]:
    """By T/weight, compared crosswise in whole numbers since a quotient would have to be rounded; then by id."""

    def compare(a: Line, b: Line) -> int:
        left, right = tickets[a.id] * b.weight, tickets[b.id] * a.weight
        return -1 if left < right or (left == right and a.id < b.id) else 1

    return sorted(lines, key=functools.cmp_to_key(compare))


def select_in_tier(lines: Sequence[Line], k: int, tickets: Mapping[str, int]) -> List[Line]:
    """k lines of a tier that has more. A line so heavy that k·weight reaches the weight of all is taken without
    chance."""
    rest = sorted(lines, key=lambda line: line.weight)  # the heaviest last
    total = sum(line.weight for line in rest)
    sure = []
    while k > 0 and k * rest[-1].weight >= total:
        sure.append(rest.pop())
        total -= sure[-1].weight
        k -= 1
    return sure + in_order(rest, tickets)[:k]


def select(
    pool: Sequence[Line], quotas: Mapping[str, int], tickets: Mapping[str, int]
) -> Tuple[Set[str], Dict[str, List[str]]]:
    """The ids that are taken, and the reserve of each stratum."""
    taken = {line.id for line in pool if line.flag == "M"}
    reserve: Dict[str, List[str]] = {stratum: [] for stratum in quotas}
    tiers: Dict[Tuple[str, int], List[Line]] = {}
    for line in pool:
        if line.flag == "R":
            tiers.setdefault((line.stratum, line.tier), []).append(line)
    left = dict(quotas)
    for (stratum, _), lines in sorted(tiers.items()):
        # A tier with more lines than are left to take leaves none, so the tiers after it go to the reserve whole.
        k = left[stratum]
        now = {line.id for line in (lines if len(lines) <= k else select_in_tier(lines, k, tickets))}
        left[stratum] -= len(now)
        taken |= now
        reserve[stratum] += [line.id for line in in_order((x for x in lines if x.id not in now), tickets)]
    return taken, reserve


# ----------------------------------------------------------------------------------------------------------------
# 5. The draw: assignment
# ----------------------------------------------------------------------------------------------------------------


def bits(mask: int) -> Iterable[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


class Matching:
    """A maximum matching of the undecided slots to inspectors, kept a maximum while slots are decided.

    Slot q is the slot number q // targets of the target number q % targets, so that slots are decided in the order
    q = 0, 1, 2 … Inspectors are numbers, and a set of inspectors is an integer used as a set of bits. `server[q]`
    serves the undecided slot q in the matching, or is -1. An inspector serves at most `left` slots (his cap less
    his decided ones) and at most one slot of a target. Such matchings are the flows of the specification's
    network, and one that no augmenting path can improve fills F slots.

    A search for an augmenting path visits each undecided slot and each inspector at most once. There is one search
    for each slot to begin with, and later at most one for each slot and candidate, usually none at all: at worst
    O(slots² · candidates) operations on sets of bits.
    """

    def __init__(self, targets: int, eligible: List[int], in_team: List[int], caps: List[int], work: Work) -> None:
        self.targets, self.eligible, self.in_team, self.work = targets, eligible, in_team, work
        self.left = list(caps)
        self.on = [0] * targets  # the inspectors who have a decided slot of the target
        self.server = [-1] * (targets * len(in_team))
        self.serves: List[Set[int]] = [set() for _ in caps]
        self.stuck: Optional[Set[int]] = None  # see find_stuck
        self.hopeful = 0
        for q in range(len(self.server)):
            self.augment([q])

    def allowed(self, q: int) -> int:
        """Who may serve slot q: eligible, in its team, and without a decided slot of its target."""
        target = q % self.targets
        return self.eligible[target] & self.in_team[q // self.targets] & ~self.on[target]

    def siblings(self, q: int) -> Iterable[int]:
        """The slots of the same target. Decided ones have no server, so nothing is done with them."""
        return range(q % self.targets, len(self.server), self.targets)

    def free(self, i: int) -> bool:
        return len(self.serves[i]) < self.left[i]

    def move(self, q: int, i: int) -> int:
        """Slot q is from now on served by i, or by nobody if i is -1. Returns who served it before."""
        before = self.server[q]
        if before >= 0:
            self.serves[before].remove(q)
        if i >= 0:
            self.serves[i].add(q)
        self.server[q] = i
        return before

    def augment(self, starts: List[int]) -> bool:
        """Fills one more slot along an augmenting path from one of the unfilled slots `starts`, if there is one.

        From a slot that wants an inspector, the search goes on to the slots that could give him up. Someone who
        serves a sibling can only be had in that sibling's place; anyone else if he is free, or in the place of any
        slot that he serves. Once somebody free is met, the slot that met him gets him, the slot that wanted its
        inspector gets that one, and so on back to a start.
        """
        wanted_by = {q: -1 for q in starts}  # slot -> the slot that would take its inspector
        queue = list(starts)
        seen = 0  # inspectors

        def want(other: int, q: int) -> None:
            if other not in wanted_by:
                wanted_by[other] = q
                queue.append(other)

        for q in queue:  # which grows meanwhile
            self.work.spend(1 + len(self.left) // 10000)  # large sets of bits take longer
            allowed = self.allowed(q)
            others = allowed & ~seen
            for sibling in self.siblings(q):
                i = self.server[sibling]
                if i >= 0:
                    others &= ~(1 << i)
                    if allowed >> i & 1:
                        want(sibling, q)
            for i in bits(others):
                if self.free(i):
                    while q >= 0:
                        q, i = wanted_by[q], self.move(q, i)
                    return True
                for other in self.serves[i]:
                    want(other, q)
            seen |= others
        return False

    def find_stuck(self, first: int) -> Set[int]:
        """The slots from `first` on from which no search meets anyone free; all unfilled ones are among them. Finds
        the others, by and by, and with them `hopeful`: those who are free, or serve a slot that isn't stuck."""
        self.hopeful = sum(1 << i for i in range(len(self.left)) if self.free(i))
        stuck = set(range(first, len(self.server)))
        before = -1
        while before != len(stuck):
            before = len(stuck)
            self.work.spend(before * (1 + len(self.left) // 10000))
            for q in sorted(stuck):
                allowed = self.allowed(q)
                others, served = allowed, [sibling for sibling in self.siblings(q) if self.server[sibling] >= 0]
                for sibling in served:
                    others &= ~(1 << self.server[sibling])
                if others & self.hopeful or any(
                    sibling not in stuck and allowed >> self.server[sibling] & 1 for sibling in served
                ):
                    stuck.remove(q)
                    self.hopeful |= 1 << self.server[q]
        return stuck

    def give(self, q: int, c: int) -> bool:
        """Decides slot q for candidate c, if the slots after q can then still be filled but for one less than F.

        To take c for q undoes at most two slots of the matching: q itself, and one that c served. If it undoes
        one, the slots after q are one less than F already. If two, they are two less, and one augmenting path is
        what is asked for, from the slot undone or from any other unfilled one, to which the inspector whom q gives
        up may be of use.

        Most searches that would be in vain are spared by `stuck`. Stuck slots reach nobody free, and whoever they
        could have serves stuck slots only, or a stuck sibling. So if q is not stuck, the inspector whom it gives
        up is of no use to them: if all that c can undo is stuck, c is out of the question; if not, a path can only
        start at the slot undone. What happens outside does not change that they are stuck; nor does a decision
        among them as long as the inspector given up is one who serves stuck slots only. `stuck` need not hold all
        slots that are stuck by now, so it is found anew after a search in vain.
        """
        before = self.server[q]
        undone = -1
        if c != before:
            undone = next((sibling for sibling in self.siblings(q) if self.server[sibling] == c), -1)
            if undone < 0 and not self.free(c):
                # Whichever: how many slots can be filled does not depend on it. But rather one that isn't stuck.
                stuck = self.stuck or ()
                undone = next((slot for slot in self.serves[c] if slot not in stuck), next(iter(self.serves[c])))
        one = before < 0 or undone < 0
        among = self.stuck is not None and q in self.stuck
        if not one and self.stuck is not None and not among and undone in self.stuck:
            return False

        self.move(q, -1)
        if undone >= 0:
            self.move(undone, -1)
        self.left[c] -= 1
        self.on[q % self.targets] |= 1 << c
        starts = [undone]
        if not one and (among or self.stuck is None):
            self.work.spend(len(self.server) // 20)
            starts += [x for x in range(q + 1, len(self.server)) if self.server[x] < 0 and x != undone]
        if one or self.augment(starts):
            if among and before >= 0 and self.hopeful >> before & 1:
                self.stuck = None
            return True
        self.left[c] += 1
        self.on[q % self.targets] &= ~(1 << c)
        self.move(undone, c)
        self.move(q, before)
        if not among:
            self.stuck = self.find_stuck(q)
        return False


Order = Callable[[str], List[str]]  # target -> its inspectors in the order of HMAC(K, E("assign", …)), then by name


def order_of_inspectors(mac: Hash, elig: Elig) -> Order:
    @functools.lru_cache(maxsize=None)
    def order(target: str) -> List[str]:
        return sorted(elig[target], key=lambda inspector: (mac(E("assign", target, inspector)), inspector))

    return order


def assign(
    targets: Sequence[str], slots: Sequence[str], staff: Staff, elig: Elig, order: Order, work: Work
) -> Dict[str, List[str]]:
    """The team of each target, with `?` for a vacant slot. The targets come in the order (T, id)."""
    names = list(staff)
    number = {name: i for i, name in enumerate(names)}
    pairs = len(names) + sum(len(elig[target]) for target in targets)
    work.spend(pairs * (1 + len(names) // 10000) + len(names) * len(targets) // 20)  # to build and hold sets of bits
    in_team = [sum(1 << i for i, name in enumerate(names) if slot in staff[name][0]) for slot in slots]
    eligible = [sum(1 << number[name] for name in elig[target]) for target in targets]
    matching = Matching(len(targets), eligible, in_team, [cap for _, cap in staff.values()], work)
    decided = [0] * len(names)
    teams: Dict[str, List[str]] = {target: [] for target in targets}
    for q in range(len(slots) * len(targets)):
        target = targets[q % len(targets)]
        allowed = matching.allowed(q)
        by_hash = [number[name] for name in order(target)]
        candidates = [i for i in by_hash if allowed >> i & 1 and matching.left[i] > 0]
        candidates.sort(key=lambda i: decided[i])  # a stable sort, so the order of the hashes stays among equals
        chosen = next((c for c in candidates if matching.give(q, c)), None)
        if chosen is not None:
            decided[chosen] += 1
        teams[target].append("?" if chosen is None else names[chosen])
    return teams


class Outcome(NamedTuple):
    """What the key makes of the pool."""

    lines: List[str]  # of result.tsv
    teams: Dict[str, List[str]]
    reserve: Dict[str, List[str]]
    order: Order


def compute(case: Case) -> Outcome:
    """The whole draw, from the shares and the public value."""
    H = case.H
    mac = hmac(H, draw_key(H, case.shares, H(case.files["1-commit.txt"]), case.public or ""))
    part = [line.id for line in case.pool if line.flag in ("R", "M")]
    tickets = {id: int.from_bytes(mac(E("ticket", id)), "big") for id in part}
    quotas = {stratum: int(quota) for stratum, quota in members(case.plan, "quota").items()}
    taken, reserve = select(case.pool, quotas, tickets)
    targets = sorted(taken, key=lambda id: (tickets[id], id))
    case.work.spend(case.steps_per_hmac * (2 * len(case.pool) + sum(len(case.elig[target]) for target in targets)))
    order = order_of_inspectors(mac, case.elig)
    teams = assign(targets, case.slots, case.staff, case.elig, order, case.work)
    lines = []
    for line in case.pool:
        ticket = "%064x" % tickets[line.id] if line.id in tickets else "-"
        status = line.flag[0] if line.flag != "R" else "S" if line.id in taken else "N"
        team = ",".join(teams[line.id]) if line.id in taken else "-"
        lines.append("\t".join((line.id, ticket, status, team, mac(E("salt", line.id)).hex())))
    return Outcome(lines, teams, reserve, order)


# ----------------------------------------------------------------------------------------------------------------
# 5. The draw: substitution
# ----------------------------------------------------------------------------------------------------------------


class Present:
    """The tasks and their teams as they are after some rows of subs.tsv."""

    def __init__(self, case: Case) -> None:
        self.case, self.order = case, case.outcome.order
        self.line = {line.id: line for line in case.pool}
        self.reserve = {stratum: iter(ids) for stratum, ids in case.outcome.reserve.items()}
        self.teams = {target: list(team) for target, team in case.outcome.teams.items()}
        self.replaced: Dict[str, Set[str]] = {target: set() for target in self.teams}

    def next_inspector(self, target: str, team: List[str], slot: int) -> str:
        """Who takes a slot of a target on which `team` is. Caps are not considered."""
        for inspector in self.order(target):
            self.case.work.spend(1)
            in_team = self.case.slots[slot] in self.case.staff[inspector][0]
            if in_team and inspector not in team and inspector not in self.replaced[target]:
                return inspector
        return "?"

    def replace_target(self, row: Row) -> List[str]:
        if row.old != row.target:
            raise Refused("row %d: target and old are not the same" % row.n)
        line = self.line[row.target]
        successor = next(self.reserve[line.stratum], "-") if line.flag == "R" else "-"
        if row.new != successor:
            raise Refused("row %d: the successor is %s" % (row.n, successor))
        old_team = self.teams.pop(row.target)
        if successor == "-":
            return ["-"]
        self.replaced[successor] = set()
        elig = set(self.case.elig[successor])
        self.case.work.spend(len(elig) * self.case.steps_per_hmac)
        team = [inspector if inspector in elig else "?" for inspector in old_team]
        for slot, inspector in enumerate(team):
            if inspector == "?":
                team[slot] = self.next_inspector(successor, team, slot)
        self.teams[successor] = team
        return team

    def replace_inspector(self, row: Row) -> List[str]:
        team = self.teams[row.target]
        if row.old not in team:
            raise Refused("row %d: old is not on the target" % row.n)
        slot = team.index(row.old)  # of `?`, the first vacant one
        new = self.next_inspector(row.target, team, slot)
        if row.new != new:
            raise Refused("row %d: the next inspector is %s" % (row.n, new))
        if row.old != "?":
            self.replaced[row.target].add(row.old)
        team[slot] = new
        return team

    def apply(self, row: Row) -> None:
        if row.target not in self.teams:
            raise Refused("row %d: the target is no present task" % row.n)
        team = self.replace_target(row) if row.kind == "target" else self.replace_inspector(row)
        if row.team != ",".join(team):
            raise Refused("row %d: the team is %s" % (row.n, ",".join(team)))


# ----------------------------------------------------------------------------------------------------------------
# 6. What a verifier checks
# ----------------------------------------------------------------------------------------------------------------


class Case:
    """All that is known of one folder: `check_form` fills it, later checks read it and add to it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.work = Work()
        self.kind = ""  # revealed, void before, void after, open
        self.H: Hash = sha256
        self.steps_per_hmac = STEPS_PER_HMAC
        self.plan: Record = {}
        self.slots: List[str] = []
        self.pool: List[Line] = []
        self.staff: Staff = {}
        self.elig: Elig = {}
        self.records: Dict[str, Record] = {}  # those that are there, in the order of the chain, by file name
        self.rows: List[Row] = []
        self.public: Optional[str] = None  # the public value, if it is known
        self.shares: List[bytes] = []
        self.outcome = Outcome([], {}, {}, order_of_inspectors(sha256, {}))
        self.vacant: Optional[int] = None

    @property
    def unsealed(self) -> bool:
        return self.kind in ("revealed", "void after")

    @property
    def subs(self) -> List[Record]:
        return [record for name, record in self.records.items() if name.startswith("sub-")]

    def need(self, name: str) -> bytes:
        if name not in self.files:
            raise Refused("%s is missing" % name)
        return self.files[name]

    def at(self, name: str, key: str = "at") -> int:
        return instant(self.records[name][key]) or 0  # never None: the form has been checked


def check_form(case: Case) -> None:
    files = case.files
    void = read_record("void.txt", files["void.txt"], VOID) if "void.txt" in files else None
    case.kind = kind_of(files, void)
    looked_at = [name for name in wanted(files) if case.unsealed or name not in UNSEALED]
    for name in looked_at:
        refuse_oversize(name, files[name])  # all of them now, before work is put into any
    size = sum(len(files[name]) for name in looked_at)
    case.work.spend(size * STEPS_PER_BYTE)

    case.plan = read_plan(case.need("plan.txt"))
    case.slots = case.plan["slots"].split(",")
    case.pool = read_pool(case.need("pool.tsv"))
    commit = read_commit(case.need("1-commit.txt"))
    case.records["1-commit.txt"] = commit
    if "2-draw.txt" in files:
        case.records["2-draw.txt"] = read_record("2-draw.txt", files["2-draw.txt"], DRAW)
    for name in sub_names(files):
        case.records[name] = read_record(name, files[name], SUB)
    if void:
        case.records["void.txt"] = void
    if case.unsealed:
        reveal = case.records["3-reveal.txt"] = read_reveal(files["3-reveal.txt"], commit)
        case.staff = read_staff(case.need("staff.tsv"), case.slots)
        case.elig = read_elig(case.need("elig.tsv"), case.pool, case.staff)
        if "2-draw.txt" in files:
            read_result(case.need("result.tsv"))
        if (reveal["subs"] == "-") == ("subs.tsv" in files):
            raise Refused("subs.tsv is there, or its hash in 3-reveal.txt, but not both")
        case.rows = read_subs(files["subs.tsv"]) if "subs.tsv" in files else []

    known = case.records.get("2-draw.txt") or (None if case.kind == "void before" else void)
    case.public = known["public"] if known else None
    case.H = hash_function(commit["alg"])
    if case.H is sm3:
        case.work.spend(size * STEPS_PER_BYTE_SLOW)
        case.steps_per_hmac = STEPS_PER_HMAC_SLOW


def check_chain(case: Case) -> None:
    names = list(case.records)
    for name, record in case.records.items():
        if record["draw"] != case.plan["draw"]:
            raise Refused("the draw number of %s is not the plan's" % name)
    for before, name in zip(names, names[1:]):
        if case.records[name]["prev"] != case.H(case.files[before]).hex():
            raise Refused("prev of %s is not the hash of %s" % (name, before))
        if case.at(name) < case.at(before):
            raise Refused("%s is earlier than %s" % (name, before))
    for number, sub in enumerate(case.subs, 1):
        if sub["n"] != str(number):
            raise Refused("n of sub-%d.txt is not %d" % (number, number))
    commit_at, open_by = case.at("1-commit.txt"), case.at("1-commit.txt", "open-by")
    if not commit_at < open_by < case.at("1-commit.txt", "reveal-by"):
        raise Refused("at, open-by and reveal-by of 1-commit.txt are not in this order")
    if "2-draw.txt" in case.records and not commit_at < case.at("2-draw.txt") <= open_by:
        raise Refused("2-draw.txt is not after the commitment and by open-by")


def check_commitment(case: Case) -> None:
    commit = case.records["1-commit.txt"]
    if case.H(case.files["plan.txt"]).hex() != commit["plan"]:
        raise Refused("plan.txt is not the committed one")
    if root(case.H, case.files["pool.tsv"][:-1].split(b"\n")).hex() != commit["pool"]:
        raise Refused("pool.tsv is not the committed one")


def check_plan(case: Case) -> None:
    if len(case.slots) < 2:
        raise Refused("there are fewer than two slots")
    numbers: Dict[str, int] = {}
    for line in case.pool:
        if line.flag == "R":
            numbers[line.stratum] = numbers.get(line.stratum, 0) + 1
    quotas, ratios = members(case.plan, "quota"), members(case.plan, "ratio")
    if quotas.keys() != numbers.keys():
        raise Refused("the quotas are not those of the strata that have R lines")
    for stratum, n in numbers.items():
        if int(quotas[stratum]) > n:
            raise Refused("the quota of %s is more than its %d lines" % (stratum, n))
        if stratum in ratios:
            num, den = map(int, ratios[stratum].split("/"))
            if int(quotas[stratum]) != -(-n * num // den):  # the ceiling of n·num/den
                raise Refused("the quota of %s is not the %d of its ratio" % (stratum, -(-n * num // den)))
    reasons = case.plan["exclusions"].split(",")  # `-` is no name, so it allows no reason
    for line in case.pool:
        if line.flag not in ("R", "M") and line.flag[2:] not in reasons:
            raise Refused("%s is excluded for a reason that the plan does not have" % line.id)


def can_fill_all(slots: Sequence[str], inspectors: Sequence[str], staff: Staff) -> bool:
    """Whether all slots of one task can be filled, each inspector once, by the textbook's matching. A slot with as
    many candidates as there are slots can always be filled last, so more of them need not be looked at."""
    candidates = [
        list(itertools.islice((name for name in inspectors if slot in staff[name][0]), len(slots))) for slot in slots
    ]
    slot_of: Dict[str, int] = {}

    def seat(slot: int, asked: Set[str]) -> bool:
        for name in candidates[slot]:
            if name not in asked:
                asked.add(name)
                if name not in slot_of or seat(slot_of[name], asked):
                    slot_of[name] = slot
                    return True
        return False

    return all(seat(slot, set()) for slot in range(len(slots)))


def check_eligibility(case: Case) -> None:
    H, files = case.H, case.files
    for target, inspectors in case.elig.items():
        if not can_fill_all(case.slots, inspectors, case.staff):
            raise Refused("the line of %s in elig.tsv can't fill all slots of a task" % target)
    salt = bytes.fromhex(case.records["3-reveal.txt"]["elig-salt"])
    elig = H(E("elig", salt, H(files["staff.tsv"]), H(files["elig.tsv"])))
    if elig.hex() != case.records["1-commit.txt"]["elig"]:
        raise Refused("staff.tsv and elig.tsv are not the committed ones")


def check_shares(case: Case) -> None:
    commit, reveal = case.records["1-commit.txt"], case.records["3-reveal.txt"]
    n = len(members(commit, "share"))
    if n < 2:
        raise Refused("there are fewer than two shares")
    for j in range(1, n + 1):
        machine, typed = bytes.fromhex(reveal["machine.%d" % j]), bytes.fromhex(reveal["input.%d" % j])
        share = case.H(E("mix", machine, typed))
        if case.H(E("share", commit["draw"], str(j), share)).hex() != commit["share.%d" % j]:
            raise Refused("share %d is not the committed one" % j)
        if share in case.shares:
            raise Refused("share %d is the same as one before it" % j)
        case.shares.append(share)


def check_public(case: Case) -> None:
    for name in ("2-draw.txt", "void.txt"):
        if name in case.records:
            public = case.records[name]["public"]
            if not is_public_value(case.records["1-commit.txt"]["public"], public):
                raise Refused("the public value of %s has not the form of the rule" % name)
            if public != case.public:
                raise Refused("the public value of void.txt is not that of 2-draw.txt")


def check_draw(case: Case) -> None:
    case.outcome = compute(case)
    case.vacant = sum(team.count("?") for team in case.outcome.teams.values())
    if "2-draw.txt" not in case.records:
        return  # given up between the public value and the draw: the list is shown, there is none to compare with
    given = case.files["result.tsv"][:-1].split(b"\n")
    expected = [line.encode("ascii") for line in case.outcome.lines]
    for number, (line, right) in enumerate(zip(given, expected), 1):
        if line != right:
            pairs = zip(RESULT, line.split(b"\t"), right.split(b"\t"))
            raise Refused(
                "result.tsv line %d is not what was drawn: %s"
                % (number, ", ".join(column for column, there, drawn in pairs if there != drawn))
            )
    if len(given) != len(expected):
        raise Refused("result.tsv has %d lines, the pool %d" % (len(given), len(expected)))
    if root(case.H, given).hex() != case.records["2-draw.txt"]["result"]:
        raise Refused("the root of result.tsv is not that of 2-draw.txt")


def check_substitutions(case: Case) -> None:
    if len(case.rows) != len(case.subs):
        raise Refused("subs.tsv has %d rows, but there are %d records" % (len(case.rows), len(case.subs)))
    if case.rows and case.H(case.files["subs.tsv"]).hex() != case.records["3-reveal.txt"]["subs"]:
        raise Refused("subs.tsv is not that of 3-reveal.txt")
    present = Present(case)
    for row, record in zip(case.rows, case.subs):
        if case.H(E("sub", row.salt, row.line)).hex() != record["sub"]:
            raise Refused("row %d does not open sub-%d.txt" % (row.n, row.n))
        present.apply(row)
    case.vacant = sum(team.count("?") for team in present.teams.values())


Check = Tuple[str, Callable[[Case], None]]
ALWAYS: List[Check] = [("chain", check_chain), ("commitment", check_commitment), ("plan", check_plan)]
WHEN_PUBLIC: List[Check] = [("public", check_public)]
WHEN_UNSEALED: List[Check] = [
    ("eligibility", check_eligibility), ("shares", check_shares), ("public", check_public), ("draw", check_draw),
    ("substitutions", check_substitutions),
]  # fmt: skip


def checks_of(case: Case) -> List[Check]:
    """The checks that follow on `form` for this kind of folder."""
    return ALWAYS + (WHEN_UNSEALED if case.unsealed else [] if case.public is None else WHEN_PUBLIC)


def facts_of(case: Case) -> Dict[str, Any]:
    """What no program can judge for a person."""
    commit = case.records["1-commit.txt"]
    label = LABEL[commit["public"].partition(":")[0]]
    made_known = "2-draw.txt" if "2-draw.txt" in case.records else "void.txt"
    early = case.public is not None and case.at(made_known) - case.at("1-commit.txt") < 3600
    late = case.unsealed and case.at("3-reveal.txt") > case.at("1-commit.txt", "reveal-by")
    return {
        "kind": case.kind,
        "draw": commit["draw"],
        "commitment": case.H(case.files["1-commit.txt"]).hex(),
        "rule": commit["public"],
        "public": case.public,
        "label": label,
        "claimed only": label[0] == "A" and early,  # an hour must lie between commitment and draw
        "reveal-by": commit["reveal-by"],
        "late": late if case.unsealed else None,
        "void": case.records.get("void.txt"),
        "vacant": case.vacant,
        "recomputed": case.outcome.lines if case.unsealed and "2-draw.txt" not in case.records else None,
    }


def lines_of(facts: Mapping[str, Any]) -> List[str]:
    lines = [
        "kind: " + facts["kind"],
        "draw number: " + facts["draw"],
        "commitment, to compare with the slip: " + facts["commitment"],
        "rule of the public value: " + facts["rule"],
        "public value, to compare with its source: " + (facts["public"] or "not known"),
        "assurance: %s, %s" % (facts["label"], MEANING[facts["label"]]),
    ]
    if facts["claimed only"]:
        lines.append("assurance: CLAIMED ONLY, the draw came less than an hour after the commitment")
    elif facts["label"][0] == "A":
        lines.append("assurance: that the commitment was public an hour before the value, only the log can show")
    if facts["kind"] == "open":
        lines.append("reveal: due by " + facts["reveal-by"])
    if facts["late"] is not None:
        lines.append("reveal: %s %s" % ("LATE, it was due by" if facts["late"] else "in time, by", facts["reveal-by"]))
    if facts["void"]:
        lines.append("given up: %s (approved by: %s)" % (facts["void"]["reason"], facts["void"]["approved-by"]))
    if facts["vacant"] is not None:
        lines.append("slots vacant after the last substitution: %d" % facts["vacant"])
    if facts["recomputed"]:
        lines.append("the list that was given up, recomputed (id, ticket, status, inspectors, salt):")
        lines += ["  " + line for line in facts["recomputed"]]
    return lines


class Report:
    def __init__(self) -> None:
        self.lines: List[str] = []  # for stdout
        self.exit_code = 0
        self.failed: Optional[str] = None  # the name of the check that failed
        self.facts: Dict[str, Any] = {}
        self.trouble: Optional[str] = None  # for stderr, when the exit code is 2


def verify(files: Mapping[str, bytes]) -> Report:
    """All checks of one folder, given as a mapping from file name to content. Never raises, whatever the bytes."""
    report, case, name = Report(), Case(files), "form"
    try:
        check_form(case)
        report.lines.append("PASS form")
        for name, check in checks_of(case):
            check(case)
            report.lines.append("PASS " + name)
    except Refused as refused:
        report.lines.append("FAIL %s: %s" % (name, refused))
        report.exit_code, report.failed = 1, name
        return report
    except Beyond as beyond:
        report.exit_code, report.trouble = 2, str(beyond)
        return report
    report.facts = facts_of(case)
    report.lines += lines_of(report.facts)
    report.exit_code = 3 if case.kind == "open" else 0
    return report


# ----------------------------------------------------------------------------------------------------------------
# Reading a folder
# ----------------------------------------------------------------------------------------------------------------

SEALED = ("plan.txt", "pool.tsv", "1-commit.txt", "2-draw.txt", "void.txt", "3-reveal.txt")
UNSEALED = ("staff.tsv", "elig.tsv", "result.tsv", "subs.tsv")  # not looked at before the unsealing


def wanted(names: Iterable[str]) -> List[str]:
    """The files that the specification names; all others of a folder are ignored."""
    there = set(names)
    return [name for name in SEALED + UNSEALED if name in there] + sub_names(there)


def read_folder(path: str) -> Dict[str, bytes]:
    """Raises OSError, or Beyond."""
    paths = {name: os.path.join(path, name) for name in wanted(os.listdir(path))}
    sizes = [0]
    for name, where in paths.items():
        status = os.stat(where)
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for without end
            raise OSError("%s is not a regular file" % name)
        sizes.append(status.st_size)
    if max(sizes) <= MAX_FILE:
        Work().spend(sum(sizes) * STEPS_PER_BYTE)  # before they fill the memory
    files = {}
    for name, where in paths.items():
        with open(where, "rb") as file:
            files[name] = file.read(MAX_FILE + 1)  # one byte too many is enough to refuse it
    return files


def verify_folder(path: str) -> Report:
    report = Report()
    report.exit_code = 2
    try:
        return verify(read_folder(path))
    except Beyond as beyond:
        report.trouble = str(beyond)
    except OSError as error:
        report.trouble = "can't read the folder: " + ascii(str(error))
    except Exception as error:  # a fault of this program, or no memory left: that must not pass for a FAIL
        report.trouble = "this program broke off: %s %s" % (type(error).__name__, ascii(str(error)))
    return report


def main(argv: Sequence[str]) -> int:
    if len(argv) != 2:
        print("usage: python3 verify.py FOLDER", file=sys.stderr)
        return 2
    report = verify_folder(argv[1])
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # whatever the console's own: the lines hold Chinese
    for line in report.lines:
        print(line)
    if report.trouble:
        print("verify.py: " + report.trouble, file=sys.stderr)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
