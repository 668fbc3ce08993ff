//! The folder: the database file with its settings, the lock, the reserve.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ledger::merkle::Frontier;
use ledger::note::VerifierKey;
use rusqlite::{Connection, OpenFlags, params};

use super::error::OpenError;
use super::wal;
use crate::faults::{self, Step};
use crate::limit::RESERVE_BYTES;
use crate::log::Signer;
use crate::signed::signed;

/// The database, beside it `record.sqlite-wal` and `record.sqlite-shm` while it is open.
pub(super) const DATABASE: &str = "record.sqlite";

/// The same while it is being made.
const UNFINISHED: &str = "record.sqlite.new";

/// Locked by the process that writes. Its content says nothing.
const LOCK: &str = "record.lock";

/// Space kept back; its content says nothing.
const RESERVE: &str = "record.reserve";

/// `PRAGMA application_id`: "Cold".
const APPLICATION: i32 = 0x436f_6c64;

/// `PRAGMA user_version`: the version of `docs/formats/log.md`.
const VERSION: i32 = 1;

/// The first version without the fault that let a commit beside a checkpoint damage the file.
const LIBRARY_MIN: i32 = 3_051_003;

const SCHEMA: &str = "
    CREATE TABLE entry (
        idx INTEGER PRIMARY KEY,
        bytes BLOB NOT NULL,
        statement_id BLOB NOT NULL
    ) STRICT;
    CREATE TABLE body (
        idx INTEGER PRIMARY KEY REFERENCES entry (idx),
        salt BLOB NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        size INTEGER NOT NULL,
        root BLOB NOT NULL,
        frontier BLOB NOT NULL,
        note TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE names (person BLOB PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// Takes the lock of `folder` for as long as the file lives.
pub(super) fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| OpenError::io("open", &path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            folder: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(OpenError::io("lock", &path, source)),
    }
}

/// Makes the database with a signed head over no entries. The folder is locked.
pub(super) fn create(
    folder: &Path,
    key: &VerifierKey,
    signer: &mut Signer,
) -> Result<(), OpenError> {
    let (connection, unfinished, done) = begin(folder)?;
    fill(connection, key, signer)?;
    faults::at(Step::SyncFile, || File::open(&unfinished)?.sync_all())
        .map_err(|source| OpenError::io("sync", &unfinished, source))?;
    faults::at(Step::Rename, || fs::rename(&unfinished, &done))
        .map_err(|source| OpenError::io("rename", &unfinished, source))?;
    // A crash before the folder is synced may undo the rename: nothing was entered yet, and `create` runs again.
    sync_folder(folder)
}

/// Begins a database without a head, under the unfinished name; that name, and the one that it is to have.
pub(super) fn begin(folder: &Path) -> Result<(Connection, PathBuf, PathBuf), OpenError> {
    let done = folder.join(DATABASE);
    if done.exists() {
        return Err(OpenError::Exists {
            folder: folder.to_owned(),
        });
    }
    let unfinished = folder.join(UNFINISHED);
    // A crash from here to the rename leaves a file under the unfinished name, which opening refuses and this removes.
    for leftover in [
        UNFINISHED.to_owned(),
        format!("{UNFINISHED}-wal"),
        format!("{UNFINISHED}-shm"),
    ] {
        let path = folder.join(leftover);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(OpenError::io("remove", &path, source)),
        }
    }
    let wrong = OpenError::database("make the record");
    let connection = connect(
        &unfinished,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    )?;
    connection
        .pragma_update(None, "application_id", APPLICATION)
        .map_err(&wrong)?;
    connection
        .pragma_update(None, "user_version", VERSION)
        .map_err(&wrong)?;
    settings(&connection)?;
    faults::at(Step::MakeTables, || connection.execute_batch(SCHEMA)).map_err(&wrong)?;
    Ok((connection, unfinished, done))
}

fn fill(connection: Connection, key: &VerifierKey, signer: &mut Signer) -> Result<(), OpenError> {
    let wrong = OpenError::database("make the record");
    let frontier = Frontier::new();
    let note = signed(key, signer, &frontier).map_err(OpenError::Sign)?;
    let begin = connection.unchecked_transaction().map_err(&wrong)?;
    let root = frontier.root();
    begin
        .execute(
            "INSERT INTO head (id, size, root, frontier, note, at) VALUES (1, 0, ?1, x'', ?2, 0)",
            params![root.0, note],
        )
        .map_err(&wrong)?;
    begin
        .execute(
            "INSERT INTO checkpoint (size, note) VALUES (0, ?1)",
            [&note],
        )
        .map_err(&wrong)?;
    faults::at(Step::FirstHead, || begin.commit()).map_err(&wrong)?;
    close_whole(connection)
}

/// Closes a new database so that all of it is in the one file that a rename moves.
///
/// Closing alone would do, were it not that it says nothing when it cannot move the write-ahead log into the file: the name
/// would then be given to a file without its content.
pub(super) fn close_whole(connection: Connection) -> Result<(), OpenError> {
    let wrong = OpenError::database("bring the new record into one file");
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(&wrong)?;
    if busy != 0 {
        return Err(OpenError::Damaged(
            "something else has the new record open".into(),
        ));
    }
    connection.close().map_err(|(_, error)| wrong(error))
}

/// Opens the database for writing, with its settings. The folder is locked.
pub(super) fn open(folder: &Path) -> Result<Connection, OpenError> {
    let path = find(folder)?;
    is_whole(folder, wal::lost_what_was_synced)?;
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    identify(&connection)?;
    settings(&connection)?;
    Ok(connection)
}

/// Whether the write-ahead log has every frame that was synced, beside a program that may write it just now.
pub(super) fn is_whole_beside(folder: &Path) -> Result<(), OpenError> {
    is_whole(folder, wal::lost_beside_a_writer)
}

fn is_whole(folder: &Path, look: fn(&Path) -> io::Result<bool>) -> Result<(), OpenError> {
    let beside = folder.join(format!("{DATABASE}-wal"));
    if look(&beside).map_err(|source| OpenError::io("read", &beside, source))? {
        return Err(OpenError::Damaged(
            "its write-ahead log has a damaged place with synced entries behind it, which opening it would drop: keep all three files as they are and bring back a copy".into(),
        ));
    }
    Ok(())
}

/// Opens the database for reading only.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(OpenError::database("open for reading"))?;
    Ok(connection)
}

/// The database's path, when there is one with anything in it.
pub(super) fn find(folder: &Path) -> Result<PathBuf, OpenError> {
    let path = folder.join(DATABASE);
    match fs::metadata(&path) {
        Ok(about) if about.len() == 0 => Err(OpenError::Empty { file: path }),
        Ok(_) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = folder.to_owned();
            let unfinished = folder.join(UNFINISHED).exists();
            Err(if unfinished {
                OpenError::Unfinished { folder }
            } else {
                OpenError::Missing { folder }
            })
        }
        Err(source) => Err(OpenError::io("look at", &path, source)),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    if rusqlite::version_number() < LIBRARY_MIN {
        return Err(OpenError::LibraryTooOld {
            found: rusqlite::version(),
        });
    }
    // No shared cache and no mutex: each connection stays on the thread that holds it.
    Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(OpenError::database("open the record"))
}

/// Refuses a file that is not a record of this version.
pub(super) fn identify(connection: &Connection) -> Result<(), OpenError> {
    let wrong = OpenError::database("read the record");
    let number = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i32>(0))
            .map_err(&wrong)
    };
    if number("application_id")? != APPLICATION {
        return Err(OpenError::OtherFormat(
            "it was not made by this program".into(),
        ));
    }
    let version = number("user_version")?;
    if version != VERSION {
        return Err(OpenError::OtherFormat(format!(
            "it has version {version} of the format, this reads {VERSION}"
        )));
    }
    Ok(())
}

/// The settings that durability rests on, made and read back.
fn settings(connection: &Connection) -> Result<(), OpenError> {
    let wrong = OpenError::database("take its settings");
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
        .map_err(&wrong)?;
    if mode != "wal" {
        return Err(OpenError::Setting("journal_mode=wal"));
    }
    // NORMAL does not sync at a commit: a power cut would take back what was acknowledged.
    let (wanted, reads_as) = faults::synchronous();
    connection
        .pragma_update(None, "synchronous", wanted)
        .map_err(&wrong)?;
    let synchronous: i64 = connection
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .map_err(&wrong)?;
    if synchronous != reads_as {
        return Err(OpenError::Setting("synchronous=full"));
    }
    // The writer makes its checkpoints when it is idle, so that no caller waits for one.
    connection
        .pragma_update_and_check(None, "wal_autocheckpoint", 0, |row| row.get::<_, i64>(0))
        .map_err(&wrong)?;
    // An erased name must leave the file, not only its index.
    connection
        .pragma_update_and_check(None, "secure_delete", true, |row| row.get::<_, i64>(0))
        .map_err(&wrong)?;
    connection
        .pragma_update(None, "trusted_schema", false)
        .map_err(&wrong)?;
    connection
        .pragma_update(None, "cell_size_check", true)
        .map_err(&wrong)?;
    // Only a reader can be in the way, and only of a checkpoint, which can wait for the next time.
    connection
        .busy_timeout(std::time::Duration::from_millis(250))
        .map_err(&wrong)
}

/// Keeps [`RESERVE_BYTES`] back in `folder`, unless they are kept already.
pub(super) fn keep_reserve(folder: &Path) -> io::Result<()> {
    let path = folder.join(RESERVE);
    if fs::metadata(&path).is_ok_and(|about| about.len() == RESERVE_BYTES) {
        return Ok(());
    }
    let made = faults::at(Step::Reserve, || write_reserve(&path));
    if made.is_err() {
        // Half a reserve takes room and gives none.
        fs::remove_file(&path).ok();
    }
    made
}

fn write_reserve(path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    // Bytes that no file system stores as a hole or squeezes to nothing.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut block = Vec::with_capacity(4096);
    for _ in 0..RESERVE_BYTES / 4096 {
        block.clear();
        for _ in 0..512 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            block.extend_from_slice(&state.to_le_bytes());
        }
        file.write_all(&block)?;
    }
    file.sync_all()
}

/// Gives the reserve back. `false` when there is none.
pub(super) fn release_reserve(folder: &Path) -> io::Result<bool> {
    match fs::remove_file(folder.join(RESERVE)) {
        Ok(()) => {
            // Some file systems free the space only when the removal itself is on the disk.
            File::open(folder)?.sync_all()?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), OpenError> {
    faults::at(Step::SyncFolder, || File::open(folder)?.sync_all())
        .map_err(|source| OpenError::io("sync", folder, source))
}
