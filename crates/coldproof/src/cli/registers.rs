//! `coldproof register`: what a law asks a dealer or armourer to keep, folded from a record that was verified first. What the
//! record does not hold is said in its place, never left blank.

mod fold;
mod shape;

use std::path::PathBuf;

use super::args::Form;
use super::exit::{Exit, Failure};

#[derive(Debug, clap::Args)]
pub(crate) struct Register {
    /// Whose register.
    which: Which,
    /// Folder of the production; its node may run.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Prints CSV.
    #[arg(long, conflicts_with_all = ["json", "plain"])]
    csv: bool,
}

/// The registers that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Which {
    /// New South Wales: who had each firearm from when to when, and when it was out of storage.
    Nsw,
    /// Queensland: each acquisition, supply, rental and transfer, and when it was entered.
    Qld,
    /// New Zealand: a dealer's record, kept ten years.
    Nz,
    /// United States: a licensed dealer's acquisitions and dispositions.
    UsDealer,
}

/// What stands in a column that the record has nothing for.
const NOT_HELD: &str = "not held by this record";

pub(crate) fn run(args: &Register, form: Form) -> Result<Exit, Failure> {
    let whole = fold::whole(&args.data)?;
    let table = shape::table(args.which, &whole);
    if args.csv {
        print!("{}", csv(&table));
        return Ok(Exit::Done);
    }
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({
                "register": table.title, "source": table.source, "origin": whole.origin, "size": whole.size, "root": whole.root,
                "columns": table.columns, "rows": table.rows, "not_held": table.not_held, "limits": table.limits
            })
        ),
        Form::Plain | Form::Human => {
            println!(
                "{}\n{}\n{} entries of {}, root {}\n",
                table.title, table.source, whole.size, whole.origin, whole.root
            );
            for row in &table.rows {
                for (column, cell) in table
                    .columns
                    .iter()
                    .zip(row)
                    .filter(|(_, cell)| *cell != NOT_HELD)
                {
                    println!("{column}: {cell}");
                }
                println!();
            }
            println!(
                "{} lines. Columns that the law asks for and this record does not hold: {}.",
                table.rows.len(),
                table.not_held.join(", ")
            );
            for limit in &table.limits {
                println!("{limit}");
            }
        }
    }
    Ok(Exit::Done)
}

/// A register as it is printed.
struct Table {
    title: &'static str,
    source: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// Columns in which [`NOT_HELD`] stands throughout.
    not_held: Vec<&'static str>,
    /// What the reader must know of it.
    limits: Vec<String>,
}

fn csv(table: &Table) -> String {
    let mut out = String::new();
    let header: Vec<String> = table
        .columns
        .iter()
        .map(|column| (*column).to_owned())
        .collect();
    for row in std::iter::once(&header).chain(&table.rows) {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell that a spreadsheet would compute gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn cells_are_quoted_and_never_computed() {
        assert_eq!(quoted("a \"b\",\nc"), "\"a \"\"b\"\",\nc\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
