//! What a production's folder says of how its node is reached: `node.toml`, and the certificates in `tls/`.

use super::backup::BackupSettings;
use super::exit::Failure;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use web::tls::Pem;

const FILE: &str = "node.toml";

/// How the node is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Its name for the life of the production.
    pub(crate) name: String,
    /// The production, as its certificate authority has it.
    pub(crate) production: String,
    /// Port for phones (https).
    pub(crate) port: u16,
    /// Port for the cart screen on this machine, and for reading (http).
    pub(crate) read_port: u16,
    /// The year in which the authority was made; it is good for three.
    pub(crate) ca_year: i32,
    /// The year in which the node's certificate was made; it is good for two.
    pub(crate) leaf_year: i32,
    /// Addresses beside the name that the certificate holds.
    pub(crate) addresses: Vec<IpAddr>,
    /// Backups, once a folder for them was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backup: Option<BackupSettings>,
}

impl Settings {
    /// Writes them, with a comment that says what may be changed.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), Failure> {
        let text = toml::to_string(self).map_err(Failure::fault)?;
        let text = format!(
            "# Written by `coldproof init`. Ports may be changed; the name may not: phones' keys belong to it.\n{text}"
        );
        keep(&dir.join(FILE), text.as_bytes())
    }

    /// Reads them.
    pub(crate) fn read(dir: &Path) -> Result<Self, Failure> {
        let at = dir.join(FILE);
        let text = fs::read_to_string(&at).map_err(|error| {
            let says = if error.kind() == std::io::ErrorKind::NotFound {
                format!("there is no production in `{}`", dir.display())
            } else {
                format!("`{}` cannot be read: {error}", at.display())
            };
            Failure::invalid(says)
                .help("`coldproof init` begins a new one there; `coldproof restore` or `coldproof takeover` brings one back from a backup")
        })?;
        toml::from_str(&text)
            .map_err(|error| Failure::invalid(format!("`{}`: {error}", at.display())))
    }

    /// Whether phones could keep a key for this name: an address may change, and then every key is gone.
    pub(crate) fn name_lasts(&self) -> bool {
        self.name.parse::<IpAddr>().is_err() && self.name.contains('.') && !self.name.ends_with('.')
    }
}

/// The certificates of a production.
pub(crate) struct Certificates {
    dir: PathBuf,
}

impl Certificates {
    pub(crate) fn of(dir: &Path) -> Self {
        Self {
            dir: dir.join("tls"),
        }
    }

    /// Makes the authority.
    pub(crate) fn make_ca(&self, production: &str, name: &str, year: i32) -> Result<Pem, Failure> {
        fs::create_dir_all(&self.dir)?;
        let ca = web::tls::make_ca(production, name, year).map_err(Failure::fault)?;
        self.keep("ca", &ca)?;
        Ok(ca)
    }

    pub(crate) fn ca(&self) -> Result<Pem, Failure> {
        self.load("ca")
    }

    /// The node's certificate, made anew when the address changed or the old one runs out within a year.
    pub(crate) fn leaf(
        &self,
        settings: &mut Settings,
        address: Option<IpAddr>,
        year: i32,
    ) -> Result<Pem, Failure> {
        let known = address.is_none_or(|address| settings.addresses.contains(&address));
        if known && year <= settings.leaf_year && self.dir.join("leaf.pem").is_file() {
            return self.load("leaf");
        }
        settings.addresses.extend(address.filter(|_| !known));
        settings.leaf_year = year;
        let leaf = web::tls::make_leaf(
            &self.ca()?,
            &settings.production,
            std::slice::from_ref(&settings.name),
            &settings.addresses,
            year,
        )
        .map_err(Failure::fault)?;
        self.keep("leaf", &leaf)?;
        Ok(leaf)
    }

    fn keep(&self, what: &str, pem: &Pem) -> Result<(), Failure> {
        keep(&self.dir.join(format!("{what}.key")), pem.key.as_bytes())?;
        keep(&self.dir.join(format!("{what}.pem")), pem.cert.as_bytes())
    }

    fn load(&self, what: &str) -> Result<Pem, Failure> {
        let read = |kind: &str| {
            let at = self.dir.join(format!("{what}.{kind}"));
            fs::read_to_string(&at).map_err(|error| {
                Failure::fault(format!("`{}` cannot be read: {error}", at.display()))
            })
        };
        Ok(Pem {
            cert: read("pem")?,
            key: read("key")?,
        })
    }
}

/// Writes a file whole or not at all, readable by its user alone.
fn keep(at: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let unfinished = at.with_extension("new");
    let mut file = fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(bytes)?;
    // A crash before the rename leaves the old file, or none.
    file.sync_all()?;
    fs::rename(&unfinished, at)?;
    Ok(())
}

/// This year, UTC.
pub(crate) fn year() -> i32 {
    i32::from(
        jiff::Timestamp::now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .year(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_address_is_no_name_that_lasts() {
        let settings = |name: &str| Settings {
            name: name.into(),
            production: "High Desert".into(),
            port: 8443,
            read_port: 8080,
            ca_year: 2026,
            leaf_year: 2026,
            addresses: vec![],
            backup: None,
        };
        assert!(settings("coldproof.local").name_lasts());
        for bare in ["192.168.1.20", "::1", "laptop", ""] {
            assert!(!settings(bare).name_lasts(), "{bare}");
        }
    }
}
