//! Folders of draws on a disk: read bounded, written whole or not at all.
//! Never overwrites a record, and never leaves a half-written file under its name.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use draw::folder::{Files, is_named};
use draw::form::MAX_FILE_BYTES;

/// The most sub-n.txt files that are read from a folder, and other names with them.
const MAX_FILES: usize = 100_000;

/// Reads the files of a draw from a folder; all others are ignored.
pub(crate) fn read_draw(folder: &Path) -> Result<Files> {
    let entries = fs::read_dir(folder).with_context(|| format!("打不开文件夹 {}", folder.display()))?;
    let mut files = Files::new();
    for (entry, count) in entries.zip(1..) {
        if count > MAX_FILES {
            bail!("文件夹 {} 中的文件超过 {MAX_FILES} 个", folder.display());
        }
        let entry = entry.with_context(|| format!("读不了文件夹 {}", folder.display()))?;
        if let Some(name) = entry.file_name().to_str().filter(|name| is_named(name)) {
            files.insert(name.to_owned(), read_bounded(&entry.path())?);
        }
    }
    Ok(files)
}

/// Reads a file; one that is too large is read one byte too far, so that its form is found wrong.
fn read_bounded(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("打不开文件 {}", path.display()))?;
    let mut bytes = Vec::new();
    let limit = MAX_FILE_BYTES as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .with_context(|| format!("读不了文件 {}", path.display()))?;
    Ok(bytes)
}

/// Reads a text file that a person wrote.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let bytes = read_bounded(path)?;
    String::from_utf8(bytes).with_context(|| format!("{} 不是 UTF-8 文本，请另存为 UTF-8", path.display()))
}

/// Reads any file, bounded.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    read_bounded(path)
}

/// Who may read what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody.
    Public,
    /// The owner alone (0600).
    Private,
}

/// Writes a file that does not exist yet, or that already says exactly this.
pub(crate) fn write_new(path: &Path, bytes: &[u8], access: Access) -> Result<()> {
    if path.exists() {
        if read_bounded(path)? == bytes {
            return Ok(());
        }
        bail!(
            "{} 已经存在且内容不同，不会覆盖；请换一个文件夹，或先核对它的来历",
            path.display()
        );
    }
    replace(path, bytes, access)
}

/// Writes a file whole: under another name first, then put in its place.
pub(crate) fn replace(path: &Path, bytes: &[u8], access: Access) -> Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let temporary = temporary_beside(path);
    let written = create(&temporary, access)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| File::open(folder)?.sync_all());
    if written.is_err() && temporary.exists() {
        // What is left of a failed attempt is of no use; that it failed is what is reported.
        drop(fs::remove_file(&temporary));
    }
    written.with_context(|| format!("写不了 {}：请检查磁盘空间和权限", path.display()))
}

/// Adds a line to a private record and waits until it is on the disk.
pub(crate) fn append_private(path: &Path, line: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    private(&mut options);
    let appended = options
        .open(path)
        .and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_all()));
    appended.with_context(|| format!("写不了 {}：请检查磁盘空间和权限", path.display()))
}

fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".writing");
    path.with_file_name(name)
}

fn create(path: &Path, access: Access) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    if access == Access::Private {
        private(&mut options);
    }
    options.open(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn private(_: &mut OpenOptions) {}

/// Makes a folder that only its owner may enter (0700).
pub(crate) fn make_private_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("建不了文件夹 {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(path, private).with_context(|| format!("设不了 {} 的权限", path.display()))?;
    }
    Ok(())
}

/// Makes a folder that everybody may read.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("建不了文件夹 {}", path.display()))
}
