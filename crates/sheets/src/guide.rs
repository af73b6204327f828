//! The columns of a register as a page of the handbook, from the same table that reads files and writes templates.
//! Never says anything that the importer does not do.

use crate::register::Register;

/// The columns of a register as a table in Markdown: title, needed or not, other titles, what to write.
#[must_use]
pub fn guide<R: Register>() -> String {
    let mut page = format!(
        "## {}\n\n| 列名 | 必需 | 也可写作 | 填写说明 |\n|---|---|---|---|\n",
        R::TITLE
    );
    for (_, column) in R::COLUMNS {
        let needed = if column.required { "是" } else { "" };
        let choices = column
            .choices
            .map(|choices| format!("；可填：{}", choices().join("、")))
            .unwrap_or_default();
        let synonyms = column.synonyms.join("、");
        page.push_str(&format!(
            "| {} | {needed} | {synonyms} | {}{choices} |\n",
            column.title, column.hint
        ));
    }
    page
}
