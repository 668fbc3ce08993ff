//! Erasing bodies, so that their bytes leave the pages as well.

use rusqlite::Connection;

use super::readers::clamped;

/// Erases the bodies of the entries `indexes` inside the writer's transaction; how many there were.
///
/// Each is overwritten where it stands before its row goes; `secure_delete` zeroes what is freed after that.
pub(super) fn erase(
    connection: &Connection,
    indexes: impl Iterator<Item = u64>,
) -> rusqlite::Result<usize> {
    let mut blank = connection.prepare_cached(
        "UPDATE body SET salt = zeroblob(length(salt)), body = zeroblob(length(body)) WHERE idx = ?1",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM body WHERE idx = ?1")?;
    let mut bodies = 0;
    for index in indexes {
        blank.execute([clamped(index)])?;
        bodies += delete.execute([clamped(index)])?;
    }
    Ok(bodies)
}
