//! Makes the static files: takes the folder named by `COLDPROOF_WEB_DIST`, or runs `npm ci` and esbuild in `OUT_DIR`.
//! Writes `static_table.rs`, the hand-made table that `src/assets.rs` includes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use sha2::{Digest as _, Sha256};

/// What a page refers to by name; everything else in the folder (fonts) is named by its own hash already.
const ENTRIES: [&str; 4] = ["app.js", "stop.js", "style.css", "sw.js"];

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
    Ok(dist)
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
    for entry in ENTRIES {
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
    Ok(rows)
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if fs::read(path).ok().as_deref() == Some(bytes) {
        return Ok(());
    }
    fs::write(path, bytes).map_err(|e| e.to_string())
}
