//! Why a whole file is refused, each as a sentence that says what is wrong and what to do.
//! Never about a single row: those are findings.

use crate::limits::{
    CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, FILE_BYTES_MAX, HEADER_ROWS_MAX, PARTS_MAX, REFUSED_ROWS_MAX,
    ROWS_MAX, SHEETS_MAX,
};

/// A file that cannot be read as a register.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The operating system did not give the bytes.
    #[error("读取文件失败（{0}）；请确认文件没有被移走或被其他程序占用")]
    Io(#[from] std::io::Error),
    /// A file of another kind.
    #[error("{0}")]
    Kind(#[from] WrongKind),
    /// A workbook that is damaged or not made by a spreadsheet program.
    #[error("工作簿已损坏或不是由表格软件生成的（{detail}）；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入")]
    Damaged {
        /// What was found, in a few words.
        detail: String,
    },
    /// A cell of delimited text whose quote is never closed.
    #[error(
        "第{row}行开始的引号没有配对，后面的内容无法分清；请补上引号，或用 Excel 打开核对后另存为 .xlsx 再导入"
    )]
    Quote {
        /// Row of the opening quote.
        row: u32,
    },
    /// JSON that is not an array of objects with single values.
    #[error(
        "JSON {detail}；应当是 UTF-8 编码的一个数组，例如 [{{\"企业名称\": \"…\"}}]，每个对象是一行、列名对应一个文字或数字；请改正后再导入"
    )]
    Json {
        /// What was found, in a few words.
        detail: String,
    },
    /// More than the reader takes on.
    #[error("{0}")]
    TooMuch(#[from] TooMuch),
    /// Text that is in no encoding known.
    #[error("{0}")]
    Encoding(#[from] WrongEncoding),
    /// No row looks like the header of this register.
    #[error(
        "前{HEADER_ROWS_MAX}行里找不到《{register}》的表头；表头至少要有“{}”各列，可先下载模板对照",
        required.join("”“")
    )]
    NoHeader {
        /// The register asked for.
        register: &'static str,
        /// Titles of the columns that must be there.
        required: Vec<&'static str>,
    },
    /// A header without columns that must be there.
    #[error("第{row}行的表头缺少必需的列：{}；请补上该列或修改列名后再导入", missing.iter().map(MissingColumn::sentence).collect::<Vec<_>>().join("；"))]
    MissingColumns {
        /// Row of the header.
        row: u32,
        /// What is missing.
        missing: Vec<MissingColumn>,
    },
    /// So many findings that the columns must be wrong.
    #[error("不能导入的行超过{REFUSED_ROWS_MAX}行，多半是列对错了或选错了名录库；请先核对表头")]
    TooManyFindings,
    /// A workbook could not be written.
    #[error("生成工作簿失败；请确认磁盘还有空间")]
    Write(#[from] rust_xlsxwriter::XlsxError),
}

/// A column that must be there, and how it may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumn {
    /// Its title.
    pub title: &'static str,
    /// Other titles that are understood.
    pub synonyms: &'static [&'static str],
}

impl MissingColumn {
    fn sentence(&self) -> String {
        let Self { title, synonyms } = self;
        if synonyms.is_empty() {
            return format!("“{title}”");
        }
        format!("“{title}”（也可写作{}）", synonyms.join("、"))
    }
}

/// A file of a kind that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongKind {
    /// No bytes, or nothing but blanks.
    #[error("文件是空的；请确认选对了文件")]
    Empty,
    /// The binary workbook of before 2007.
    #[error(
        "这是旧版 .xls 工作簿（无论文件名是什么）；请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再导入"
    )]
    OldXls,
    /// A workbook under a password.
    #[error("工作簿设有打开密码，无法读取；请打开后取消密码（文件—信息—保护工作簿），另存为 .xlsx 后再导入")]
    Encrypted,
    /// Another file of the same container as .xls and .doc.
    #[error("这是旧版办公文档（可能是 .doc、.ppt 或 .et），不是表格；请另存为 .xlsx 后再导入")]
    OldOffice,
    /// A binary workbook.
    #[error("这是二进制工作簿 .xlsb；请用 Excel 打开，另存为“Excel 工作簿（*.xlsx）”后再导入")]
    Xlsb,
    /// A spreadsheet of LibreOffice.
    #[error("这是 OpenDocument 表格 .ods；请打开后另存为 .xlsx 再导入")]
    Ods,
    /// A text document or slides in the same container.
    #[error("这是文档或演示文稿，不是表格；请把表格复制到工作簿，存为 .xlsx 后再导入")]
    Document,
    /// A zip archive.
    #[error("这是压缩包，不是工作簿；请先解压，再导入里面的 .xlsx、.csv 或 .json 文件")]
    Archive,
    /// A web page that some systems export under the name .xls.
    #[error(
        "这是网页格式的表格（有些系统导出的 .xls 其实是网页）；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
    )]
    Html,
    /// PDF, pictures and so on.
    #[error("这不是表格文件；请导入 .xlsx、.csv 或 .json 文件")]
    Other,
}

/// A file that goes beyond a limit of [`crate::limits`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Bytes of the file.
    #[error("文件超过{}兆字节；请拆成几个文件分别导入", FILE_BYTES_MAX >> 20)]
    File,
    /// Entries of the container.
    #[error("工作簿里的部件超过{PARTS_MAX}个，不像名录库；请把名录库单独另存为一个工作簿")]
    Parts,
    /// Bytes after inflating.
    #[error("工作簿解压后过大，可能是恶意文件；如果确实是名录库，请拆成几个文件，或另存为 .csv 后再导入")]
    Inflated,
    /// An element or text without end.
    #[error("工作簿里有异常长的内容，可能是恶意文件；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入")]
    Run,
    /// Elements nested without end.
    #[error("工作簿的结构嵌套过深，可能是恶意文件；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入")]
    Depth,
    /// A document type declaration, by which other files could be drawn in.
    #[error(
        "工作簿里有不允许的文档类型声明（DTD），可能是恶意文件；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
    )]
    Dtd,
    /// Worksheets.
    #[error("工作表超过{SHEETS_MAX}张；请把名录库单独另存为一个工作簿")]
    Sheets,
    /// Cell formats.
    #[error("工作簿的单元格格式过多；请把内容复制到新的工作簿，存为 .xlsx 后再导入")]
    Formats,
    /// Shared strings.
    #[error("工作簿的文字过多；请拆成几个文件，或另存为 .csv 后再导入")]
    Strings,
    /// Rows.
    #[error("有内容的行超过{ROWS_MAX}行；请拆成几个文件分别导入")]
    Rows,
    /// Columns.
    #[error("单元格{place}有内容，超出了{COLUMNS_MAX}列的上限；请删除表格以外的内容后再导入")]
    Columns {
        /// A cell beyond the last column, such as XFD1048576.
        place: String,
    },
    /// Cells, or their text together.
    #[error("有内容的单元格超过{CELLS_MAX}个或文字过多；请拆成几个文件分别导入")]
    Cells,
    /// Text of a cell.
    #[error("第{row}行有单元格超过{CELL_CHARS_MAX}个字；请删减后再导入（如果是 .csv，可能是缺了一个引号）")]
    CellText {
        /// The row.
        row: u32,
    },
}

/// Text whose encoding cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongEncoding {
    /// Some lines are UTF-8, others are not.
    #[error(
        "文件里混有不同的编码：第{line}行与其他行不同，读出来会是乱码；请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再导入"
    )]
    Mixed {
        /// The first line, from 1, that differs.
        line: u32,
    },
    /// Neither UTF-8 nor GB18030.
    #[error(
        "文件既不是 UTF-8 也不是 GB18030（GBK）编码，从第{line}行起无法辨认；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
    )]
    Unknown {
        /// The line, from 1.
        line: u32,
    },
    /// NUL bytes: UTF-16 without its mark, or no text at all.
    #[error("文件第{line}行含有空字节，不是普通的文本表格；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入")]
    Nul {
        /// The line, from 1.
        line: u32,
    },
    /// Ends in the middle of a character.
    #[error("文件末尾不完整（最后一个字只有一半），可能没有传完；请重新导出或重新上传")]
    CutOff,
}

impl SheetError {
    pub(crate) fn json(detail: String) -> Self {
        Self::Json { detail }
    }

    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged {
            detail: detail.into(),
        }
    }
}
