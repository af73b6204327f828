#!/usr/bin/env python3
"""verify.py: an independent verifier of mcd1 draws.

    python3 verify.py FOLDER

reads the files of one draw and says whether the draw was what its commitment promised. It needs Python 3.8 or
newer and nothing else: no library, no network. It was written from the specification of mcd1 alone ("a draw that
is sealed, then opened, then unsealed"), and its sections are those of the specification, in the same order:

    2  notation            the hash, HMAC, E, the Merkle root, the forms of things
    3  the files           what each file must look like, and which files a kind of folder has
    4  the public value    the rules, and the values that they allow
    5  the draw            tickets, selection, assignment, substitution
    6  the checks          one function for each check, in the order in which they run
    -  reading a folder    the only part that touches the disk

Prints one line for each check, `PASS name` or `FAIL name: what`, stops at the first FAIL, and then, if all passed,
prints the facts that a person must compare by eye: the public value with its source, the hash of the commitment
with the slip that was handed out.

Exit code: 0 all checks pass; 1 a check failed; 2 the folder can't be read, is larger than this program can check
in reasonable time, or the program was called wrongly (then a sentence on stderr says so and nothing is claimed);
3 the draw is still open and all that can be checked so far passes.

As a module: verify({"plan.txt": b"...", ...}) returns a Report and touches neither disk nor network.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import stat
import sys
from datetime import date
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

# What this program takes on; beyond it, it says so and exits 2 instead of running for hours.
MEANS_BYTES = 128 * 1024 * 1024  # of all files that it looks at, together
MEANS_INSPECTORS = 20_000
MEANS_PAIRS = 5_000_000  # targets * slots * candidates of each
MEANS_STEPS = 150_000_000  # slots visited in the search for augmenting paths, candidates visited in substitutions
SLOW_SM3 = 16  # without OpenSSL's SM3, bytes and pairs are limited to this fraction of the above


class Refused(Exception):
    """A check failed; the text says what."""


class Beyond(Exception):
    """The folder may be right or wrong, but checking it is beyond this program's means."""


class Work:
    """Counts steps, so that no input whatever can make the program run for ever."""

    def __init__(self) -> None:
        self.left = MEANS_STEPS

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Beyond("the search for the assignment or the substitutions takes more than %d steps" % MEANS_STEPS)


# ---------------------------------------------------------------------------------------------------------------
# 2. Notation: hash, HMAC, E, root
# ---------------------------------------------------------------------------------------------------------------

MASK = 0xFFFFFFFF


def rotate(x: int, n: int) -> int:
    n %= 32
    return ((x << n) | (x >> (32 - n))) & MASK


class SM3:
    """SM3 (GB/T 32905-2016) in plain Python, with the three methods of hashlib's objects that are used here."""

    CONSTANTS = [rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64)]

    def __init__(self, data: bytes = b"") -> None:
        self.state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
        self.rest = b""  # what does not fill a block of 64 bytes yet
        self.length = 0
        self.update(data)

    def update(self, data: bytes) -> None:
        self.length += len(data)
        data = self.rest + data
        whole = len(data) - len(data) % 64
        for at in range(0, whole, 64):
            self.state = self.compress(self.state, data[at : at + 64])
        self.rest = data[whole:]

    def digest(self) -> bytes:
        padding = b"\x80" + b"\0" * ((55 - self.length) % 64) + (8 * self.length).to_bytes(8, "big")
        last = self.copy()
        last.update(padding)
        return b"".join(word.to_bytes(4, "big") for word in last.state)

    def copy(self) -> SM3:
        other = SM3()
        other.state, other.rest, other.length = self.state, self.rest, self.length
        return other

    @classmethod
    def compress(cls, state: List[int], block: bytes) -> List[int]:
        w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            a12 = rotate(a, 12)
            ss1 = rotate((a12 + e + cls.CONSTANTS[j]) & MASK, 7)
            if j < 16:
                ff, gg = a ^ b ^ c, e ^ f ^ g
            else:
                ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
            tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & MASK
            tt2 = (gg + h + ss1 + w[j]) & MASK
            a, b, c, d = tt1, a, rotate(b, 9), c
            e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
        return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]


def system_sm3() -> Optional[Callable[..., Any]]:
    """SM3 of the OpenSSL that Python was built with, if there is one and it knows the standard's first example."""
    try:
        if hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0":
            return functools.partial(hashlib.new, "sm3")
    except ValueError:
        pass
    return None


def hash_maker(alg: str) -> Callable[..., Any]:
    """The maker of hash objects for `sha256` or `sm3`."""
    return hashlib.sha256 if alg == "sha256" else (system_sm3() or SM3)


Mac = Callable[[bytes], bytes]


class Hash:
    """H, HMAC and root for the algorithm that the commitment fixes."""

    def __init__(self, alg: str, make: Optional[Callable[..., Any]] = None) -> None:
        self.make = make or hash_maker(alg)

    def __call__(self, data: bytes) -> bytes:
        return self.make(data).digest()

    def mac(self, key: bytes) -> Mac:
        """HMAC (RFC 2104) with one key, which is never longer than the block of 64 bytes; the keyed halves are
        computed once, since one key serves thousands of messages."""
        key = key.ljust(64, b"\0")
        inner = self.make(bytes(x ^ 0x36 for x in key))
        outer = self.make(bytes(x ^ 0x5C for x in key))

        def mac_of(message: bytes) -> bytes:
            within, around = inner.copy(), outer.copy()
            within.update(message)
            around.update(within.digest())
            return around.digest()

        return mac_of

    def root(self, lines: Iterable[bytes]) -> bytes:
        """The Merkle tree hash of RFC 9162. Pairing neighbours level by level, a last odd one going up as it is,
        gives the tree that splits at the largest power of two smaller than n."""
        level = [self(b"\x00" + line) for line in lines]
        while len(level) > 1:
            odd = level[-1:] if len(level) % 2 else []
            level = [self(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2])] + odd
        return level[0]


def E(tag: str, *parts: Any) -> bytes:
    """The encoding E(tag, x1 … xn): each part with its length in bytes before it."""
    encoded = []
    for part in ("mcd1/" + tag,) + parts:
        raw = part.encode("utf-8") if isinstance(part, str) else part
        encoded.append(len(raw).to_bytes(4, "big") + raw)
    return b"".join(encoded)


# ---------------------------------------------------------------------------------------------------------------
# 2. Notation: forms. Each is a function that says yes or no to one text.
#
# Only fullmatch and explicit classes like [0-9]: `$` would allow a line feed at the end, and \d, isdigit() and
# int() take the digits of every script. int() is only used on what has passed is_integer or is_weight.
# ---------------------------------------------------------------------------------------------------------------

Form = Callable[[str], Any]

MAX_FILE = 256 * 1024 * 1024
MAX_SHARES = 16
MAX_SLOTS = 8
MAX_INPUT_BYTES = 1024


def pattern(text: str) -> Form:
    return re.compile(text).fullmatch


FORBIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
BLANKS = "\u0020\u00a0\u3000"

is_name = pattern("[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
is_id = pattern("[0-9A-Z][0-9A-Z.-]{0,35}")
is_integer = pattern("0|[1-9][0-9]{0,8}")
is_hash = pattern("[0-9a-f]{64}")
is_salt16 = pattern("[0-9a-f]{32}")
is_input = pattern("(?:[0-9a-f]{2}){0,%d}" % MAX_INPUT_BYTES)
is_draw_number = pattern("[0-9]{4}-(?!000)[0-9]{3}")
TIME = pattern("([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([+-])([0-9]{2}):([0-9]{2})")
DATE = pattern("([0-9]{4})-([0-9]{2})-([0-9]{2})")


def is_value(text: str) -> bool:
    return text != "" and not FORBIDDEN.search(text) and text[0] not in BLANKS and text[-1] not in BLANKS


def is_positive(text: str) -> bool:
    return bool(is_integer(text)) and text != "0"


def is_weight(text: str) -> bool:
    return re.fullmatch("[1-9][0-9]{0,9}", text) is not None and int(text) <= 4294967295


def is_hash_or_none(text: str) -> bool:
    return text == "-" or bool(is_hash(text))


def is_list(text: str) -> bool:
    """Names, joined by commas, none twice."""
    names = text.split(",")
    return all(map(is_name, names)) and len(set(names)) == len(names)


def is_ascending_list(text: str) -> bool:
    names = text.split(",")
    return all(map(is_name, names)) and ascending(names)


def is_team(text: str) -> bool:
    """Inspectors in the order of slots; only the vacant slot, `?`, may repeat."""
    names = [name for name in text.split(",") if name != "?"]
    return all(map(is_name, names)) and len(set(names)) == len(names)


def ascending(texts: Sequence[str]) -> bool:
    """Strictly ascending. All that is ordered is ASCII, where the order of characters is that of bytes."""
    return all(a < b for a, b in zip(texts, texts[1:]))


def day(text: str) -> Optional[int]:
    """The number of a real day of the years 1 to 9999, or None."""
    match = DATE(text)
    try:
        return date(*map(int, match.groups())).toordinal() if match else None
    except ValueError:
        return None


def instant(text: str) -> Optional[int]:
    """Seconds since a fixed moment, or None. Whole numbers, since a datetime can't hold year 1 with an offset."""
    match = TIME(text)
    if not match:
        return None
    days, sign = day(match.group(1)), match.group(5)
    hour, minute, second, offset_hour, offset_minute = (int(match.group(i)) for i in (2, 3, 4, 6, 7))
    if days is None or hour > 23 or minute > 59 or second > 59 or offset_hour > 23 or offset_minute > 59:
        return None
    offset = (offset_hour * 60 + offset_minute) * 60
    return ((days * 24 + hour) * 60 + minute) * 60 + second + (offset if sign == "-" else -offset)


def is_time(text: str) -> bool:
    return instant(text) is not None


def at(record: Dict[str, str], key: str = "at") -> int:
    """The instant of a key that has passed is_time."""
    return instant(record[key])  # type: ignore[return-value]


# ---------------------------------------------------------------------------------------------------------------
# 3. The files of a draw
# ---------------------------------------------------------------------------------------------------------------


def is_window(text: str) -> bool:
    first, dots, last = text.partition("..")
    begin, end = day(first), day(last)
    return bool(dots) and begin is not None and end is not None and begin <= end


def is_exclusions(text: str) -> bool:
    return text == "-" or is_list(text)


def is_slots(text: str) -> bool:
    """One slot is a form, too: that there are two or more is a check of its own, `plan`."""
    return all(map(is_name, text.split(","))) and text.count(",") < MAX_SLOTS


def is_ratio(text: str) -> bool:
    num, slash, den = text.partition("/")
    return bool(slash) and is_positive(num) and is_positive(den) and int(num) <= int(den)


def is_flag(text: str) -> bool:
    return text in ("R", "M") or (text[:2] == "X:" and bool(is_name(text[2:])))


def is_name_or_vacant(text: str) -> bool:
    return text == "?" or bool(is_name(text))


class RecordForm(NamedTuple):
    type: str
    keys: Dict[str, Form]
    families: Dict[str, Form] = {}  # keys like share.1, of which there are some


# The rule of section 4, which stands below; a lambda since it is not defined yet at this line.
_rule: Form = lambda text: is_rule(text)

PLAN = RecordForm(
    "mcd1-plan",
    {"bureau": is_name, "plan": is_name, "draw": is_draw_number, "title": is_value, "items": is_list,
     "window": is_window, "exclusions": is_exclusions, "slots": is_slots},
    {"quota": is_integer, "ratio": is_ratio},
)  # fmt: skip
COMMIT = RecordForm(
    "mcd1-commit",
    {"origin": is_value, "draw": is_draw_number, "alg": pattern("sha256|sm3"), "plan": is_hash, "pool": is_hash,
     "elig": is_hash, "public": _rule, "open-by": is_time, "reveal-by": is_time, "at": is_time},
    {"share": is_hash, "holder": is_value},
)  # fmt: skip
DRAW = RecordForm(
    "mcd1-draw",
    {"draw": is_draw_number, "prev": is_hash, "public": is_value, "result": is_hash, "at": is_time},
)  # fmt: skip
SUB = RecordForm(
    "mcd1-sub",
    {"draw": is_draw_number, "prev": is_hash, "n": is_positive, "sub": is_hash, "at": is_time},
)  # fmt: skip
VOID = RecordForm(
    "mcd1-void",
    {"draw": is_draw_number, "prev": is_hash, "public": is_value, "reason": is_value, "approved-by": is_value,
     "at": is_time},
)  # fmt: skip
REVEAL = RecordForm(
    "mcd1-reveal",
    {"draw": is_draw_number, "prev": is_hash, "elig-salt": is_hash, "subs": is_hash_or_none, "at": is_time},
    {"machine": is_hash, "input": is_input},
)  # fmt: skip

POOL = (("id", is_id), ("stratum", is_name), ("tier", pattern("[0-9]")), ("weight", is_weight), ("flag", is_flag),
        ("name", is_value), ("salt", is_salt16))  # fmt: skip
STAFF = (("inspector", is_name), ("teams", is_list), ("cap", is_positive))
ELIG = (("target", is_id), ("inspectors", is_ascending_list))
RESULT = (("id", is_id), ("ticket", is_hash_or_none), ("status", pattern("[MSNX]")),
          ("inspectors", lambda text: text == "-" or is_team(text)), ("salt", is_hash))  # fmt: skip
SUBS = (("n", is_positive), ("kind", pattern("target|inspector")), ("target", is_id), ("old", is_value),
        ("new", is_value), ("team", lambda text: text == "-" or is_team(text)), ("reason", is_value),
        ("evidence", is_hash_or_none), ("salt", is_hash))  # fmt: skip

Record = Dict[str, str]


class Line(NamedTuple):
    """A line of the pool."""

    id: str
    stratum: str
    tier: int
    weight: int
    flag: str  # R, M, or X with its reason


class Row(NamedTuple):
    """A row of subs.tsv."""

    n: int
    kind: str
    target: str
    old: str
    new: str
    team: str
    sealed: str  # the first eight columns, which sub-n.txt commits to
    salt: bytes


def text_lines(name: str, data: bytes) -> List[str]:
    """The lines of a text file. Only LF ends a line; str.splitlines would split at nine other characters."""
    if len(data) > MAX_FILE:
        raise Refused("%s is larger than 256 MiB" % name)
    if not data.endswith(b"\n"):
        raise Refused("%s does not end with a line feed" % name)
    try:
        lines = data.decode("utf-8")[:-1].split("\n")
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
        allowed = form.keys.get(key) or (form.families.get(family) if dot else None)
        if not equals or allowed is None:
            raise Refused("%s line %d is none of the keys of this record" % (name, number))
        if key in record:
            raise Refused("%s line %d has a key for the second time" % (name, number))
        if not allowed(value):
            raise Refused("%s line %d: the value of %s has a wrong form" % (name, number, ascii(key)))
        record[key] = value
    for key in form.keys:
        if key not in record:
            raise Refused("%s has no %s" % (name, key))
    return record


def read_table(name: str, data: bytes, columns: Sequence[Tuple[str, Form]]) -> List[List[str]]:
    table = []
    for number, line in enumerate(text_lines(name, data), 1):
        row = line.split("\t")
        if len(row) != len(columns):
            raise Refused("%s line %d has %d columns, not %d" % (name, number, len(row), len(columns)))
        for text, (column, form) in zip(row, columns):
            if not form(text):
                raise Refused("%s line %d: the column %s has a wrong form" % (name, number, column))
        table.append(row)
    return table


def family(record: Record, name: str) -> Dict[str, str]:
    """The keys `name.x` of a record, as x -> value."""
    return {key[len(name) + 1 :]: value for key, value in record.items() if key.startswith(name + ".")}


def read_plan(data: bytes) -> Record:
    plan = read_record("plan.txt", data, PLAN)
    quotas, ratios = family(plan, "quota"), family(plan, "ratio")
    for stratum in quotas:
        if not is_name(stratum):
            raise Refused("plan.txt: a quota's stratum is not a name")
    for stratum in ratios:
        if stratum not in quotas:
            raise Refused("plan.txt: a ratio is not beside a quota")
    return plan


def read_pool(data: bytes) -> List[Line]:
    table = read_table("pool.tsv", data, POOL)
    if not ascending([row[0] for row in table]):
        raise Refused("pool.tsv is not ascending by id")
    pool = [Line(id, stratum, int(tier), int(weight), flag) for id, stratum, tier, weight, flag, _, _ in table]
    if all(line.flag[0] == "X" for line in pool):
        raise Refused("pool.tsv has no R or M line")
    return pool


def read_commit(data: bytes) -> Record:
    commit = read_record("1-commit.txt", data, COMMIT)
    shares = family(commit, "share")
    numbers = {str(j) for j in range(1, len(shares) + 1)}
    if not 1 <= len(shares) <= MAX_SHARES or set(shares) != numbers or set(family(commit, "holder")) != numbers:
        raise Refused("1-commit.txt: shares and holders are not 1 to n, n at most %d" % MAX_SHARES)
    return commit


def read_reveal(data: bytes, commit: Record) -> Record:
    reveal = read_record("3-reveal.txt", data, REVEAL)
    numbers = set(family(commit, "share"))
    if set(family(reveal, "machine")) != numbers or set(family(reveal, "input")) != numbers:
        raise Refused("3-reveal.txt: machines and inputs are not those of the shares")
    return reveal


def read_staff(data: bytes, slots: List[str]) -> Dict[str, Tuple[List[str], int]]:
    """inspector -> (teams, cap)"""
    table = read_table("staff.tsv", data, STAFF)
    if not ascending([row[0] for row in table]):
        raise Refused("staff.tsv is not ascending by inspector")
    staff = {inspector: (teams.split(","), int(cap)) for inspector, teams, cap in table}
    for inspector, (teams, _) in staff.items():
        if not set(teams) <= set(slots):
            raise Refused("staff.tsv: a team of %s is the team of no slot" % inspector)
    return staff


def read_elig(data: bytes, pool: List[Line], staff: Mapping[str, Any]) -> Dict[str, List[str]]:
    """target -> inspectors"""
    table = read_table("elig.tsv", data, ELIG)
    if [row[0] for row in table] != [line.id for line in pool if line.flag in ("R", "M")]:
        raise Refused("elig.tsv: its lines are not the R and M lines of the pool in their order")
    elig = {target: inspectors.split(",") for target, inspectors in table}
    for target, inspectors in elig.items():
        if not all(inspector in staff for inspector in inspectors):
            raise Refused("elig.tsv: an inspector of %s is not in staff.tsv" % target)
    return elig


def read_result(data: bytes) -> None:
    """Only the form; what it says is recomputed by the check `draw`."""
    for number, (_, ticket, status, inspectors, _) in enumerate(read_table("result.tsv", data, RESULT), 1):
        if (ticket == "-") != (status == "X") or (inspectors == "-") != (status in "NX"):
            raise Refused("result.tsv line %d: ticket, inspectors and status do not go together" % number)


def read_subs(data: bytes) -> List[Row]:
    rows = []
    for number, columns in enumerate(read_table("subs.tsv", data, SUBS), 1):
        n, kind, target, old, new, team, _, _, salt = columns
        if n != str(number):
            raise Refused("subs.tsv line %d: n does not count up from 1" % number)
        if kind == "target":
            right = is_id(old) and (new == "-" or is_id(new)) and (team == "-") == (new == "-")
        else:
            right = is_name_or_vacant(old) and is_name_or_vacant(new) and team != "-"
        if not right:
            raise Refused("subs.tsv line %d: old, new and team do not go together" % number)
        rows.append(Row(number, kind, target, old, new, team, "\t".join(columns[:8]), bytes.fromhex(salt)))
    return rows


class Case:
    """All that is known of one folder. `check_form` fills it, the later checks read it and add to it."""

    files: Mapping[str, bytes]
    kind: str  # revealed, void before, void after, open
    hash: Hash
    plan: Record
    slots: List[str]
    pool: List[Line]
    commit: Record
    draw: Optional[Record]
    subs: List[Record]
    void: Optional[Record]
    reveal: Optional[Record]
    chain: List[Tuple[str, Record]]  # the records that are there, in their order, with their file names
    public: Optional[str]  # the public value P, if it is known
    staff: Dict[str, Tuple[List[str], int]]
    elig: Dict[str, List[str]]
    rows: List[Row]
    shares: List[bytes]
    outcome: Outcome
    vacant: Optional[int]

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.work = Work()
        self.public = None
        self.vacant = None

    def need(self, name: str) -> bytes:
        if name not in self.files:
            raise Refused("%s is missing" % name)
        return self.files[name]

    def optional(self, name: str, form: RecordForm) -> Optional[Record]:
        return read_record(name, self.files[name], form) if name in self.files else None

    def unsealed(self) -> bool:
        return self.kind in ("revealed", "void after")


def sub_names(files: Iterable[str]) -> List[str]:
    """sub-1.txt, sub-2.txt … up to the first gap; other names like it are ignored."""
    names: List[str] = []
    while "sub-%d.txt" % (len(names) + 1) in files:
        names.append("sub-%d.txt" % (len(names) + 1))
    return names


def kind_of(files: Mapping[str, bytes], void: Optional[Record]) -> str:
    """The kind of folder, which decides what must be there and which checks run."""
    drawn = "2-draw.txt" in files
    after_draw = [name for name in ("result.tsv", "subs.tsv", "sub-1.txt") if name in files]
    if after_draw and not drawn:
        raise Refused("%s without 2-draw.txt" % after_draw[0])
    if void is not None and void["public"] == "-":
        if drawn or "3-reveal.txt" in files:
            raise Refused("void.txt says that the public value is not known, beside a draw or a reveal")
        return "void before"
    if "3-reveal.txt" not in files:
        return "open"
    if void is not None:
        return "void after"
    if not drawn:
        raise Refused("3-reveal.txt with neither 2-draw.txt nor void.txt")
    return "revealed"


# ---------------------------------------------------------------------------------------------------------------
# 4. The public value
# ---------------------------------------------------------------------------------------------------------------

is_kl8_rule = pattern("kl8:[0-9]{7}")
is_drand_rule = pattern("drand:[0-9a-f]{64}:[1-9][0-9]{0,14}")
is_dice_rule = pattern("dice:[2-9][0-9]")  # 20 to 99
is_kl8_numbers = pattern(r"[0-9]{2}(?:\.[0-9]{2}){19}")


def is_rule(text: str) -> bool:
    return bool(text == "none" or is_kl8_rule(text) or is_drand_rule(text) or is_dice_rule(text))


def is_public_value(rule: str, value: str) -> bool:
    """Whether a value has the form that the rule of the commitment asks for."""
    if rule == "none":
        return value == "none"
    if is_dice_rule(rule):
        return value[:5] == "dice:" and re.fullmatch("[0-9]{%s}" % rule[5:], value[5:]) is not None
    if value[: len(rule) + 1] != rule + ":":
        return False
    rest = value[len(rule) + 1 :]
    if is_drand_rule(rule):
        return bool(is_hash(rest))
    numbers = rest.split(".")
    return bool(is_kl8_numbers(rest)) and ascending(numbers) and numbers[0] >= "01" and numbers[-1] <= "80"


def label(rule: str) -> str:
    return {"kl8": "A", "drand": "A", "dice": "B", "none": "C"}[rule.partition(":")[0]]


# ---------------------------------------------------------------------------------------------------------------
# 5. The draw
# ---------------------------------------------------------------------------------------------------------------


def draw_key(H: Hash, shares: Sequence[bytes], e: bytes, public: str) -> bytes:
    """K, of all shares, the commitment and the public value."""
    return H.mac(H(E("seed", *shares)))(E("draw", e, public))


def tickets(mac: Mac, pool: Sequence[Line]) -> Dict[str, int]:
    """T(id) as integers, for every line that takes part."""
    return {line.id: int.from_bytes(mac(E("ticket", line.id)), "big") for line in pool if line.flag in ("R", "M")}


def in_order(lines: Iterable[Line], ticket: Mapping[str, int]) -> List[Line]:
    """By T/weight, compared as whole numbers crosswise, since a quotient would have to be rounded; then by id."""

    def compare(a: Line, b: Line) -> int:
        left, right = ticket[a.id] * b.weight, ticket[b.id] * a.weight
        if left == right:
            return -1 if a.id < b.id else 1
        return -1 if left < right else 1

    return sorted(lines, key=functools.cmp_to_key(compare))


def select_in_tier(lines: Sequence[Line], k: int, ticket: Mapping[str, int]) -> Set[str]:
    """k of the lines of one tier, which has more than k. A line so heavy that its share k·weight/W of the places
    is one or more is taken without chance."""
    heaviest_first = sorted(lines, key=lambda line: -line.weight)
    total = sum(line.weight for line in lines)
    sure = 0
    while k > 0 and k * heaviest_first[sure].weight >= total:
        k -= 1
        total -= heaviest_first[sure].weight
        sure += 1
    by_chance = in_order(heaviest_first[sure:], ticket)[:k]
    return {line.id for line in heaviest_first[:sure] + by_chance}


def select(pool: Sequence[Line], quotas: Mapping[str, int], ticket: Mapping[str, int]) -> Tuple[
    Set[str], Dict[str, List[str]]
]:  # fmt: skip
    """The ids that are taken, and the reserve of each stratum in the order in which it is used."""
    taken = {line.id for line in pool if line.flag == "M"}
    tiers: Dict[str, Dict[int, List[Line]]] = {}
    for line in pool:
        if line.flag == "R":
            tiers.setdefault(line.stratum, {}).setdefault(line.tier, []).append(line)
    reserve: Dict[str, List[str]] = {}
    for stratum, by_tier in tiers.items():
        k = quotas[stratum]
        reserve[stratum] = []
        for _, lines in sorted(by_tier.items()):
            # Once k is 0 nothing more is taken, so to go on through the later tiers is to stop.
            if len(lines) <= k:
                now = {line.id for line in lines}
            else:
                now = select_in_tier(lines, k, ticket)
            k -= len(now)
            taken |= now
            reserve[stratum] += [line.id for line in in_order((x for x in lines if x.id not in now), ticket)]
    return taken, reserve


class Orders:
    """The order of the inspectors of a target by HMAC(K, E("assign", target, inspector)), then by name."""

    def __init__(self, mac: Mac, elig: Mapping[str, List[str]]) -> None:
        self.mac, self.elig = mac, elig
        self.known: Dict[str, List[str]] = {}

    def of(self, target: str) -> List[str]:
        if target not in self.known:
            self.known[target] = sorted(
                self.elig[target], key=lambda inspector: (self.mac(E("assign", target, inspector)), inspector)
            )
        return self.known[target]


def bits(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Matching:
    """A maximum matching of the undecided slots to inspectors, kept maximum while slots are decided.

    Slot q is slot q // targets of target q % targets, so the slots are decided in the order q = 0, 1, 2 …
    Inspectors are numbers, sets of inspectors are integers used as bit sets. `server[q]` serves the undecided slot
    q in the matching, or is -1; an inspector serves at most `left` slots (cap less decided), and at most one slot
    of a target. Such a matching is a flow of the network of the specification, and the number of slots it fills
    is F when no augmenting path is left.

    One search for an augmenting path visits each undecided slot at most once and each inspector at most once:
    O(slots + inspectors) operations on bit sets. There is one search for each slot at the start, and at most one
    for each slot and candidate later, mostly none: O(slots² · candidates) bit set operations at worst.
    """

    def __init__(self, targets: int, eligible: List[int], team: List[int], caps: List[int], work: Work) -> None:
        self.targets, self.eligible, self.team, self.work = targets, eligible, team, work
        self.left = list(caps)
        self.on = [0] * targets  # the inspectors who have a decided slot of the target
        self.server = [-1] * (targets * len(team))
        self.serves: List[Set[int]] = [set() for _ in caps]
        self.free = sum(1 << i for i, cap in enumerate(caps) if cap > 0)  # inspectors who could serve one more
        self.unfilled: Set[int] = set()
        for q in range(len(self.server)):
            self.unfilled.add(q)
            self.augment([q])

    def allowed(self, q: int) -> int:
        """Who could serve slot q as far as eligibility, team and the decided slots of its target go."""
        target = q % self.targets
        return self.eligible[target] & self.team[q // self.targets] & ~self.on[target]

    def siblings(self, q: int) -> Iterable[int]:
        """All slots of the target of q. Those that are decided have no server, and so are passed over."""
        return range(q % self.targets, len(self.server), self.targets)

    def refresh(self, i: int) -> None:
        if len(self.serves[i]) < self.left[i]:
            self.free |= 1 << i
        else:
            self.free &= ~(1 << i)

    def put(self, q: int, i: int) -> None:
        self.server[q] = i
        self.serves[i].add(q)
        self.unfilled.discard(q)
        self.refresh(i)

    def take(self, q: int) -> int:
        i = self.server[q]
        self.server[q] = -1
        self.serves[i].remove(q)
        self.unfilled.add(q)
        self.refresh(i)
        return i

    def augment(self, starts: List[int]) -> bool:
        """Fill one more slot along an augmenting path from one of the unfilled slots `starts`, if there is one.

        The search goes from a slot that wants an inspector to the slots that could give theirs up. A slot can be
        served by an inspector who serves a sibling only by taking that sibling's place; by any other, if he is
        free, or by taking the place of any slot that he serves.
        """
        wanted_by: Dict[int, int] = {q: -1 for q in starts}  # slot -> the slot that would take its inspector
        queue = list(starts)
        seen = 0
        for q in queue:  # grows while it is walked
            allowed, busy_here = self.allowed(q), 0
            for sibling in self.siblings(q):
                i = self.server[sibling]
                if i >= 0:
                    busy_here |= 1 << i
                    if allowed >> i & 1 and sibling not in wanted_by:
                        wanted_by[sibling] = q
                        queue.append(sibling)
            others = allowed & ~busy_here & ~seen
            if others & self.free:
                self.shift(q, next(iter(bits(others & self.free))), wanted_by)
                self.work.spend(len(queue))
                return True
            seen |= others
            for i in bits(others):
                for other in self.serves[i]:
                    if other not in wanted_by:
                        wanted_by[other] = q
                        queue.append(other)
        self.work.spend(len(queue))
        return False

    def shift(self, q: int, i: int, wanted_by: Mapping[int, int]) -> None:
        """Slot q gets inspector i, the slot that wanted q's inspector gets him, and so on back to a start."""
        while True:
            given_up = self.take(q) if self.server[q] >= 0 else -1
            self.put(q, i)
            if wanted_by[q] < 0:
                return
            q, i = wanted_by[q], given_up

    def give(self, q: int, c: int) -> bool:
        """Decide slot q for candidate c, if the slots after q can then still be filled but for one less than F.

        Taking c for q undoes at most two slots of the matching: q itself, and one slot that c served. If it undid
        one only, the rest is one less than F already; that is the most that is possible. If it undid two, the
        rest is two less, and one augmenting path is what is asked for, from any unfilled slot: the inspector whom
        q gave up may be of use to a slot that nobody could fill before.
        """
        target = q % self.targets
        before = self.take(q) if self.server[q] >= 0 else -1
        self.unfilled.discard(q)
        undone = -1
        if c != before:
            undone = next((x for x in self.siblings(q) if self.server[x] == c), -1)
            if undone < 0 and not self.free >> c & 1:
                undone = next(iter(self.serves[c]))
            if undone >= 0:
                self.take(undone)
        self.left[c] -= 1
        self.on[target] |= 1 << c
        self.refresh(c)
        if before < 0 or undone < 0:
            return True
        if self.augment([undone] + [x for x in self.unfilled if x != undone]):
            return True
        self.left[c] += 1
        self.on[target] &= ~(1 << c)
        self.put(undone, c)
        self.put(q, before)
        return False


def assign(
    order: Sequence[str],
    slots: Sequence[str],
    staff: Mapping[str, Tuple[List[str], int]],
    orders: Orders,
    work: Work,
    pairs_limit: int = MEANS_PAIRS,
) -> Dict[str, List[str]]:
    """The team of each target, `?` for a vacant slot. `order` is the targets by (T, id)."""
    names = list(staff)
    number = {name: i for i, name in enumerate(names)}
    if len(names) > MEANS_INSPECTORS:
        raise Beyond("more than %d inspectors" % MEANS_INSPECTORS)
    team_of_slot = [sum(1 << i for i, name in enumerate(names) if slot in staff[name][0]) for slot in slots]
    if sum(len(orders.elig[target]) for target in order) * len(slots) > pairs_limit:
        raise Beyond("more than %d triples of target, slot and candidate to assign" % pairs_limit)
    eligible = [sum(1 << number[name] for name in orders.elig[target]) for target in order]
    matching = Matching(len(order), eligible, team_of_slot, [staff[name][1] for name in names], work)
    decided = [0] * len(names)
    teams: Dict[str, List[str]] = {target: [] for target in order}
    for q in range(len(slots) * len(order)):
        target = order[q % len(order)]
        allowed = matching.allowed(q)
        by_hash = [number[name] for name in orders.of(target) if allowed >> number[name] & 1]
        candidates = sorted((i for i in by_hash if matching.left[i] > 0), key=lambda i: decided[i])  # a stable sort
        chosen = next((c for c in candidates if matching.give(q, c)), None)
        if chosen is None:
            matching.unfilled.discard(q)
            teams[target].append("?")
        else:
            decided[chosen] += 1
            teams[target].append(names[chosen])
    return teams


class Outcome(NamedTuple):
    """What the key makes of the pool."""

    lines: List[str]  # of result.tsv
    teams: Dict[str, List[str]]
    reserve: Dict[str, List[str]]
    orders: Orders


def compute(case: Case) -> Outcome:
    """The whole draw, from the shares and the public value."""
    assert case.public is not None
    H = case.hash
    mac = H.mac(draw_key(H, case.shares, H(case.files["1-commit.txt"]), case.public))
    ticket = tickets(mac, case.pool)
    quotas = {stratum: int(quota) for stratum, quota in family(case.plan, "quota").items()}
    taken, reserve = select(case.pool, quotas, ticket)
    order = sorted(taken, key=lambda id: (ticket[id], id))
    orders = Orders(mac, case.elig)
    pairs_limit = MEANS_PAIRS // (SLOW_SM3 if H.make is SM3 else 1)
    teams = assign(order, case.slots, case.staff, orders, case.work, pairs_limit)
    lines = []
    for line in case.pool:
        hexed = "%064x" % ticket[line.id] if line.id in ticket else "-"
        status = line.flag[0] if line.flag != "R" else "S" if line.id in taken else "N"
        team = ",".join(teams[line.id]) if line.id in teams else "-"
        lines.append("\t".join((line.id, hexed, status, team, mac(E("salt", line.id)).hex())))
    return Outcome(lines, teams, reserve, orders)


class Present:
    """The teams as they are after some rows of subs.tsv."""

    def __init__(self, case: Case) -> None:
        self.slots, self.staff, self.orders, self.work = case.slots, case.staff, case.outcome.orders, case.work
        self.line = {line.id: line for line in case.pool}
        self.reserve = {stratum: iter(ids) for stratum, ids in case.outcome.reserve.items()}
        self.teams = {target: list(team) for target, team in case.outcome.teams.items()}
        self.replaced: Dict[str, Set[str]] = {target: set() for target in self.teams}

    def next_inspector(self, target: str, team: List[str], slot: int) -> str:
        """Who takes a slot of a target where `team` is; caps are not considered."""
        for steps, inspector in enumerate(self.orders.of(target), 1):
            if (
                self.slots[slot] in self.staff[inspector][0]
                and inspector not in team
                and inspector not in self.replaced[target]
            ):
                self.work.spend(steps)
                return inspector
        self.work.spend(len(self.orders.of(target)))
        return "?"

    def replace_target(self, row: Row) -> None:
        if row.old != row.target:
            raise Refused("row %d: old is not the target" % row.n)
        given_up = self.line[row.target]
        # None of a stratum's reserve is a mandatory line, so a successor can be succeeded in its turn.
        successor = next(self.reserve[given_up.stratum], "-") if given_up.flag == "R" else "-"
        if row.new != successor:
            raise Refused("row %d: the successor is %s" % (row.n, successor))
        old_team = self.teams.pop(row.target)
        if successor == "-":
            return
        self.replaced[successor] = set()
        eligible = set(self.orders.elig[successor])
        team = [inspector if inspector in eligible else "?" for inspector in old_team]
        for slot in range(len(team)):
            if team[slot] == "?":
                team[slot] = self.next_inspector(successor, team, slot)
        self.teams[successor] = team
        if row.team != ",".join(team):
            raise Refused("row %d: the team of %s is %s" % (row.n, successor, ",".join(team)))

    def replace_inspector(self, row: Row) -> None:
        team = self.teams[row.target]
        if row.old not in team:
            raise Refused("row %d: old is not on the target" % row.n)
        slot = team.index(row.old)  # for `?`, the first vacant slot
        new = self.next_inspector(row.target, team, slot)
        if row.new != new:
            raise Refused("row %d: the next inspector is %s" % (row.n, new))
        if row.old != "?":
            self.replaced[row.target].add(row.old)
        team[slot] = new
        if row.team != ",".join(team):
            raise Refused("row %d: the team is now %s" % (row.n, ",".join(team)))

    def apply(self, row: Row) -> None:
        if row.target not in self.teams:
            raise Refused("row %d: %s is no present task" % (row.n, row.target))
        if row.kind == "target":
            self.replace_target(row)
        else:
            self.replace_inspector(row)

    def vacant(self) -> int:
        return sum(team.count("?") for team in self.teams.values())


# ---------------------------------------------------------------------------------------------------------------
# 6. What a verifier checks
# ---------------------------------------------------------------------------------------------------------------


def check_form(case: Case) -> None:
    files = case.files
    case.void = case.optional("void.txt", VOID)
    case.kind = kind_of(files, case.void)
    looked_at = [name for name in wanted(files) if case.unsealed() or name not in UNSEALED]
    sizes = [len(files[name]) for name in looked_at]
    if sum(sizes) > MEANS_BYTES and max(sizes) <= MAX_FILE:
        raise Beyond("more than %d bytes in all" % MEANS_BYTES)

    case.plan = read_plan(case.need("plan.txt"))
    case.slots = case.plan["slots"].split(",")
    case.commit = read_commit(case.need("1-commit.txt"))
    case.hash = Hash(case.commit["alg"])
    if case.hash.make is SM3 and sum(sizes) > MEANS_BYTES // SLOW_SM3:
        raise Beyond("more than %d bytes in all, for SM3 in plain Python" % (MEANS_BYTES // SLOW_SM3))
    case.pool = read_pool(case.need("pool.tsv"))
    case.draw = case.optional("2-draw.txt", DRAW)
    case.subs = [read_record(name, files[name], SUB) for name in sub_names(files)]
    case.reveal = read_reveal(files["3-reveal.txt"], case.commit) if "3-reveal.txt" in files else None
    if case.unsealed():
        check_form_of_unsealed(case)

    case.chain = [("1-commit.txt", case.commit)]
    case.chain += [("2-draw.txt", case.draw)] if case.draw else []
    case.chain += zip(sub_names(files), case.subs)
    case.chain += [("void.txt", case.void)] if case.void else []
    case.chain += [("3-reveal.txt", case.reveal)] if case.reveal else []
    if case.kind != "void before" and (case.draw or case.void):
        case.public = (case.draw or case.void or {})["public"]


def check_form_of_unsealed(case: Case) -> None:
    """The files that are only looked at when the draw is unsealed."""
    case.staff = read_staff(case.need("staff.tsv"), case.slots)
    case.elig = read_elig(case.need("elig.tsv"), case.pool, case.staff)
    if case.draw:
        read_result(case.need("result.tsv"))
    assert case.reveal is not None
    if (case.reveal["subs"] == "-") == ("subs.tsv" in case.files):
        raise Refused("subs.tsv must be there exactly when 3-reveal.txt has its hash")
    case.rows = read_subs(case.files["subs.tsv"]) if "subs.tsv" in case.files else []


def check_chain(case: Case) -> None:
    for name, record in case.chain:
        if record["draw"] != case.plan["draw"]:
            raise Refused("the draw number of %s is not the plan's" % name)
    for (before, earlier), (name, record) in zip(case.chain, case.chain[1:]):
        if record["prev"] != case.hash(case.files[before]).hex():
            raise Refused("prev of %s is not the hash of %s" % (name, before))
        if at(record) < at(earlier):
            raise Refused("%s is earlier than %s" % (name, before))
    for number, sub in enumerate(case.subs, 1):
        if sub["n"] != str(number):
            raise Refused("n of sub-%d.txt is not %d" % (number, number))
    commit = case.commit
    if not at(commit) < at(commit, "open-by") < at(commit, "reveal-by"):
        raise Refused("at, open-by and reveal-by of 1-commit.txt are not in this order")
    if case.draw and not at(commit) < at(case.draw) <= at(commit, "open-by"):
        raise Refused("the draw is not after the commitment and by open-by")


def check_commitment(case: Case) -> None:
    if case.hash(case.files["plan.txt"]).hex() != case.commit["plan"]:
        raise Refused("plan.txt is not the committed one")
    if case.hash.root(case.files["pool.tsv"][:-1].split(b"\n")).hex() != case.commit["pool"]:
        raise Refused("pool.tsv is not the committed one")


def check_plan(case: Case) -> None:
    if len(case.slots) < 2:
        raise Refused("there are fewer than two slots")
    numbers: Dict[str, int] = {}
    for line in case.pool:
        if line.flag == "R":
            numbers[line.stratum] = numbers.get(line.stratum, 0) + 1
    quotas, ratios = family(case.plan, "quota"), family(case.plan, "ratio")
    if set(quotas) != set(numbers):
        raise Refused("the quotas are not those of the strata that have R lines")
    for stratum, n in numbers.items():
        quota = int(quotas[stratum])
        if quota > n:
            raise Refused("the quota of %s is %d, of %d lines" % (stratum, quota, n))
        if stratum in ratios:
            num, den = map(int, ratios[stratum].split("/"))
            if quota != -(-n * num // den):  # the ceiling of n·num/den
                raise Refused("the quota of %s is %d, but its ratio gives %d" % (stratum, quota, -(-n * num // den)))
    reasons = set(case.plan["exclusions"].split(","))  # `-` is no name, so no line can have it as its reason
    for line in case.pool:
        if line.flag[0] == "X" and line.flag[2:] not in reasons:
            raise Refused("%s is excluded for a reason that is not the plan's" % line.id)


def can_fill_all_slots(inspectors: Sequence[str], slots: Sequence[str], teams: Mapping[str, Set[str]]) -> bool:
    """Whether all slots can be filled at once, each inspector used once: by Hall's theorem, any number of slots
    together need as many inspectors who could serve one of them. Slots of one team count together."""
    for chosen in range(1, 1 << len(slots)):
        wanted_teams = {slot for r, slot in enumerate(slots) if chosen >> r & 1}
        need = bin(chosen).count("1")
        for inspector in inspectors:
            if need and not wanted_teams.isdisjoint(teams[inspector]):
                need -= 1
        if need:
            return False
    return True


def check_eligibility(case: Case) -> None:
    teams = {inspector: set(of) for inspector, (of, _) in case.staff.items()}
    known: Dict[Tuple[str, ...], bool] = {}
    for target, inspectors in case.elig.items():
        # Only how many inspectors there are of each combination of teams matters, and of each no more than slots.
        counts: Dict[Tuple[str, ...], List[str]] = {}
        for inspector in inspectors:
            alike = counts.setdefault(tuple(sorted(teams[inspector])), [])
            if len(alike) < len(case.slots):
                alike.append(inspector)
        profile = tuple(sorted("%s*%d" % (",".join(of), len(alike)) for of, alike in counts.items()))
        if profile not in known:
            few = [inspector for alike in counts.values() for inspector in alike]
            known[profile] = can_fill_all_slots(few, case.slots, teams)
        if not known[profile]:
            raise Refused("the line of %s in elig.tsv can't fill all slots of a task" % target)
    assert case.reveal is not None
    H, salt = case.hash, bytes.fromhex(case.reveal["elig-salt"])
    if H(E("elig", salt, H(case.files["staff.tsv"]), H(case.files["elig.tsv"]))).hex() != case.commit["elig"]:
        raise Refused("staff.tsv and elig.tsv are not the committed ones")


def check_shares(case: Case) -> None:
    assert case.reveal is not None
    committed = family(case.commit, "share")
    if len(committed) < 2:
        raise Refused("there are fewer than two shares")
    case.shares = []
    for j in range(1, len(committed) + 1):
        machine, typed = (bytes.fromhex(case.reveal["%s.%d" % (key, j)]) for key in ("machine", "input"))
        share = case.hash(E("mix", machine, typed))
        if case.hash(E("share", case.commit["draw"], str(j), share)).hex() != committed[str(j)]:
            raise Refused("share %d is not the committed one" % j)
        if share in case.shares:
            raise Refused("share %d is the same as one before it" % j)
        case.shares.append(share)


def check_public(case: Case) -> None:
    rule = case.commit["public"]
    for name, record in case.chain:
        if name in ("2-draw.txt", "void.txt") and not is_public_value(rule, record["public"]):
            raise Refused("the public value of %s has not the form of the rule" % name)
    if case.draw and case.void and case.void["public"] != case.draw["public"]:
        raise Refused("the public value of void.txt is not that of 2-draw.txt")


def check_draw(case: Case) -> None:
    case.outcome = compute(case)
    case.vacant = sum(team.count("?") for team in case.outcome.teams.values())
    if not case.draw:  # given up between public value and draw: the list is shown, there is none to compare it with
        return
    expected = [line.encode("ascii") for line in case.outcome.lines]
    given = case.files["result.tsv"][:-1].split(b"\n")
    if len(given) != len(expected):
        raise Refused("result.tsv has %d lines, the pool %d" % (len(given), len(expected)))
    for number, (line, right) in enumerate(zip(given, expected), 1):
        if line != right:
            column = next(i for i, (a, b) in enumerate(zip(line.split(b"\t"), right.split(b"\t"))) if a != b)
            raise Refused("result.tsv line %d is not what was drawn: %s" % (number, RESULT[column][0]))
    if case.hash.root(given).hex() != case.draw["result"]:
        raise Refused("the root of result.tsv is not the one in 2-draw.txt")


def check_substitutions(case: Case) -> None:
    assert case.reveal is not None
    if len(case.rows) != len(case.subs):
        raise Refused("subs.tsv has %d rows for %d records" % (len(case.rows), len(case.subs)))
    if not case.rows:
        return
    if case.hash(case.files["subs.tsv"]).hex() != case.reveal["subs"]:
        raise Refused("subs.tsv is not the one of 3-reveal.txt")
    present = Present(case)
    for row, record in zip(case.rows, case.subs):
        if case.hash(E("sub", row.salt, row.sealed)).hex() != record["sub"]:
            raise Refused("row %d does not open sub-%d.txt" % (row.n, row.n))
        present.apply(row)
    case.vacant = present.vacant()


Check = Tuple[str, Callable[[Case], None]]
FIRST: List[Check] = [("chain", check_chain), ("commitment", check_commitment), ("plan", check_plan)]
UNSEALING: List[Check] = [("eligibility", check_eligibility), ("shares", check_shares), ("public", check_public),
                          ("draw", check_draw), ("substitutions", check_substitutions)]  # fmt: skip


def checks_after_form(case: Case) -> List[Check]:
    if case.unsealed():
        return FIRST + UNSEALING
    if case.kind == "open" and case.public is not None:
        return FIRST + [("public", check_public)]
    return FIRST


def facts_of(case: Case) -> Dict[str, Any]:
    """What no program can check for a person."""
    facts: Dict[str, Any] = {"kind": case.kind, "draw": case.commit["draw"]}
    facts["commitment"] = case.hash(case.files["1-commit.txt"]).hex()
    facts["rule"], facts["public"], facts["label"] = case.commit["public"], case.public, label(case.commit["public"])
    published = case.draw or (case.void if case.public is not None else None)
    facts["claimed only"] = bool(
        facts["label"] == "A" and published and at(published) - at(case.commit) < 3600
    )  # fmt: skip
    facts["reveal-by"] = case.commit["reveal-by"]
    facts["late"] = at(case.reveal) > at(case.commit, "reveal-by") if case.reveal else None
    facts["vacant"] = case.vacant
    facts["recomputed"] = case.outcome.lines if case.kind == "void after" and not case.draw else None
    if case.void:
        facts["void"] = (case.void["reason"], case.void["approved-by"])
    return facts


LABELS = {
    "A": "A 甲 (public value named beforehand and made by somebody else)",
    "B": "B 乙 (dice thrown on the spot: holds unless all who throw and all share holders collude)",
    "C": "C 丙 (NO public value: holds only if one share holder is honest)",
}


def fact_lines(facts: Dict[str, Any]) -> List[str]:
    lines = ["kind: " + facts["kind"], "draw number: " + facts["draw"]]
    lines.append("commitment, compare with the slip: " + facts["commitment"])
    lines.append("rule of the public value: " + facts["rule"])
    lines.append("public value, compare with its source: " + (facts["public"] or "not known"))
    claimed = ", CLAIMED ONLY: the draw came less than an hour after the commitment" if facts["claimed only"] else ""
    lines.append("assurance: " + LABELS[facts["label"]] + claimed)
    if facts["label"] == "A":
        lines.append("only the log shows whether the commitment was published an hour before the public value")
    if facts["late"] is not None:
        late = "LATE, after " if facts["late"] else "in time, by "
        lines.append("reveal: " + late + facts["reveal-by"])
    if "void" in facts:
        lines.append("given up: %s (approved by %s)" % facts["void"])
    if facts["vacant"] is not None:
        lines.append("slots vacant after the last substitution: %d" % facts["vacant"])
    if facts["recomputed"] is not None:
        lines.append("the list that was thrown away, recomputed (id, ticket, status, inspectors, salt):")
        lines += ["  " + line for line in facts["recomputed"]]
    return lines


class Report:
    def __init__(self) -> None:
        self.lines: List[str] = []  # for stdout
        self.exit_code = 0
        self.failed: Optional[str] = None  # the name of the check that failed
        self.facts: Dict[str, Any] = {}
        self.beyond: Optional[str] = None  # for stderr, with exit code 2


def verify(files: Mapping[str, bytes]) -> Report:
    """All checks of one folder, given as a mapping from file name to content. Never raises, whatever the bytes."""
    report, case, name = Report(), Case(files), "form"
    try:
        check_form(case)
        report.lines.append("PASS form")
        for name, check in checks_after_form(case):
            check(case)
            report.lines.append("PASS " + name)
    except Refused as refused:
        report.lines.append("FAIL %s: %s" % (name, refused))
        report.exit_code, report.failed = 1, name
        return report
    except Beyond as beyond:
        report.exit_code, report.beyond = 2, "beyond the means of this program: %s" % beyond
        return report
    report.facts = facts_of(case)
    report.lines += fact_lines(report.facts)
    report.exit_code = 3 if case.kind == "open" else 0
    return report


# ---------------------------------------------------------------------------------------------------------------
# Reading a folder
# ---------------------------------------------------------------------------------------------------------------

SEALED = ("plan.txt", "pool.tsv", "1-commit.txt", "2-draw.txt", "void.txt", "3-reveal.txt")
UNSEALED = ("staff.tsv", "elig.tsv", "result.tsv", "subs.tsv")


def wanted(names: Iterable[str]) -> List[str]:
    """The files of a folder that the specification names; all others are ignored."""
    there = set(names)
    return [name for name in SEALED + UNSEALED if name in there] + sub_names(there)


def read_folder(path: str) -> Dict[str, bytes]:
    """The files that are wanted. Raises OSError, or Beyond."""
    names = wanted(os.listdir(path))
    sizes = []
    for name in names:
        status = os.stat(os.path.join(path, name))
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for without end
            raise OSError("%s is not a regular file" % name)
        sizes.append(status.st_size)
    if sum(sizes) > MEANS_BYTES and max(sizes) <= MAX_FILE:
        raise Beyond("more than %d bytes in all" % MEANS_BYTES)
    files = {}
    for name in names:
        with open(os.path.join(path, name), "rb") as file:
            files[name] = file.read(MAX_FILE + 1)  # one byte too many is enough to refuse it
    return files


def verify_folder(path: str) -> Report:
    try:
        return verify(read_folder(path))
    except Beyond as beyond:
        sentence = "beyond the means of this program: %s" % beyond
    except OSError as error:
        sentence = "can't read the folder: %s" % ascii(str(error))
    except Exception as error:  # a fault of this program, or no memory: that must not look like a FAIL
        sentence = "this program could not finish: %s %s" % (type(error).__name__, ascii(str(error)))
    report = Report()
    report.exit_code, report.beyond = 2, sentence
    return report


def main(argv: Sequence[str]) -> int:
    if len(argv) != 2:
        print("usage: python3 verify.py FOLDER", file=sys.stderr)
        return 2
    report = verify_folder(argv[1])
    if hasattr(sys.stdout, "reconfigure"):  # whatever the console's encoding: the lines hold Chinese
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    for line in report.lines:
        print(line)
    if report.beyond:
        print("verify.py: " + report.beyond, file=sys.stderr)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv))
