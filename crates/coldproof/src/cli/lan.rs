//! This machine's address on its network, found without sending anything.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

/// The address from which a packet would leave; `None` without a network. Choosing a route sends nothing: the address asked
/// about is one kept for documentation.
pub(crate) fn address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}
