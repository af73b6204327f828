#!/usr/bin/env python3
"""Tests of verify.py: python3 test_verify.py"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import os
import random
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction
from typing import Dict, List, Optional, Set, Tuple
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(HERE, "vectors")
sys.path.insert(0, HERE)

import verify as v  # noqa: E402

FILES = v.SEALED + v.UNSEALED


def vector(name: str) -> Dict[str, bytes]:
    return v.read_folder(os.path.join(VECTORS, *name.split("/")))


def index() -> List[Tuple[str, str]]:
    with open(os.path.join(VECTORS, "index.tsv"), encoding="ascii") as file:
        return [tuple(line.split("\t")) for line in file.read().splitlines()]  # type: ignore[misc]


def changed(files: Dict[str, bytes], name: str, old: bytes, new: bytes) -> Dict[str, bytes]:
    assert files[name].count(old) == 1, (name, old)
    return dict(files, **{name: files[name].replace(old, new)})


def without(files: Dict[str, bytes], *names: str) -> Dict[str, bytes]:
    return {name: data for name, data in files.items() if name not in names}


class Vectors(unittest.TestCase):
    def test_every_folder(self) -> None:
        self.assertGreater(len(index()), 0)
        for folder, check in index():
            with self.subTest(folder):
                report = v.verify_folder(os.path.join(VECTORS, *folder.split("/")))
                if check in ("-", "open"):
                    self.assertEqual((report.failed, report.exit_code), (None, 3 if check == "open" else 0), report.lines)
                    self.assertTrue(all(line.startswith("PASS ") for line in report.lines[: report.lines.index(
                        "kind: " + report.facts["kind"])]))  # fmt: skip
                else:
                    self.assertEqual((report.failed, report.exit_code), (check, 1), report.lines)
                    self.assertTrue(report.lines[-1].startswith("FAIL %s: " % check))
                    self.assertTrue(all(line.startswith("PASS ") for line in report.lines[:-1]))

    def test_sm3_in_plain_python(self) -> None:
        with mock.patch.object(v, "hash_function", lambda alg: v.sha256 if alg == "sha256" else v.sm3):
            for folder, check in index():
                if check == "-" and "sm3" in folder:
                    with self.subTest(folder):
                        self.assertEqual(v.verify(vector(folder)).exit_code, 0)


class KnownAnswers(unittest.TestCase):
    """Section 7."""

    ANSWERS = {
        "sha256": (
            "22a46428c9985cae12ded7937d2f85facaf91baee73192b895e8fcffe6e14755",
            "fc49784acfa6db10c9e01bbc37c30a93b4219e15da2aaad8a7153be90cca20ab",
            "e74d3967477289f3969b5a81e39e8a817af7c52c2361d4ccddbeb2f4555af893",
            "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1",
            "3cade55c297d2da6f3187f84a27b6515884338f411b13ab464633dd89e594679",
        ),
        "sm3": (
            "f38967e8ab0a821907c8bada6579acbede0dbab5e1f846d464681ff4fb7d2835",
            "cc300e6f0de1fd1a8bdb4ec3da9ac4cc9ad5c3d52dc84b95f233f235b26d2fb8",
            "d6af4fd076ab8b6063185f65b8d170546f76da6688de048c1334c1af54687241",
            "2706e4e4d41c1ed9c3fe7f7822bf360a67abcc052cc2c00022c1313ec3ded965",
            "2d0596f8b30ae8a0731fe33c08cc9405491f4d30465cd67d3bda716250a4966a",
        ),
    }

    def test_section_7(self) -> None:
        self.assertEqual(v.E("ticket", "A").hex(), "0000000b6d6364312f7469636b65740000000141")
        for name, H in (("sha256", v.sha256), ("sm3", v.sm3), ("sm3", v.hash_function("sm3"))):
            shares = [bytes([j]) * 32 for j in (1, 2, 3)]
            key = v.draw_key(H, shares, H(b"example-commit\n"), "kl8:2026123:01.05.07")
            mac = v.hmac(H, key)
            answers = (
                H(v.E("share", "2026-017", "1", shares[0])).hex(),
                key.hex(),
                mac(v.E("ticket", "91330000000000001A")).hex(),
                v.root(H, [b"a", b"b", b"c"]).hex(),
                mac(v.E("assign", "91330000000000001A", "I001")).hex(),
            )
            self.assertEqual(answers, self.ANSWERS[name])

    def test_sm3(self) -> None:
        for text, digest in (
            (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
            (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        ):
            self.assertEqual(v.sm3(text).hex(), digest)
        if v.hash_function("sm3") is v.openssl_sm3:
            for n in range(200):
                self.assertEqual(v.sm3(b"x" * n), v.openssl_sm3(b"x" * n), n)

    def test_hmac(self) -> None:
        for n in range(200):
            key, message = hashlib.sha256(b"%d" % n).digest(), b"m" * n
            self.assertEqual(v.hmac(v.sha256, key)(message), hmac.new(key, message, "sha256").digest())

    def test_root_is_the_recursion_of_rfc_9162(self) -> None:
        def tree(lines: List[bytes]) -> bytes:
            if len(lines) == 1:
                return v.sha256(b"\x00" + lines[0])
            k = 1
            while 2 * k < len(lines):
                k *= 2
            return v.sha256(b"\x01" + tree(lines[:k]) + tree(lines[k:]))

        for n in range(1, 70):
            lines = [b"%d" % i for i in range(n)]
            self.assertEqual(v.root(v.sha256, lines), tree(lines))


class Forms(unittest.TestCase):
    def check(self, form: v.Form, good: List[str], bad: List[str]) -> None:
        for text in good:
            self.assertTrue(form(text), text)
        for text in bad:
            self.assertFalse(form(text), ascii(text))

    def test_forms(self) -> None:
        self.check(v.is_name, ["a", "0", "A.b_c-d", "x" * 40], ["", "-a", ".a", "_", "x" * 41, "a\n", "é", "a b", "?"])
        self.check(v.is_id, ["9", "91A-02", "A.B", "X" * 36], ["", "a", "-A", "X" * 37, "A\n", "A_B", "１"])
        self.check(v.is_integer, ["0", "7", "999999999"],
                   ["", "00", "01", "+1", "-1", "1_0", " 1", "1\n", "1000000000", "１", "²", "٣"])  # fmt: skip
        self.check(v.is_positive, ["1"], ["0", "01"])
        self.check(v.is_weight, ["1", "4294967295"], ["0", "4294967296", "9999999999", "01", "1\n", "10000000000"])
        self.check(v.is_hash, ["0" * 64], ["0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n", "０" * 64])
        self.check(v.is_draw_number, ["2026-001", "2026-999"],
                   ["2026-000", "2026-1000", "2026-01", "26-001", "2026-001\n"])  # fmt: skip
        self.check(v.is_value, ["a", "a b", "中 文", "a=b", "\u00ad", "x"],
                   ["", " a", "a ", "\u3000a", "a\u00a0", "a\tb", "a\0", "a\x7f", "a\x85b", "\u061ca", "a\u180eb",
                    "a\u200bb", "a\u200fb", "a\u2028b", "a\u202eb", "a\u2060b", "a\u2069b", "\ufeffa", "a\ufff9",
                    "a\U000e0001", "a\U000e007f", "a\r"])  # fmt: skip
        self.check(v.is_list, ["a", "b,a"], ["", "a,", ",a", "a,a", "a, b", "-"])
        self.check(v.ELIG["inspectors"], ["a", "a,b"], ["b,a", "a,a", "-", ""])
        self.check(v.is_team, ["?", "?,?", "a,?", "?,b,?"], ["", "?,", "a,a", "a,?,a", "??"])
        self.check(v.is_window, ["2026-01-01..2026-01-01", "0001-01-01..9999-12-31"],
                   ["2026-01-02..2026-01-01", "2026-02-29..2026-03-01", "2026-01-01", "2026-01-01..",
                    "0000-01-01..2026-01-01", "2026-01-01..2026-01-02..2026-01-03", "2026-1-1..2026-01-02", "2026-01-01...2026-01-02"])  # fmt: skip
        self.check(v.is_ratio, ["1/1", "1/20"], ["0/1", "2/1", "1", "1/", "/1", "1/0", "1/2/3", "01/2"])
        self.check(v.PLAN.keys["slots"], ["a", "a,a", ",".join("a" * 8)], ["", ",".join("a" * 9), "a,", "a,b\n"])
        self.check(v.POOL["flag"], ["R", "M", "X:a"], ["X", "X:", "X:?", "r", "RM", "R\n", "X:a\n"])
        self.check(v.REVEAL.families["input"], ["", "00", "ab" * 1024], ["0", "AB", "ab" * 1025, "zz"])

    def test_times(self) -> None:
        good = ["2026-02-28T23:59:59+08:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
                "2024-02-29T00:00:00-00:00"]  # fmt: skip
        bad = ["2026-02-29T00:00:00+08:00", "2026-01-01T24:00:00+08:00", "2026-01-01T00:00:60+08:00",
               "2026-01-01T00:60:00+08:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
               "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0+08:00", "2026-01-01 00:00:00+08:00",
               "0000-01-01T00:00:00+08:00", "2026-01-01T00:00:00+08:00\n", "2026-01-01T00:00:00+0800",
               "２026-01-01T00:00:00+08:00", "20260-1-01T00:00:00+08:00", ""]  # fmt: skip
        self.check(v.is_time, good, bad)
        self.assertEqual(v.instant("2026-01-01T00:30:00+08:00"), v.instant("2025-12-31T16:30:00+00:00"))
        self.assertEqual(v.instant("2026-01-01T00:30:00-01:30"), v.instant("2026-01-01T02:00:00+00:00"))

    def test_rules_and_values(self) -> None:
        chain, hexed = "ab" * 32, "0" * 64
        self.check(v.is_rule, ["none", "dice:20", "dice:99", "kl8:2026123", "drand:%s:1" % chain,
                               "drand:%s:%s" % (chain, "9" * 15)],
                   ["", "dice:19", "dice:100", "dice:020", "kl8:202612", "kl8:20261234", "drand:%s:0" % chain, "none\n",
                    "drand:%s:%s" % (chain, "9" * 16), "drand:AB:1", "dice", "NONE"])  # fmt: skip
        numbers = ".".join("%02d" % n for n in range(61, 81))
        low = ".".join("%02d" % n for n in range(0, 20))
        self.check(lambda value: v.is_public_value("kl8:2026123", value), ["kl8:2026123:" + numbers],
                   ["kl8:2026124:" + numbers, "kl8:2026123:" + numbers[:-2] + "81", "kl8:2026123:" + low, numbers,
                    "kl8:2026123:" + numbers[3:], "kl8:2026123:61." + numbers, "kl8:2026123:62.61" + numbers[5:],
                    "kl8:2026123::" + numbers, "kl8:2026123:" + numbers + "\n", "-"])  # fmt: skip
        rule = "drand:%s:7" % chain
        self.check(lambda value: v.is_public_value(rule, value), [rule + ":" + hexed],
                   [rule, rule + ":", rule + ":" + "A" * 64, rule + "1:" + hexed, rule + "::" + hexed, hexed])  # fmt: skip
        self.check(lambda value: v.is_public_value("dice:20", value), ["dice:" + "7" * 20],
                   ["dice:" + "7" * 19, "dice:" + "7" * 21, "dice:" + "７" * 20, "7" * 20, "none", "dice:%s\n" % ("7" * 20)])  # fmt: skip
        self.check(lambda value: v.is_public_value("none", value), ["none"], ["-", "None", "none:", ""])


# ----------------------------------------------------------------------------------------------------------------
# The draw against its definition, written down once more in the slowest and plainest way
# ----------------------------------------------------------------------------------------------------------------


def greatest_flow(capacity: Dict[Tuple[object, object], int]) -> int:
    """Ford and Fulkerson, from "source" to "sink"."""
    residual: Dict[object, Dict[object, int]] = {}
    for (a, b), c in capacity.items():
        residual.setdefault(a, {})[b] = c
        residual.setdefault(b, {}).setdefault(a, 0)
    total = 0
    while True:
        seen: Set[object] = {"source"}

        def push(node: object) -> bool:
            if node == "sink":
                return True
            for to, c in residual.get(node, {}).items():
                if c > 0 and to not in seen:
                    seen.add(to)
                    if push(to):
                        residual[node][to] -= 1
                        residual[to][node] += 1
                        return True
            return False

        if not push("source"):
            return total
        total += 1


def assign_by_definition(
    targets: List[str], slots: List[str], staff: v.Staff, elig: v.Elig, order: v.Order
) -> Dict[str, List[str]]:
    teams: Dict[str, List[str]] = {target: [] for target in targets}

    def decided(inspector: str) -> int:
        return sum(team.count(inspector) for team in teams.values())

    def fillable() -> int:
        network: Dict[Tuple[object, object], int] = {}
        for target in targets:
            for slot in range(len(teams[target]), len(slots)):
                network[(target, slot), "sink"] = 1
                for inspector in elig[target]:
                    network["source", inspector] = staff[inspector][1] - decided(inspector)
                    network[inspector, (inspector, target)] = 0 if inspector in teams[target] else 1
                    if slots[slot] in staff[inspector][0]:
                        network[(inspector, target), (target, slot)] = 1
        return greatest_flow(network)

    for slot, team in enumerate(slots):
        for target in targets:
            candidates = [
                name for name in order(target)
                if team in staff[name][0] and name not in teams[target] and decided(name) < staff[name][1]
            ]  # fmt: skip
            candidates.sort(key=decided)
            before = fillable()
            for candidate in candidates:
                teams[target].append(candidate)
                if fillable() == before - 1:
                    break
                teams[target].pop()
            else:
                assert not candidates
                teams[target].append("?")
    return teams


def random_assignment(rng: random.Random) -> Tuple[List[str], List[str], v.Staff, v.Elig]:
    kinds = ["A", "B", "C"][: rng.randint(1, 3)]
    slots = [rng.choice(kinds) for _ in range(rng.randint(2, 4))]
    names = ["I%02d" % i for i in range(rng.randint(2, 8))]
    cap, dense = rng.randint(1, 4), rng.random()
    staff = {name: (set(rng.sample(kinds, rng.randint(1, len(kinds)))), rng.randint(1, cap)) for name in names}
    targets = ["T%02d" % i for i in range(rng.randint(1, 6))]
    elig = {t: [name for name in names if rng.random() < 0.3 + 0.7 * dense] or names[:1] for t in targets}
    return targets, slots, staff, elig


def order_by_seed(seed: int, elig: v.Elig) -> v.Order:
    return v.order_of_inspectors(v.hmac(v.sha256, seed.to_bytes(32, "big")), elig)


class Draw(unittest.TestCase):
    CASES = int(os.environ.get("MCD1_CASES", "2500"))

    def test_assignment_is_that_of_the_definition(self) -> None:
        vacant = crowded = 0
        for seed in range(self.CASES):
            targets, slots, staff, elig = random_assignment(random.Random(seed))
            order = order_by_seed(seed, elig)
            teams = v.assign(targets, slots, staff, elig, order, v.Work())
            self.assertEqual(teams, assign_by_definition(targets, slots, staff, elig, order), seed)
            missing = sum(team.count("?") for team in teams.values())
            vacant += missing > 0
            crowded += len(set(slots)) > 1 and 0 < missing < len(targets)
        self.assertGreater(vacant, self.CASES // 10)  # or the cases would show little
        self.assertGreater(crowded, self.CASES // 20)

    def test_many_inspectors_and_targets_take_little_work(self) -> None:
        """Roomy, tight and overfull, in the steps that Work counts."""
        rng = random.Random(1)
        names = ["I%03d" % i for i in range(60)]
        targets = ["T%03d" % i for i in range(200)]
        elig = {target: sorted(rng.sample(names, 20)) for target in targets}
        for cap in (30, 11, 10, 9, 5):
            staff = {name: ({rng.choice("AB")} | {rng.choice("AB")}, cap) for name in names}
            work = v.Work()
            v.assign(targets, ["A", "B", "B"], staff, elig, order_by_seed(1, elig), work)
            self.assertLess(v.MEANS - work.left, 1_000_000, cap)

    def test_selection_is_that_of_the_definition(self) -> None:
        for seed in range(2000):
            rng = random.Random(seed)
            weights = rng.choice([[1], [1, 2], [1, 5, 50], [1, 4294967295], list(range(1, 9))])
            pool = [
                v.Line("T%02d" % i, rng.choice("xy"), rng.choice([0, 0, 1, 7]), rng.choice(weights),
                       rng.choice(["R", "R", "R", "M", "X:a"])) for i in range(rng.randint(1, 16))
            ]  # fmt: skip
            strata = {line.stratum for line in pool if line.flag == "R"}
            quotas = {s: rng.randint(0, sum(x.stratum == s and x.flag == "R" for x in pool)) for s in strata}
            tickets = {line.id: rng.choice([rng.randrange(1 << 256), rng.randrange(4)]) for line in pool}

            def order(lines: List[v.Line]) -> List[v.Line]:
                return sorted(lines, key=lambda line: (Fraction(tickets[line.id], line.weight), line.id))

            taken = {line.id for line in pool if line.flag == "M"}
            reserve: Dict[str, List[str]] = {}
            for s in strata:
                k, reserve[s] = quotas[s], []
                for tier in range(10):
                    rest = [x for x in pool if x.stratum == s and x.tier == tier and x.flag == "R"]
                    lines = list(rest)
                    chosen: List[v.Line] = []
                    if len(rest) <= k:
                        chosen = rest
                    else:
                        while len(chosen) < k:
                            places = k - len(chosen)
                            heaviest = max(rest, key=lambda line: (line.weight, line.id))
                            if places * heaviest.weight < sum(line.weight for line in rest):
                                chosen = chosen + order(rest)[:places]
                            else:
                                chosen.append(heaviest)
                                rest.remove(heaviest)
                    k -= len(chosen)
                    taken |= {line.id for line in chosen}
                    reserve[s] += [line.id for line in order([x for x in lines if x not in chosen])]
            self.assertEqual(v.select(pool, quotas, tickets), (taken, reserve), seed)

    def test_lines_that_can_fill_a_task(self) -> None:
        for seed in range(3000):
            _, slots, staff, elig = random_assignment(random.Random(seed))
            for target, inspectors in elig.items():
                roomy = {name: (teams, 9) for name, (teams, _) in staff.items()}
                teams = assign_by_definition([target], slots, roomy, elig, order_by_seed(0, elig))
                self.assertEqual(v.can_fill_all(slots, inspectors, staff), "?" not in teams[target], seed)


# ----------------------------------------------------------------------------------------------------------------
# Folders that are not as they should be
# ----------------------------------------------------------------------------------------------------------------


class Folders(unittest.TestCase):
    def expect(self, files: Dict[str, bytes], failed: Optional[str], exit_code: int = 1) -> v.Report:
        report = v.verify(files)
        self.assertEqual((report.failed, report.exit_code), (failed, exit_code), report.lines)
        return report

    def test_kinds(self) -> None:
        full, void = vector("good/joint"), vector("good/void-after-draw")
        self.expect(without(full, "3-reveal.txt"), None, 3)
        self.expect(without(void, "3-reveal.txt"), None, 3)
        subs = v.sub_names(full)
        self.expect(without(full, "3-reveal.txt", "2-draw.txt"), "form")
        self.expect(without(full, "3-reveal.txt", "2-draw.txt", "result.tsv", "subs.tsv", *subs), None, 3)
        self.expect(without(full, "2-draw.txt", "result.tsv", "subs.tsv", *subs), "form")
        self.expect(without(full, *subs), "chain")
        self.expect(without(full, subs[-1]), "chain")
        before = vector("good/void-before")
        for name in ("2-draw.txt", "3-reveal.txt", "result.tsv", "sub-1.txt", "subs.tsv"):
            self.expect(dict(before, **{name: full[name]}), "form")
        report = self.expect(dict(before, **{"staff.tsv": b"", "elig.tsv": b"\xff"}), None, 0)
        self.assertEqual([line for line in report.lines if line.startswith("PASS")],
                         ["PASS form", "PASS chain", "PASS commitment", "PASS plan"])  # fmt: skip
        opened = without(full, "3-reveal.txt")
        self.expect(dict(opened, **{"result.tsv": b"", "subs.tsv": b"?", "staff.tsv": b"", "elig.tsv": b""}), None, 3)
        self.assertEqual(self.expect({}, "form").lines, ["FAIL form: plan.txt is missing"])

    def test_missing_files(self) -> None:
        for folder in ("good/joint", "good/void-after-draw", "good/void-after-commit", "good/void-before"):
            files = vector(folder)
            for name in files:
                if name.startswith("sub-") or name in ("3-reveal.txt", "void.txt"):
                    continue  # that makes it another kind, or breaks the chain
                with self.subTest(folder + " " + name):
                    self.expect(without(files, name), "form")

    def test_files_of_other_names_are_ignored(self) -> None:
        files = vector("good/joint")
        n = len(v.sub_names(files))
        others = ["sub-01.txt", "sub-0.txt", "sub-%d.txt" % (n + 2), "SUB-1.txt", "notes.txt", "plan.txt~", "sub-１.txt"]
        self.expect(dict(files, **{name: b"\xff" for name in others}), None, 0)

    def test_a_draw_without_public_value(self) -> None:
        files = without(vector("good/open"), "sub-1.txt", "sub-2.txt", "sub-3.txt")
        public = next(line for line in files["2-draw.txt"].split(b"\n") if line.startswith(b"public="))
        self.expect(files, None, 3)
        self.expect(changed(files, "2-draw.txt", public, b"public=-"), "public")

    def test_mutilated_files(self) -> None:
        rng = random.Random(7)
        for folder in ("good/joint", "good/void-after-draw", "good/void-after-commit", "good/void-before", "good/open"):
            files = vector(folder)
            for name, data in files.items():
                if folder == "good/open" and name in v.UNSEALED:
                    continue
                cuts = [rng.randrange(1, len(data)) for _ in range(6)] + [len(data) - 1]
                bad = [data[:cut] for cut in cuts if data[cut - 1 : cut] != b"\n"]
                bad += [b"", b"\n", b"\0", b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"), data + b"\n", b"\n" + data]
                bad += [data + b"\xff\n", data + b"\xed\xa0\x80\n", data + b"\xc0\x80\n", data + b"x\n"]
                bad += [data + data] if name != "result.tsv" else []  # whose lines only the check `draw` looks at
                bad += [data.replace(b"\n", b"\xe2\x80\xa8"), data.replace(b"\n", b"\x0b\n", 1), data.replace(b"\n", b" \n", 1)]
                bad += [bytes(rng.randrange(256) for _ in range(rng.randrange(1, 400))) for _ in range(5)]
                bad += [bytes(rng.choice(b"a=,\t\n.-019") for _ in range(60)) + b"\n" for _ in range(5)]
                for number, mutilated in enumerate(bad):
                    with self.subTest("%s %s %d" % (folder, name, number)):
                        self.expect(dict(files, **{name: mutilated}), "form")

    def test_damaged_bytes_never_raise(self) -> None:
        rng = random.Random(8)
        folders = ["good/joint", "good/many-subs-joint", "good/void-after-draw", "good/void-after-commit", "good/open"]
        for _ in range(1500):
            files = vector_cached(rng.choice(folders))
            name = rng.choice(sorted(files))
            data = bytearray(files[name])
            for _ in range(rng.randint(1, 3)):
                start = rng.randrange(len(data) + 1)
                data[start : start + rng.randint(0, 3)] = bytes(rng.choice(b"\n\t=,?-.:019afAFIRMXSN\xff") for _ in range(
                    rng.randint(0, 3)))  # fmt: skip
            self.assertIn(v.verify(dict(files, **{name: bytes(data)})).exit_code, (0, 1, 3))

    def test_rows_and_lines_shuffled_never_raise(self) -> None:
        """Lines and columns exchanged between the files: the forms are often right, and what they say is not."""
        rng = random.Random(9)
        for _ in range(1500):
            files = dict(vector_cached(rng.choice(["good/joint", "good/many-subs", "good/void-after-commit"])))
            name = rng.choice([name for name in sorted(files) if name.endswith(".tsv")])
            lines = [line.split(b"\t") for line in files[name][:-1].split(b"\n")]
            a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
            column = rng.randrange(len(lines[a]))
            lines[a][column], lines[b][column] = lines[b][column], lines[a][column]
            files[name] = b"".join(b"\t".join(line) + b"\n" for line in lines)
            self.assertIn(v.verify(files).exit_code, (0, 1))

    def test_facts(self) -> None:
        late = v.verify(vector("good/late"))
        self.assertTrue(late.facts["late"])
        self.assertTrue(any("LATE" in line for line in late.lines))
        self.assertFalse(v.verify(vector("good/joint")).facts["late"])
        for folder, label in (("good/kl8", "A 甲"), ("good/drand", "A 甲"), ("good/joint", "B 乙"), ("good/none", "C 丙")):
            facts = v.verify(vector(folder)).facts
            self.assertEqual((facts["label"], facts["claimed only"]), (label, False))
        commitment = vector("good/joint")["1-commit.txt"]
        self.assertEqual(v.verify(vector("good/joint")).facts["commitment"], hashlib.sha256(commitment).hexdigest())
        thrown_away = v.verify(vector("good/void-after-commit")).facts["recomputed"]
        self.assertEqual(len(thrown_away), vector("good/void-after-commit")["pool.tsv"].count(b"\n"))
        self.assertGreater(v.verify(vector("good/vacant-joint")).facts["vacant"], 0)

    def test_limits(self) -> None:
        files = vector("good/joint")
        with mock.patch.object(v, "MAX_FILE", len(files["elig.tsv"]) - 1):
            self.expect(files, "form")
        with mock.patch.object(v, "MEANS", 1000):
            self.assertIn("too many", self.expect(files, None, 2).trouble or "")
        with mock.patch.object(v, "MEANS", v.STEPS_PER_BYTE * sum(map(len, files.values())) + 100):
            self.expect(files, None, 2)


CACHE: Dict[str, Dict[str, bytes]] = {}


def vector_cached(name: str) -> Dict[str, bytes]:
    if name not in CACHE:
        CACHE[name] = vector(name)
    return CACHE[name]


class CommandLine(unittest.TestCase):
    def run_it(self, *arguments: str) -> Tuple[int, bytes, bytes]:
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "verify.py")] + list(arguments),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def test_exit_codes(self) -> None:
        code, out, err = self.run_it(os.path.join(VECTORS, "good", "joint"))
        self.assertEqual((code, err), (0, b""))
        self.assertTrue(out.startswith(b"PASS form\nPASS chain\n"))
        self.assertIn("乙".encode("utf-8"), out)
        code, out, err = self.run_it(os.path.join(VECTORS, "bad", "teams-swapped"))
        self.assertEqual((code, err), (1, b""))
        self.assertTrue(out.splitlines()[-1].startswith(b"FAIL draw: "))
        self.assertEqual(self.run_it(os.path.join(VECTORS, "good", "open"))[0], 3)
        for arguments in ([], ["a", "b"], [os.path.join(VECTORS, "no such folder")], [os.path.join(VECTORS, "index.tsv")]):
            code, out, err = self.run_it(*arguments)
            self.assertEqual((code, out, err.count(b"\n")), (2, b"", 1), arguments)

    def test_folders_that_can_not_be_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(v.verify_folder(folder).failed, "form")  # it can be read, but nothing is there
            os.mkdir(os.path.join(folder, "plan.txt"))
            self.assertEqual(v.verify_folder(folder).exit_code, 2)
            os.rmdir(os.path.join(folder, "plan.txt"))
            if hasattr(os, "mkfifo"):
                os.mkfifo(os.path.join(folder, "pool.tsv"))
                self.assertEqual(v.verify_folder(folder).exit_code, 2)

    def test_a_fault_is_no_fail(self) -> None:
        def broken(case: v.Case) -> None:
            raise ZeroDivisionError("\n")

        with mock.patch.object(v, "check_form", broken), contextlib.redirect_stdout(io.StringIO()) as out:
            with contextlib.redirect_stderr(io.StringIO()) as err:
                self.assertEqual(v.main(["verify.py", os.path.join(VECTORS, "good", "joint")]), 2)
        self.assertEqual((out.getvalue(), err.getvalue().count("\n")), ("", 1))

    def test_batch(self) -> None:
        folders = [os.path.join(VECTORS, *folder.split("/")) for folder, _ in index()] + [os.path.join(HERE, "nothing")]
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "batch_verify.py")],
            input="\n".join(folders).encode("utf-8"), stdout=subprocess.PIPE,
        )  # fmt: skip
        lines = done.stdout.decode("utf-8").splitlines()
        expected = ["%s\t%s" % (folder, {"-": "0\t-", "open": "3\t-"}.get(check, "1\t" + check))
                    for folder, (_, check) in zip(folders, index())]  # fmt: skip
        self.assertEqual(lines, expected + [folders[-1] + "\t2\t-"])


if __name__ == "__main__":
    unittest.main()
