//! Folders of draws on a disk: read bounded, written whole or not at all.
//! Never overwrites a record, never leaves a half-written file under its name, and never writes where two commands write.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use draw::folder::{Files, is_named};
use draw::form::MAX_FILE_BYTES;

use crate::world;

/// The most entries of a folder that are looked at.
const MAX_FILES: usize = 100_000;

/// What failed, in words: what was tried, and why the system refused.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system has many more reasons; they are named as it names them"
)]
fn failed(tried: &str, path: &Path, error: &std::io::Error) -> anyhow::Error {
    let why = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或文件夹，请检查路径",
        ErrorKind::PermissionDenied => "没有权限，请检查文件夹的权限或换一个位置",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘已满，请腾出空间后再执行一次",
        ErrorKind::ReadOnlyFilesystem => "磁盘是只读的，请换一个位置",
        ErrorKind::NotADirectory => "路径中有一段不是文件夹",
        ErrorKind::IsADirectory => "这是文件夹，不是文件",
        ErrorKind::AlreadyExists => "已经存在",
        ErrorKind::InvalidFilename => "文件名太长或含有不允许的字符",
        other => return anyhow!("{tried} {}：系统没有完成（{other}）", path.display()),
    };
    anyhow!("{tried} {}：{why}", path.display())
}

/// Reads the files of a draw from a folder; all others are ignored.
pub(crate) fn read_draw(folder: &Path) -> Result<Files> {
    let entries = fs::read_dir(folder).map_err(|e| failed("打不开文件夹", folder, &e))?;
    let mut files = Files::new();
    for (entry, count) in entries.zip(1..) {
        if count > MAX_FILES {
            bail!("文件夹 {} 中的文件超过 {MAX_FILES} 个", folder.display());
        }
        let entry = entry.map_err(|e| failed("读不了文件夹", folder, &e))?;
        if let Some(name) = entry.file_name().to_str().filter(|name| is_named(name)) {
            files.insert(name.to_owned(), read(&entry.path())?);
        }
    }
    Ok(files)
}

/// Opens a file to be read.
pub(crate) fn open(path: &Path) -> Result<File> {
    // A pipe would be waited for without end.
    let open = || {
        if fs::metadata(path)?.is_file() {
            File::open(path).map(Some)
        } else {
            Ok(None)
        }
    };
    let file = open().map_err(|e| failed("打不开", path, &e))?;
    file.with_context(|| format!("{} 不是普通文件", path.display()))
}

/// Reads a file; one that is too large is read one byte too far, so that its form is found wrong.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = open(path)?
        .take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|e| failed("读不了", path, &e))
}

/// Reads a file that must not be cut.
pub(crate) fn read_whole(path: &Path) -> Result<Vec<u8>> {
    let bytes = read(path)?;
    if bytes.len() > MAX_FILE_BYTES {
        bail!("{} 超过 256 MiB，请压缩或拆分", path.display());
    }
    Ok(bytes)
}

/// Reads a text file that a person wrote.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let text = String::from_utf8(read_whole(path)?);
    text.map_err(|_| anyhow!("{} 不是 UTF-8 文本，请另存为 UTF-8", path.display()))
}

/// Who may read what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody (0644).
    Public,
    /// The owner alone (0600).
    Private,
}

/// Writes a file that does not exist yet, or that already says exactly this.
pub(crate) fn write_new(path: &Path, bytes: &[u8], access: Access) -> Result<()> {
    let temporary = written_beside(path, bytes, access)?;
    // A link fails where the name is taken, whoever took it and when.
    let linked = fs::hard_link(&temporary, path);
    let placed = match linked {
        Err(ref e) if e.kind() == ErrorKind::AlreadyExists => {
            remove(&temporary);
            return if read(path)? == bytes {
                Ok(())
            } else {
                bail!(
                    "{} 已经存在且内容不同，不会覆盖；请换一个位置，或先核对它的来历",
                    path.display()
                )
            };
        }
        // Some file systems have no links; commands are kept apart by the lock of the folder all the same.
        Err(_) if !path.exists() => fs::rename(&temporary, path),
        linked => linked,
    };
    remove(&temporary);
    placed
        .and_then(|()| sync_folder_of(path))
        .map_err(|e| failed("写不了", path, &e))
}

/// Writes a file whole: under another name first, then put in its place.
pub(crate) fn replace(path: &Path, bytes: &[u8], access: Access) -> Result<()> {
    let temporary = written_beside(path, bytes, access)?;
    let placed = fs::rename(&temporary, path).and_then(|()| sync_folder_of(path));
    if placed.is_err() {
        remove(&temporary);
    }
    placed.map_err(|e| failed("写不了", path, &e))
}

/// Adds a line to a private record and waits until it is on the disk.
pub(crate) fn append_private(path: &Path, line: &str) -> Result<()> {
    if path.exists() && !path.is_file() {
        bail!("{} 不是普通文件", path.display());
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    mode(&mut options, Access::Private);
    let appended = options.open(path).and_then(|mut file| {
        file.write_all(line.as_bytes())?;
        file.sync_all()
    });
    appended.map_err(|e| failed("写不了", path, &e))
}

/// A new file of a name that nobody can foresee, with the bytes in it and on the disk.
fn written_beside(path: &Path, bytes: &[u8], access: Access) -> Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.writing", draw::hash::to_hex(&world::random::<8>()?)));
    let temporary = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    mode(&mut options, access);
    let written = options.open(&temporary).and_then(|mut file| {
        set_mode(&file, access)?;
        file.write_all(bytes)?;
        file.sync_all()
    });
    if written.is_err() {
        remove(&temporary);
    }
    written
        .map(|()| temporary)
        .map_err(|e| failed("写不了", path, &e))
}

fn remove(temporary: &Path) {
    // What is left of an attempt is of no use; how the attempt ended is what is reported.
    drop(fs::remove_file(temporary));
}

/// A new name is on the disk once its folder is.
fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(unix)]
const fn bits(access: Access) -> u32 {
    match access {
        Access::Public => 0o644,
        Access::Private => 0o600,
    }
}

#[cfg(unix)]
fn mode(options: &mut OpenOptions, access: Access) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(bits(access));
}

/// The mode at creation is cut by the user's mask; a public file must be readable all the same.
#[cfg(unix)]
fn set_mode(file: &File, access: Access) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(bits(access)))
}

#[cfg(not(unix))]
fn mode(_: &mut OpenOptions, _: Access) {}

#[cfg(not(unix))]
fn set_mode(_: &File, _: Access) -> std::io::Result<()> {
    Ok(())
}

/// Makes a folder that only its owner may enter (0700), if it is not there yet.
pub(crate) fn make_private_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    make_folder(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(path, private).map_err(|e| failed("设不了权限", path, &e))?;
    }
    Ok(())
}

/// Makes a folder that everybody may read.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| failed("建不了文件夹", path, &e))
}

/// Keeps a folder for one command; it is free again when the command ends, however it ends.
pub(crate) struct FolderLock {
    _held: File,
}

/// Takes a folder for this command alone.
pub(crate) fn lock_folder(folder: &Path) -> Result<FolderLock> {
    let held = File::open(folder).map_err(|e| failed("打不开文件夹", folder, &e))?;
    match held.try_lock() {
        Ok(()) => Ok(FolderLock { _held: held }),
        Err(TryLockError::WouldBlock) => {
            bail!("另一个命令正在使用 {}，请等它结束后再执行一次", folder.display())
        }
        Err(TryLockError::Error(e)) => Err(failed("锁不住文件夹", folder, &e)),
    }
}

/// Refuses a secret folder that lies in the public one, or holds it.
pub(crate) fn refuse_nested(public: &Path, secrets: &Path) -> Result<()> {
    let (public, secrets) = (resolved(public)?, resolved(secrets)?);
    if public.starts_with(&secrets) || secrets.starts_with(&public) {
        bail!("保密文件夹和公开文件夹不能是同一个，也不能一个在另一个里面");
    }
    Ok(())
}

/// Refuses to write something secret into a public folder.
pub(crate) fn refuse_inside(public: &Path, file: &Path) -> Result<()> {
    if resolved(file)?.starts_with(resolved(public)?) {
        bail!("{} 在公开文件夹里，名单不能写到那里", file.display());
    }
    Ok(())
}

/// The real path of what may not be there yet.
fn resolved(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(|e| failed("找不到", path, &e))?;
    let there = absolute
        .ancestors()
        .find(|ancestor| ancestor.exists())
        .unwrap_or(&absolute);
    let real = fs::canonicalize(there).map_err(|e| failed("找不到", path, &e))?;
    let rest = absolute.strip_prefix(there).unwrap_or(Path::new(""));
    Ok(if rest.as_os_str().is_empty() {
        real
    } else {
        real.join(rest)
    })
}
