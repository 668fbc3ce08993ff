//! Erasing bodies, so that their bytes leave the pages as well.

use ledger::Digest;
use rusqlite::{Connection, OptionalExtension as _};

/// Erases the bodies of `statements` inside the writer's transaction; how many there were.
///
/// Each is overwritten where it stands before its row goes; `secure_delete` zeroes what is freed after that.
pub(super) fn erase(connection: &Connection, statements: &[Digest]) -> rusqlite::Result<usize> {
    let mut find = connection.prepare_cached("SELECT idx FROM entry WHERE statement_id = ?1")?;
    let mut blank = connection.prepare_cached(
        "UPDATE body SET salt = zeroblob(length(salt)), body = zeroblob(length(body)) WHERE idx = ?1",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM body WHERE idx = ?1")?;
    let mut bodies = 0;
    for statement in statements {
        let index: Option<i64> = find.query_row([statement.0], |row| row.get(0)).optional()?;
        if let Some(index) = index {
            blank.execute([index])?;
            bodies += delete.execute([index])?;
        }
    }
    Ok(bodies)
}
