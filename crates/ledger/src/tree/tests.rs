//! The tree against the published one of Certificate Transparency and against the definitions of the RFC.
//! Never tests a proof only with the function that made it.

use proptest::prelude::*;

use super::*;

/// MTH of RFC 9162, section 2.1.1.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty(),
        [only] => *only,
        _ => {
            let (left, right) = halves(leaves);
            node(defined_root(left), defined_root(right))
        }
    }
}

/// PATH of RFC 9162, section 2.1.3.1.
fn defined_inclusion(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = halves(leaves);
    if index < left.len() {
        [defined_inclusion(left, index), vec![defined_root(right)]].concat()
    } else {
        [
            defined_inclusion(right, index - left.len()),
            vec![defined_root(left)],
        ]
        .concat()
    }
}

/// SUBPROOF of RFC 9162, section 2.1.4.1.
fn defined_consistency(leaves: &[Hash], old: usize, known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known {
            Vec::new()
        } else {
            vec![defined_root(leaves)]
        };
    }
    let (left, right) = halves(leaves);
    if old <= left.len() {
        [defined_consistency(left, old, known), vec![defined_root(right)]].concat()
    } else {
        [
            defined_consistency(right, old - left.len(), false),
            vec![defined_root(left)],
        ]
        .concat()
    }
}

/// Split at the largest power of two smaller than the length.
fn halves(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    leaves.split_at(k)
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
}

fn hashes(digits: &[&str]) -> Vec<Hash> {
    digits.iter().map(|text| text.parse().unwrap()).collect()
}

/// The tree that implementations of Certificate Transparency (RFC 6962) test with.
fn published() -> Vec<Hash> {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    leaves.into_iter().map(leaf).collect()
}

const NODE_1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const NODES_0_2: &str = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const NODES_0_4: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const NODES_2_4: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const NODE_4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const NODES_4_6: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const NODES_4_8: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const NODES_6_8: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";

#[test]
fn roots_are_the_published_ones() {
    let expected = hashes(&[
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        NODES_0_2,
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        NODES_0_4,
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]);
    for (size, expected) in expected.into_iter().enumerate() {
        assert_eq!(root(&published()[..size]), expected);
    }
}

#[test]
fn proofs_of_inclusion_are_the_published_ones() {
    let check = |index: usize, size: usize, expected: &[&str]| {
        assert_eq!(
            inclusion_proof(&published()[..size], index).unwrap(),
            hashes(expected),
            "{index} of {size}"
        );
    };
    check(0, 1, &[]);
    check(0, 8, &[NODE_1, NODES_2_4, NODES_4_8]);
    check(5, 8, &[NODE_4, NODES_6_8, NODES_0_4]);
    check(2, 3, &[NODES_0_2]);
    check(
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            NODES_2_4,
            NODE_4,
        ],
    );
}

#[test]
fn proofs_of_consistency_are_the_published_ones() {
    let check = |old: usize, size: usize, expected: &[&str]| {
        assert_eq!(
            consistency_proof(&published()[..size], old).unwrap(),
            hashes(expected),
            "{old} to {size}"
        );
    };
    check(1, 1, &[]);
    check(1, 8, &[NODE_1, NODES_2_4, NODES_4_8]);
    check(6, 8, &[NODES_4_6, NODES_6_8, NODES_0_4]);
    check(2, 5, &[NODES_2_4, NODE_4]);
}

#[test]
fn there_is_no_proof_of_what_is_not_there() {
    assert_eq!(siblings(3, 3), None);
    assert_eq!(siblings(0, u64::MAX).map(|path| path.len()), Some(64));
    assert_eq!(inclusion_proof(&leaves(3), 3), None);
    assert_eq!(consistency_proof(&leaves(3), 4), None);
    let here = root(&leaves(3));
    assert!(!verify_inclusion(here, 3, 3, &[], here));
    assert!(!verify_inclusion(here, 0, 0, &[], here));
    assert!(!verify_consistency(4, here, 3, here, &[]));
    assert!(!verify_consistency(3, here, 5, here, &[]));
}

#[test]
fn the_tree_without_leaves_is_continued_by_every_tree() {
    let (old, new) = (root(&[]), root(&leaves(5)));
    assert_eq!(consistency_proof(&leaves(5), 0), Some(Vec::new()));
    assert!(verify_consistency(0, old, 5, new, &[]));
    assert!(!verify_consistency(0, new, 5, new, &[]));
}

#[test]
fn a_hash_is_64_digits_and_nothing_else() {
    let hash = leaf(b"x");
    let text = hash.to_string();
    assert_eq!(text.parse(), Ok(hash));
    assert_eq!(text.to_uppercase().parse(), Ok(hash));
    for wrong in [
        "",
        "0",
        &text[..62],
        &text[..63],
        &format!("{text}00"),
        &text.replace(&text[..1], "g"),
        "　",
    ] {
        assert_eq!(wrong.parse::<Hash>(), Err(NotAHash), "{wrong}");
    }
}

proptest! {
    #[test]
    fn roots_and_proofs_are_the_defined_ones(size in 1_usize..200, place in 0_usize..200) {
        let (all, index, old) = (leaves(size), place % size, 1 + place % size);
        prop_assert_eq!(root(&all), defined_root(&all));
        prop_assert_eq!(inclusion_proof(&all, index).unwrap(), defined_inclusion(&all, index));
        prop_assert_eq!(consistency_proof(&all, old).unwrap(), defined_consistency(&all, old, true));
    }

    #[test]
    fn a_leaf_is_proved_to_be_in_its_place_and_nowhere_else(size in 1_usize..80, index in 0_usize..80, other in 0_u64..80) {
        let index = index % size;
        let (all, n) = (leaves(size), size as u64);
        let proof = inclusion_proof(&all, index).unwrap();
        prop_assert!(verify_inclusion(all[index], index as u64, n, &proof, root(&all)));
        if other != index as u64 {
            prop_assert!(!verify_inclusion(all[index], other, n, &proof, root(&all)));
        }
        prop_assert!(!verify_inclusion(leaf(b"another"), index as u64, n, &proof, root(&all)));
        let longer = [&proof[..], &[all[index]]].concat();
        prop_assert!(!verify_inclusion(all[index], index as u64, n, &longer, root(&all)));
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert!(!verify_inclusion(all[index], index as u64, n, shorter, root(&all)));
        }
    }

    #[test]
    fn a_tree_is_proved_to_continue_an_older_one(size in 1_usize..80, old in 0_usize..80, edited in 0_usize..80) {
        let old = old % (size + 1);
        let (all, from, to) = (leaves(size), old as u64, size as u64);
        let proof = consistency_proof(&all, old).unwrap();
        let (old_root, new_root) = (root(&all[..old]), root(&all));
        prop_assert!(verify_consistency(from, old_root, to, new_root, &proof));
        let longer = [&proof[..], &[new_root]].concat();
        prop_assert!(!verify_consistency(from, old_root, to, new_root, &longer));
        if edited < old {
            // A leaf of the old tree was edited since.
            let mut changed = all;
            changed[edited] = leaf(b"edited");
            let proof = consistency_proof(&changed, old).unwrap();
            prop_assert!(!verify_consistency(from, old_root, to, root(&changed), &proof));
        }
    }

    #[test]
    fn a_proof_with_one_bit_changed_proves_nothing(size in 2_usize..80, place in 0_usize..80, bit in 0_usize..256) {
        let (all, index, old) = (leaves(size), place % size, 1 + place % (size - 1));
        let flip = |proof: &mut Vec<Hash>| {
            let node = place % proof.len();
            proof[node].0[bit / 8] ^= 1 << (bit % 8);
        };
        let mut proof = inclusion_proof(&all, index).unwrap();
        flip(&mut proof);
        prop_assert!(!verify_inclusion(all[index], index as u64, size as u64, &proof, root(&all)));
        let mut proof = consistency_proof(&all, old).unwrap();
        flip(&mut proof);
        prop_assert!(!verify_consistency(old as u64, root(&all[..old]), size as u64, root(&all), &proof));
    }
}
