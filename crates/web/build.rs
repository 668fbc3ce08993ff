//! Makes the static files: takes the folder named by `COLDPROOF_WEB_DIST`, or runs `npm ci` and esbuild in `OUT_DIR`.
//! Writes `static_table.rs`, the hand-made table that `src/assets.rs` includes, and `verify.html`, one file with its style
//! and script inside, which copies of a log carry.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// What a page refers to by name; everything else in the folder (fonts) is named by its own hash already.
const ENTRIES: [&str; 4] = ["app.js", "stop.js", "style.css", "sw.js"];

/// The page that checks a copy.
const VERIFY: &str = "verify.html";

/// Where the page that checks copies has what kinds mean, from the crate's folder.
const KINDS: &str = "../../docs/formats/kinds.md";

const HELP: &str = "the pages need Node 20 or newer and npm (Debian: `apt-get install nodejs npm`), \
    or a ready folder named by COLDPROOF_WEB_DIST";

fn main() {
    println!("cargo::rerun-if-env-changed=COLDPROOF_WEB_DIST");
    for input in [
        "build.rs",
        "package.json",
        "package-lock.json",
        ".npmrc",
        "ts",
        "css",
        KINDS,
    ] {
        println!("cargo::rerun-if-changed={input}");
    }
    if let Err(why) = make() {
        println!("cargo::error={why}; {HELP}");
        std::process::exit(1);
    }
}

fn make() -> Result<(), String> {
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|e| e.to_string())?);
    let dist = match env::var("COLDPROOF_WEB_DIST") {
        Ok(ready) if !ready.is_empty() => {
            println!("cargo::rerun-if-changed={ready}");
            fs::canonicalize(&ready).map_err(|e| format!("`{ready}` cannot be read: {e}"))?
        }
        Ok(_) | Err(_) => bundle(&out)?,
    };
    let table = table(&dist)?;
    write_if_changed(&out.join("static_table.rs"), table.as_bytes())
}

/// Copies the sources to `out/ui` and bundles them there, so that the checkout stays clean.
fn bundle(out: &Path) -> Result<PathBuf, String> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?);
    let ui = out.join("ui");
    let lock = fs::read(here.join("package-lock.json")).map_err(|e| e.to_string())?;
    let installed = ui.join("node_modules/.installed");
    for folder in ["ts", "css"] {
        let to = ui.join(folder);
        let _ = fs::remove_dir_all(&to);
        copy(&here.join(folder), &to)?;
    }
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(here.join(file), ui.join(file)).map_err(|e| format!("`{file}`: {e}"))?;
    }
    if fs::read(&installed).ok().as_deref() != Some(lock.as_slice()) {
        run(Command::new("npm")
            .args(["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline"])
            .current_dir(&ui))?;
        fs::write(&installed, &lock).map_err(|e| e.to_string())?;
    }
    let dist = ui.join("dist");
    let _ = fs::remove_dir_all(&dist);
    run(Command::new(ui.join("node_modules/.bin/esbuild"))
        .args(["ts/app.ts", "ts/stop.ts", "ts/sw.ts", "css/style.css"])
        .args([
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2022",
            "--outdir=dist",
            "--log-level=warning",
        ])
        .args([
            "--loader:.woff2=file",
            "--asset-names=[name].[hash]",
            "--public-path=/static",
            "--entry-names=[name]",
        ])
        .current_dir(&ui))?;
    let kinds = fs::read_to_string(here.join(KINDS)).map_err(|e| format!("`{KINDS}`: {e}"))?;
    let page = verify_page(&ui, &kinds_json(&kinds)?)?;
    fs::write(dist.join(VERIFY), page).map_err(|e| e.to_string())?;
    Ok(dist)
}

/// One file that is opened from disk: its policy names the hashes of the one style and the one script, and allows no more.
fn verify_page(ui: &Path, kinds: &str) -> Result<String, String> {
    let out = ui.join("verify");
    run(Command::new(ui.join("node_modules/.bin/esbuild"))
        .args(["ts/verify/page.ts", "ts/verify/page.css", "--bundle"])
        .args([
            "--minify",
            "--format=iife",
            "--target=es2022",
            "--charset=ascii",
        ])
        .args(["--outdir=verify", "--log-level=warning"])
        .arg(format!("--define:KINDS={kinds}"))
        .current_dir(ui))?;
    let read = |name: &str| {
        fs::read_to_string(out.join(name))
            .map(|text| text.trim_end().to_owned())
            .map_err(|e| format!("{name}: {e}"))
    };
    let (script, style) = (read("page.js")?, read("page.css")?);
    if script.contains("</script") || style.contains("</style") {
        return Err(
            "the script or style of the page that checks copies would end itself".to_owned(),
        );
    }
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(&script),
        hash(&style)
    );
    let template = fs::read_to_string(ui.join("ts/verify/page.html")).map_err(|e| e.to_string())?;
    Ok(template
        .replace("{{policy}}", &policy)
        .replace("{{style}}", &style)
        .replace("{{script}}", &script))
}

/// Rows of the table of kinds as one JSON object: stored name to nature and meaning.
fn kinds_json(page: &str) -> Result<String, String> {
    let mut rows = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| [`")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, _, nature, _, meaning, ..] = cells[..] else {
            return Err(format!("a row of {KINDS} cannot be read: {line}"));
        };
        let name = name.split('`').nth(1).unwrap_or_default();
        if [name, nature, meaning]
            .iter()
            .any(|cell| cell.contains(['"', '\\']))
        {
            return Err(format!("a row of {KINDS} has a quote: {line}"));
        }
        rows.push(format!("\"{name}\":[\"{nature}\",\"{meaning}\"]"));
    }
    Ok(format!("{{{}}}", rows.join(",")))
}

fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let done = command.output().map_err(|e| format!("{shown}: {e}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(format!(
        "{shown} failed: {}",
        said.lines().take(12).collect::<Vec<_>>().join(" | ")
    ))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|e| e.to_string())?;
    for entry in fs::read_dir(from).map_err(|e| format!("{}: {e}", from.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

/// One line a file: name, path with a hash of the content, media type, bytes.
fn table(dist: &Path) -> Result<String, String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dist).map_err(|e| format!("{}: {e}", dist.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name().and_then(|n| n.to_str())) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    for entry in ENTRIES.into_iter().chain([VERIFY]) {
        if !names.iter().any(|name| name == entry) {
            return Err(format!("`{entry}` is missing in {}", dist.display()));
        }
    }
    let mut rows = String::from("pub(crate) static FILES: &[File] = &[\n");
    for name in &names {
        let Some((stem, kind)) = name.rsplit_once('.') else {
            continue;
        };
        let mime = match kind {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "woff2" => "font/woff2",
            _ => continue,
        };
        let path = dist.join(name);
        let bytes = fs::read(&path).map_err(|e| e.to_string())?;
        let served = if ENTRIES.contains(&name.as_str()) {
            let mut hash = String::new();
            for byte in Sha256::digest(&bytes).iter().take(8) {
                let _ = write!(hash, "{byte:02x}");
            }
            format!("{stem}.{hash}.{kind}")
        } else {
            name.clone()
        };
        let (served, path) = (format!("/static/{served}"), path.display().to_string());
        let _ = writeln!(
            rows,
            "    File {{ name: {name:?}, path: {served:?}, mime: {mime:?}, bytes: include_bytes!({path:?}) }},"
        );
    }
    rows.push_str("];\n");
    let verify = dist.join(VERIFY).display().to_string();
    let _ = writeln!(
        rows,
        "static VERIFY_PAGE: &[u8] = include_bytes!({verify:?});"
    );
    Ok(rows)
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if fs::read(path).ok().as_deref() == Some(bytes) {
        return Ok(());
    }
    fs::write(path, bytes).map_err(|e| e.to_string())
}
