//! Pagers and query strings of lists.
//! Never loses a condition of the search when another page is asked for.

use ops::{Page, PageRequest};

/// Rows of a page where nobody asks for another number.
pub(crate) const ROWS: u64 = 20;
const SIZES: [u64; 3] = [20, 50, 100];

/// A link of a pager; without an address it is only a word.
pub(crate) struct PageLink {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// 共 N 条 and the links.
pub(crate) struct Pager {
    pub(crate) total: u64,
    pub(crate) page: u64,
    pub(crate) pages: u64,
    pub(crate) links: Vec<PageLink>,
    pub(crate) sizes: Vec<PageLink>,
}

/// Page and size of a query string.
pub(crate) fn request(page: Option<u64>, size: Option<u64>) -> PageRequest {
    PageRequest::new(page.unwrap_or(1), size.unwrap_or(ROWS))
}

impl Pager {
    /// The pager of a list at `path` that was asked for with that query string.
    pub(crate) fn new<T>(path: &str, query: &str, list: &Page<T>) -> Self {
        let (page, size) = (list.request.page(), list.request.size());
        let pages = list.total.div_ceil(size).max(1);
        let to = |page: u64, size: u64| format!("{path}?{}page={page}&size={size}", kept(query));
        let link = |label: &str, wanted: u64| PageLink {
            label: label.to_owned(),
            href: if (1..=pages).contains(&wanted) && wanted != page {
                to(wanted, size)
            } else {
                String::new()
            },
            current: false,
        };
        let mut links = vec![link("上一页", page.saturating_sub(1))];
        for number in shown(page, pages) {
            links.push(number.map_or_else(
                || PageLink {
                    label: "…".to_owned(),
                    href: String::new(),
                    current: false,
                },
                |number| PageLink {
                    label: number.to_string(),
                    href: to(number, size),
                    current: number == page,
                },
            ));
        }
        links.push(link("下一页", page + 1));
        let sizes = SIZES.iter().map(|own| PageLink {
            label: own.to_string(),
            href: to(1, *own),
            current: *own == size,
        });
        Self {
            total: list.total,
            page,
            pages,
            links,
            sizes: sizes.collect(),
        }
    }
}

/// The first, the last, and those around the present one; none stands for those left out.
fn shown(page: u64, pages: u64) -> Vec<Option<u64>> {
    let wanted = [1, page.saturating_sub(1), page, page + 1, pages];
    let mut numbers: Vec<u64> = wanted
        .into_iter()
        .filter(|number| (1..=pages).contains(number))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut shown = Vec::new();
    let mut last = 0;
    for number in numbers {
        if number > last + 1 {
            shown.push(None);
        }
        shown.push(Some(number));
        last = number;
    }
    shown
}

/// The conditions of a query string, without page and size, each with its `&`.
pub(crate) fn kept(query: &str) -> String {
    let conditions = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("page=") && !pair.starts_with("size="));
    conditions.flat_map(|pair| [pair, "&"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_shows_first_last_and_neighbours_and_keeps_conditions() {
        let list = Page {
            rows: vec![(); 20],
            total: 12_000,
            request: PageRequest::new(7, 20),
        };
        let pager = Pager::new("/sources", "level=%E5%B8%82%E6%8E%A7&page=7&size=20", &list);
        let labels: Vec<&str> = pager.links.iter().map(|link| link.label.as_str()).collect();
        assert_eq!(labels, ["上一页", "1", "…", "6", "7", "8", "…", "600", "下一页"]);
        assert_eq!(
            pager.links[0].href,
            "/sources?level=%E5%B8%82%E6%8E%A7&page=6&size=20"
        );
        let one = Page {
            rows: vec![()],
            total: 0,
            request: PageRequest::new(1, 20),
        };
        assert_eq!(Pager::new("/sources", "", &one).pages, 1);
    }
}
