//! A certificate authority of the production's own, for a LAN without a public name.
//!
//! The caller keeps the files: the CA's for the life of the production (phones trust it), the leaf's until it runs
//! out or the address changes. The CA may vouch for the names given to [`make_ca`] and for nothing else.

use std::net::IpAddr;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType, date_time_ymd,
};

/// The name that a node has for the life of the production, unless the caller gives another: a key of a phone belongs
/// to its origin.
pub const STABLE_NAME: &str = "coldproof.local";

/// A certificate and its key, PEM.
#[derive(Clone, Debug)]
pub struct Pem {
    /// Certificate.
    pub cert: String,
    /// PKCS#8 key.
    pub key: String,
}

/// A CA for one production, whose node is called `name`. A leaf for any other name outside a LAN's own would be refused by every
/// phone.
///
/// # Errors
/// A sentence when the keys or names cannot be used.
pub fn make_ca(production: &str, name: &str, year: i32) -> Result<Pem, String> {
    let key = KeyPair::generate().map_err(said)?;
    let mut params = ca_params(production);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(year, 1, 1);
    params.not_after = date_time_ymd(year + 3, 1, 1);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName(name.to_owned()),
            GeneralSubtree::DnsName("local".to_owned()),
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4([10, 0, 0, 0], [255, 0, 0, 0])),
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4([169, 254, 0, 0], [255, 255, 0, 0])),
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4([172, 16, 0, 0], [255, 240, 0, 0])),
            GeneralSubtree::IpAddress(rcgen::CidrSubnet::V4([192, 168, 0, 0], [255, 255, 0, 0])),
        ],
        excluded_subtrees: Vec::new(),
    });
    let cert = params.self_signed(&key).map_err(said)?;
    Ok(Pem {
        cert: cert.pem(),
        key: key.serialize_pem(),
    })
}

/// What a leaf must repeat of its CA: the name, which holds the production's.
fn ca_params(production: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(
        DnType::CommonName,
        format!("Coldproof set node, {production}"),
    );
    params
}

/// Inside what the CA may sign for: see `permitted_subtrees`.
fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_private() || four.is_loopback() || four.is_link_local(),
        IpAddr::V6(_) => false,
    }
}

/// A leaf for `names` (DNS) and `addresses`, signed by the CA of the same `production`; `localhost`, `*.localhost`
/// and 127.0.0.1 are added. Valid from the first of January of `year` for two years.
///
/// # Errors
/// A sentence when the CA cannot be read or a name is none.
pub fn make_leaf(
    ca: &Pem,
    production: &str,
    names: &[String],
    addresses: &[IpAddr],
    year: i32,
) -> Result<Pem, String> {
    let ca_key = KeyPair::from_pem(&ca.key).map_err(said)?;
    let issuer = Issuer::new(ca_params(production), ca_key);
    let key = KeyPair::generate().map_err(said)?;
    let local = ["localhost".to_owned(), "*.localhost".to_owned()];
    let mut params =
        CertificateParams::new(names.iter().chain(&local).cloned().collect::<Vec<_>>())
            .map_err(said)?;
    let here = [IpAddr::from([127, 0, 0, 1])];
    params.subject_alt_names.extend(
        addresses
            .iter()
            .chain(&here)
            .copied()
            // One address outside the CA's limits would make the whole leaf invalid; the stable name still leads there.
            .filter(is_private)
            .map(SanType::IpAddress),
    );
    params.distinguished_name.push(
        DnType::CommonName,
        names.first().map_or(STABLE_NAME, String::as_str),
    );
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params.not_before = date_time_ymd(year, 1, 1);
    params.not_after = date_time_ymd(year + 2, 1, 1);
    let cert = params.signed_by(&key, &issuer).map_err(said)?;
    Ok(Pem {
        cert: cert.pem(),
        key: key.serialize_pem(),
    })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` wants"
)]
fn said(error: rcgen::Error) -> String {
    format!("the certificate could not be made: {error}")
}
