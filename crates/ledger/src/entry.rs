//! What a leaf says of one act (存证): who, when, from where, what, on what ground, and the hashes before and after.
//! Never reads a text in more than one way: what is not written exactly as [`Entry::to_text`] writes it is refused.

use serde::Deserialize;

use crate::tree::{self, Hash};

/// Version of the text, its first key. Another text is another version.
const VERSION: u64 = 1;
/// Random bytes that keep the leaf of a private entry from being guessed.
pub const SALT_BYTES: usize = 16;

/// One act, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub at_micros: i64,
    /// In which bureau.
    pub bureau: String,
    /// Login name of who did it; `-` if nobody was logged in.
    pub actor: String,
    /// Network address it came from; `-` if from none.
    pub from: String,
    /// What was done, dotted, as in `source.change`.
    pub act: String,
    /// To what, as in `source/91410899…`.
    pub subject: String,
    /// Why, in the words of who did it.
    pub ground: String,
    /// Hash of the subject before; none if it was not there.
    pub before: Option<Hash>,
    /// Hash of the subject afterwards; none if it is no longer there.
    pub after: Option<Hash>,
    /// Who may read this.
    pub visibility: Visibility,
}

/// Who may read an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Anyone.
    Public,
    /// Those with a right to; others see the hash of the leaf, and do not find the entry by trying what it may say.
    Private {
        /// Fresh random bytes of the generator.
        salt: [u8; SALT_BYTES],
    },
}

/// Why a text is no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No JSON object with exactly the keys of an entry.
    #[error("内容不是存证的格式")]
    NotAnEntry,
    /// Of another version.
    #[error("存证的版本是 {0}，本程序只认识版本 {VERSION}，请用更新的程序核对")]
    Version(u64),
    /// The same content, but other bytes than those that such an entry has.
    #[error("存证的写法不规范，同样的内容只能有一种写法")]
    NotCanonical,
}

impl Entry {
    /// The canonical text: one JSON object without blanks, its keys in this order.
    #[must_use]
    pub fn to_text(&self) -> String {
        let (at, salt) = (self.at_micros, self.visibility.salt());
        let [bureau, actor, from] = [&self.bureau, &self.actor, &self.from].map(|text| quoted(text));
        let [act, subject, ground] = [&self.act, &self.subject, &self.ground].map(|text| quoted(text));
        let [before, after] = [self.before, self.after].map(|hash| hash.map(|hash| hash.to_string()));
        let [before, after, salt] =
            [before, after, salt].map(|digits| digits.map_or("null".into(), |d| quoted(&d)));
        format!(
            r#"{{"v":{VERSION},"at_micros":{at},"bureau":{bureau},"actor":{actor},"from":{from},"act":{act},"#
        ) + &format!(
            r#""subject":{subject},"ground":{ground},"before":{before},"after":{after},"private_salt":{salt}}}"#
        )
    }

    /// Reads a canonical text.
    ///
    /// # Errors
    /// [`EntryError`]: not an entry, of another version, or not canonical.
    pub fn parse(text: &str) -> Result<Self, EntryError> {
        let form: Form = serde_json::from_str(text).map_err(|_| match serde_json::from_str(text) {
            // A later version may have other keys.
            Ok(Versioned { v }) if v != VERSION => EntryError::Version(v),
            Ok(_) | Err(_) => EntryError::NotAnEntry,
        })?;
        if form.v != VERSION {
            return Err(EntryError::Version(form.v));
        }
        let entry = form.into_entry().ok_or(EntryError::NotAnEntry)?;
        if entry.to_text() != text {
            return Err(EntryError::NotCanonical);
        }
        Ok(entry)
    }

    /// Hash of the leaf that this entry is.
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        tree::leaf(self.to_text().as_bytes())
    }
}

impl Visibility {
    fn salt(self) -> Option<String> {
        match self {
            Self::Public => None,
            Self::Private { salt } => Some(tree::digits(&salt)),
        }
    }
}

/// A JSON string. Writing the object here and its strings there makes the order of keys independent of the features that
/// another crate asks of `serde_json`.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The version alone.
#[derive(Deserialize)]
struct Versioned {
    v: u64,
}

/// What the text has, before hashes and salt are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    v: u64,
    at_micros: i64,
    bureau: String,
    actor: String,
    from: String,
    act: String,
    subject: String,
    ground: String,
    before: Option<String>,
    after: Option<String>,
    private_salt: Option<String>,
}

impl Form {
    fn into_entry(self) -> Option<Entry> {
        let hash = |digits: Option<String>| digits.map(|digits| digits.parse::<Hash>()).transpose().ok();
        Some(Entry {
            at_micros: self.at_micros,
            bureau: self.bureau,
            actor: self.actor,
            from: self.from,
            act: self.act,
            subject: self.subject,
            ground: self.ground,
            before: hash(self.before)?,
            after: hash(self.after)?,
            visibility: match self.private_salt {
                None => Visibility::Public,
                Some(digits) => Visibility::Private {
                    salt: tree::bytes(&digits)?,
                },
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn example() -> Entry {
        Entry {
            at_micros: 1_784_509_200_000_001,
            bureau: "示例市生态环境局".into(),
            actor: "zhang.san".into(),
            from: "10.0.0.7".into(),
            act: "source.change".into(),
            subject: "source/91410899MA3X0A0A0A".into(),
            ground: "企业来函\n更正\"地址\"".into(),
            before: Some(Hash([0xab; 32])),
            after: None,
            visibility: Visibility::Public,
        }
    }

    const TEXT: &str = r#"{"v":1,"at_micros":1784509200000001,"bureau":"示例市生态环境局","actor":"zhang.san","from":"10.0.0.7","act":"source.change","subject":"source/91410899MA3X0A0A0A","ground":"企业来函\n更正\"地址\"","before":"abababababababababababababababababababababababababababababababab","after":null,"private_salt":null}"#;

    #[test]
    fn the_text_never_changes_under_a_version() {
        assert_eq!(example().to_text(), TEXT);
        assert_eq!(Entry::parse(TEXT), Ok(example()));
        assert_eq!(
            example().leaf_hash().to_string(),
            "411996c603b8f3705578e28d1687e62c2994db519a2d1ca4508af4d6eb787b77"
        );
    }

    #[test]
    fn the_same_content_written_otherwise_is_refused() {
        let check = |from: &str, to: &str, expected: EntryError| {
            let text = TEXT.replacen(from, to, 1);
            assert_ne!(text, TEXT, "{from}");
            assert_eq!(Entry::parse(&text), Err(expected), "{text}");
        };
        check("\"v\":1,", "\"v\": 1,", EntryError::NotCanonical);
        check("}", "}\n", EntryError::NotCanonical);
        check("abab", "ABAB", EntryError::NotCanonical);
        check("示", "\\u793a", EntryError::NotCanonical);
        check("/", "\\/", EntryError::NotCanonical);
        check(",\"after\":null", "", EntryError::NotCanonical);
        check(
            "\"v\":1,\"at_micros\":1784509200000001,",
            "\"at_micros\":1784509200000001,\"v\":1,",
            EntryError::NotCanonical,
        );
        check("\"v\":1", "\"v\":1,\"v\":1", EntryError::NotAnEntry);
        check("\"v\":1", "\"v\":1,\"more\":1", EntryError::NotAnEntry);
        check("1784509200000001", "1784509200000001.0", EntryError::NotAnEntry);
        check("abab", "abax", EntryError::NotAnEntry);
        check(
            "\"private_salt\":null",
            "\"private_salt\":\"00\"",
            EntryError::NotAnEntry,
        );
        check("\"v\":1", "\"v\":2", EntryError::Version(2));
        check("\"v\":1", "\"v\":2,\"more\":1", EntryError::Version(2));
        assert_eq!(Entry::parse(""), Err(EntryError::NotAnEntry));
        assert_eq!(Entry::parse("[]"), Err(EntryError::NotAnEntry));
    }

    #[test]
    fn a_salt_hides_what_a_private_entry_says() {
        let private = |byte| Entry {
            visibility: Visibility::Private {
                salt: [byte; SALT_BYTES],
            },
            ..example()
        };
        assert_ne!(private(1).leaf_hash(), private(2).leaf_hash());
        assert_ne!(private(0).leaf_hash(), example().leaf_hash());
    }

    fn any_entry() -> impl Strategy<Value = Entry> {
        let hash = || proptest::option::of(any::<[u8; 32]>().prop_map(Hash));
        let salt = proptest::option::of(any::<[u8; SALT_BYTES]>());
        let texts = any::<[String; 6]>();
        (any::<i64>(), texts, hash(), hash(), salt).prop_map(|(at_micros, texts, before, after, salt)| {
            let [bureau, actor, from, act, subject, ground] = texts;
            let visibility = salt.map_or(Visibility::Public, |salt| Visibility::Private { salt });
            Entry {
                at_micros,
                bureau,
                actor,
                from,
                act,
                subject,
                ground,
                before,
                after,
                visibility,
            }
        })
    }

    proptest! {
        #[test]
        fn whatever_an_entry_says_is_read_back(entry in any_entry()) {
            let text = entry.to_text();
            prop_assert!(!text.contains('\n'));
            prop_assert_eq!(Entry::parse(&text), Ok(entry));
        }

        #[test]
        fn what_is_read_is_written_again_byte_for_byte(entry in any_entry(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = entry.to_text().into_bytes();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if let Ok(text) = String::from_utf8(bytes) && let Ok(read) = Entry::parse(&text) {
                prop_assert_eq!(read.to_text(), text);
            }
        }

        #[test]
        fn hostile_texts_are_refused_without_harm(text in ".*") {
            prop_assert!(Entry::parse(&text).is_err());
        }
    }
}
