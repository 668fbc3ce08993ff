//! Numbers that bound something, each with its reason.

/// Bytes of a script: 500 pages are about 1.5 MB in Fountain and 6 MB in FDX with its revisions; UTF-16 doubles it.
pub const SCRIPT_BYTES: usize = 32 * 1024 * 1024;
/// Bytes of a sheet: 5,000 rows of 1 KiB.
pub const SHEET_BYTES: usize = 8 * 1024 * 1024;
/// Scenes: a series' whole season has fewer.
pub const SCENES: usize = 5_000;
/// Depth of XML: Final Draft writes under ten.
pub const DEPTH: usize = 64;
/// Characters kept of a heading.
pub const HEADING_CHARS: usize = 300;
/// Characters kept of a scene's number, such as `A121B`.
pub const NUMBER_CHARS: usize = 24;
/// Uses kept of one scene; what is beyond is counted.
pub const USES: usize = 200;
/// Rows of a sheet: the largest rental houses bring some hundred pieces to one production.
pub const ROWS: usize = 5_000;
/// Columns of a sheet.
pub const COLUMNS: usize = 200;
/// Characters of a cell, as of free words in the record.
pub const CELL_CHARS: usize = 2_000;
/// Rows among which the header is looked for: a title and a date often stand above it.
pub const HEADER_ROWS: usize = 3;
/// Lines that one cell may run over: more is a quotation mark that nobody closed.
pub const CELL_LINES: usize = 20;
/// People, shields and so on in one shot plan.
pub const PLAN_THINGS: usize = 200;
/// Farthest point of a plan, mm: two kilometres.
pub const PLAN_MM: i64 = 2_000_000;
/// Half the width of a person who may sway or step, mm.
pub const PERSON_MM: i64 = 300;
/// Widest half angle of a line, mrad: beyond it a drawn line says nothing.
pub const SPREAD_MRAD: i64 = 500;
