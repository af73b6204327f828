//! What serde is asked for: an array, in it objects, in them single values.
//! Never lets an error of ours go under in one of serde's: it is put aside, and reading stops.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Value, within_columns};
use crate::error::SheetError;

/// Reads the array.
pub(super) struct Objects<'a, F> {
    pub(super) each: F,
    pub(super) refusal: &'a mut Option<SheetError>,
}

impl<'de, F> DeserializeSeed<'de> for Objects<'_, F>
where
    F: FnMut(u32, Vec<(String, Option<Value>)>) -> Result<(), SheetError>,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F> Visitor<'de> for Objects<'_, F>
where
    F: FnMut(u32, Vec<(String, Option<Value>)>) -> Result<(), SheetError>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut array: A) -> Result<(), A::Error> {
        for row in 1.. {
            let object = Object {
                row,
                refusal: self.refusal,
            };
            let Some(cells) = array.next_element_seed(object)? else {
                break;
            };
            if let Err(refusal) = (self.each)(row, cells) {
                return Err(put_aside(self.refusal, refusal));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        let detail = "最外层是一个对象，不是数组".to_owned();
        Err(put_aside(self.refusal, SheetError::json(detail)))
    }
}

fn put_aside<E: Error>(place: &mut Option<SheetError>, refusal: SheetError) -> E {
    *place = Some(refusal);
    E::custom("refused")
}

/// Reads one object.
struct Object<'a> {
    row: u32,
    refusal: &'a mut Option<SheetError>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Vec<(String, Option<Value>)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Vec<(String, Option<Value>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut cells: Vec<(String, Option<Value>)> = Vec::new();
        while let Some(key) = object.next_key::<String>()? {
            if cells.iter().any(|(own, _)| *own == key) {
                let detail = format!("第{}个对象里“{key}”出现了两次", self.row);
                return Err(put_aside(self.refusal, SheetError::json(detail)));
            }
            let single = Single {
                row: self.row,
                key: &key,
                refusal: self.refusal,
            };
            let value = object.next_value_seed(single)?;
            cells.push((key, value));
            if let Err(refusal) = within_columns(self.row, cells.len()) {
                return Err(put_aside(self.refusal, refusal));
            }
        }
        Ok(cells)
    }
}

/// Reads one value.
struct Single<'a> {
    row: u32,
    key: &'a str,
    refusal: &'a mut Option<SheetError>,
}

impl Single<'_> {
    fn nested<T, E: Error>(self) -> Result<T, E> {
        let Self { row, key, refusal } = self;
        let detail = format!("第{row}个对象的“{key}”里还有一层内容，应直接写文字或数字");
        Err(put_aside(refusal, SheetError::json(detail)))
    }
}

impl<'de> DeserializeSeed<'de> for Single<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Single<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::text(text)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Value::whole(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::whole(number)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Value::fraction(number)))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::truth(truth)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        self.nested()
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        self.nested()
    }
}
