//! What came back for a request, read as a person reads it.
//! Never understands more HTML than the office's own templates write: elements are closed, attributes quoted.

use axum::http::{HeaderMap, header};

/// Elements that have no end.
const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "use"];
/// Elements around which no blank is seen.
const INLINE: [&str; 9] = ["a", "b", "code", "em", "i", "span", "strong", "svg", "use"];

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Where it leads, if it is a redirect.
    pub location: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// What came, as text; empty if it is none.
    pub text: String,
    /// What came.
    pub bytes: Vec<u8>,
}

/// An element of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The opening tag without `<` and `>`.
    tag: String,
    /// What is between the tags.
    inner: String,
}

impl Page {
    pub(crate) fn new(status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let location = headers
            .get(header::LOCATION)
            .and_then(|location| location.to_str().ok())
            .map(str::to_owned);
        Self {
            status,
            location,
            headers,
            text: String::from_utf8(bytes.clone()).unwrap_or_default(),
            bytes,
        }
    }

    /// Elements that match `tag`, `#id`, `.class`, `[attribute=value]`, or a tag with one of these after it.
    #[must_use]
    pub fn all(&self, selector: &str) -> Vec<Element> {
        elements(&self.text, selector)
    }

    /// The first of [`Page::all`].
    #[must_use]
    pub fn find(&self, selector: &str) -> Option<Element> {
        self.all(selector).into_iter().next()
    }

    /// What the first such element says.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn text_of(&self, selector: &str) -> String {
        match self.find(selector) {
            Some(element) => element.text(),
            None => panic!("no {selector} on this page ({}): {}", self.status, self.words()),
        }
    }

    /// The heading.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn h1(&self) -> String {
        self.text_of("h1")
    }

    /// All that the page says between menu and foot, blanks joined.
    #[must_use]
    pub fn words(&self) -> String {
        self.find("main")
            .map_or_else(|| visible(&self.text), |main| main.text())
    }

    /// Whether the page says that anywhere, menu and foot included.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        visible(&self.text).contains(text)
    }

    /// What a field of a form holds.
    ///
    /// # Panics
    /// If there is no such field.
    #[must_use]
    pub fn value_of(&self, field: &str) -> String {
        let named = format!("[name={field}]");
        let Some(control) = self.find(&named) else {
            panic!("no field {field} on this page: {}", self.words());
        };
        match control.name() {
            "textarea" => control.text(),
            "select" => elements(&control.inner, "option")
                .iter()
                .find(|option| option.has("selected"))
                .and_then(|option| option.attribute("value"))
                .unwrap_or_default(),
            _ => {
                let chosen = self
                    .all(&named)
                    .into_iter()
                    .find(|control| control.has("checked"));
                chosen.unwrap_or(control).attribute("value").unwrap_or_default()
            }
        }
    }

    /// What is said to be wrong with a field.
    #[must_use]
    pub fn error_of(&self, field: &str) -> Option<String> {
        let beside = self.find(&format!("#h-{field}"))?;
        elements(&beside.inner, ".error").first().map(Element::text)
    }

    /// Where the link of that text leads.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn link(&self, text: &str) -> String {
        let links = self.all("a");
        let Some(link) = links.iter().find(|link| link.text() == text) else {
            panic!("no link “{text}” on this page: {}", self.words());
        };
        link.attribute("href").unwrap_or_default()
    }

    /// What a header says.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Element {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.tag.split_ascii_whitespace().next().unwrap_or_default()
    }

    /// What it says, blanks joined.
    #[must_use]
    pub fn text(&self) -> String {
        visible(&self.inner)
    }

    /// Elements inside it, as [`Page::all`] finds them.
    #[must_use]
    pub fn all(&self, selector: &str) -> Vec<Self> {
        elements(&self.inner, selector)
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        let (_, rest) = self.tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| unescaped(value))
    }

    /// Whether it has an attribute, with or without a value.
    #[must_use]
    pub fn has(&self, attribute: &str) -> bool {
        let outside_of_quotes: String = self.tag.split('"').step_by(2).collect();
        let mut words = outside_of_quotes.split_ascii_whitespace().skip(1);
        words.any(|word| word.trim_end_matches('=') == attribute)
    }

    fn matches(&self, selector: &str) -> bool {
        let cut = selector.find(['#', '.', '[']).unwrap_or(selector.len());
        let (name, rest) = selector.split_at(cut);
        if !name.is_empty() && name != self.name() {
            return false;
        }
        let attribute = |name: &str| self.attribute(name).unwrap_or_default();
        match rest.chars().next() {
            None => true,
            Some('#') => attribute("id") == rest[1..],
            Some('.') => attribute("class").split(' ').any(|class| class == &rest[1..]),
            Some(_) => {
                let inside = rest.trim_start_matches('[').trim_end_matches(']');
                let (name, value) = inside.split_once('=').unwrap_or((inside, ""));
                self.has(name) && (value.is_empty() || attribute(name) == value)
            }
        }
    }
}

/// The elements of a text that match, in its order.
fn elements(html: &str, selector: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((tag, end)) = next_tag(html, at) {
        at = end;
        if tag.starts_with(['/', '!']) {
            continue;
        }
        let mut element = Element {
            tag: tag.to_owned(),
            inner: String::new(),
        };
        if element.matches(selector) {
            inside(html, end, element.name()).clone_into(&mut element.inner);
            found.push(element);
        }
    }
    found
}

/// The next tag without its brackets, and where it ends. A `>` in quotes does not end it.
fn next_tag(html: &str, from: usize) -> Option<(&str, usize)> {
    let start = from + html.get(from..)?.find('<')? + 1;
    let mut quoted = false;
    for (at, c) in html.get(start..)?.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some((html.get(start..start + at)?, start + at + 1)),
            _ => {}
        }
    }
    None
}

/// What is between the tag that ends at `from` and its closing tag.
fn inside<'a>(html: &'a str, from: usize, name: &str) -> &'a str {
    if VOID.contains(&name) {
        return "";
    }
    let (mut at, mut depth) = (from, 1);
    while let Some((tag, end)) = next_tag(html, at) {
        let closes = tag.starts_with('/');
        let own = tag
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next();
        if own == Some(name) {
            depth = if closes { depth - 1 } else { depth + 1 };
        }
        if depth == 0 {
            return html.get(from..end - tag.len() - 2).unwrap_or_default();
        }
        at = end;
    }
    html.get(from..).unwrap_or_default()
}

/// The text without tags, its entities read, blanks joined.
fn visible(html: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some((tag, end)) = next_tag(html, at) {
        text.push_str(&html[at..end - tag.len() - 2]);
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if !INLINE.contains(&name.trim_end_matches('/')) {
            text.push(' ');
        }
        at = end;
    }
    text.push_str(&html[at..]);
    unescaped(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (entity, rest) = part.split_once(';').unwrap_or(("", part));
        let number = entity.strip_prefix('#').and_then(|digits| {
            let hex = digits
                .strip_prefix('x')
                .and_then(|hex| u32::from_str_radix(hex, 16).ok());
            hex.or_else(|| digits.parse().ok())
        });
        let named = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "nbsp" => Some('\u{a0}'),
            _ => None,
        };
        match number.and_then(char::from_u32).or(named) {
            Some(c) => plain.push(c),
            None => {
                plain.push('&');
                plain.push_str(entity);
                plain.push_str(if entity.is_empty() { "" } else { ";" });
            }
        }
        plain.push_str(rest);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page::new(200, HeaderMap::new(), text.as_bytes().to_vec())
    }

    #[test]
    fn a_page_is_read_as_a_person_reads_it() {
        let page = page(concat!(
            "<!DOCTYPE html><main><h1>甲 &#38; <span>乙</span></h1>",
            "<div class=\"a b\"><div id=\"in\">1</div> 2</div>",
            "<input name=\"n\" value=\"&#60;x&#62;\" required><select name=\"s\"><option value=\"1\">一</option>",
            "<option value=\"2\" selected>二</option></select>",
            "<div id=\"h-n\"><p class=\"hint\">h</p><p class=\"error\">e</p></div><a href=\"/to\">去</a></main>"
        ));
        assert_eq!(page.h1(), "甲 & 乙");
        assert_eq!(page.text_of(".b"), "1 2");
        assert_eq!(page.text_of("div#in"), "1");
        assert_eq!(page.value_of("n"), "<x>");
        assert_eq!(page.value_of("s"), "2");
        assert_eq!(page.error_of("n").as_deref(), Some("e"));
        assert_eq!(page.link("去"), "/to");
        assert!(page.find("input[required]").is_some() && page.find("input[value]").is_some());
        assert!(page.find("input[hidden]").is_none());
        assert!(page.says("甲 & 乙") && !page.says("<x>"));
    }
}
