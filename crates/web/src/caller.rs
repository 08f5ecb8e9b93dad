//! Who calls, where a proxy stands in between: the address that the proxy names, and only when the proxy is one of ours.
//!
//! One header is read, `X-Forwarded-For`, from its end backwards: each proxy adds the address it saw, so everything
//! before the first stranger could have been written by that stranger. `Forwarded` is not read: a proxy that sets one of
//! the two may pass the other on as it came.

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Puts the real caller in the place of a trusted proxy, for every handler that asks for the address.
pub async fn behind(trusted: Arc<[IpNet]>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    if let Some(peer) = peer {
        let address = caller(peer.ip(), request.headers(), &trusted);
        if address != peer.ip() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 0)));
        }
    }
    next.run(request).await
}

/// The address that a request comes from.
fn caller(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let ours = |address: IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
    if !ours(peer) {
        return peer;
    }
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .collect();
    let mut nearest = peer;
    for name in named.into_iter().rev() {
        // What is no address ends the way back: whoever stands behind it is not known.
        let Some(address) = address(name) else { return nearest };
        nearest = address;
        if !ours(address) {
            return address;
        }
    }
    nearest
}

/// `203.0.113.9`, `203.0.113.9:51515`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:51515`.
fn address(name: &str) -> Option<IpAddr> {
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let socket = || name.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    bare.unwrap_or(name).parse().ok().or_else(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        caller(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_proxy_is_believed_only_when_it_is_one_of_ours() {
        for (peer, forwarded, caller) in [
            // Straight from outside: whatever the caller claims stays a claim.
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("203.0.113.9", &[], "203.0.113.9"),
            // Through one of our proxies, and through two.
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.2.2.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "10.2.2.2"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("fd00::5", &["2001:db8::7"], "2001:db8::7"),
            // Whatever stands before the first stranger was written by that stranger.
            ("10.0.0.1", &["10.9.9.9, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["127.0.0.1, 198.51.100.1"], "198.51.100.1"),
            // Ports are cut off.
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            // A proxy that names nobody, or nothing that is an address.
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["_hidden, 10.2.2.2"], "10.2.2.2"),
        ] {
            assert_eq!(from(peer, forwarded), caller, "{peer} {forwarded:?}");
        }
    }
}
