//! Addresses, names and sums found in pasted text, defanged or not, offered to the officer to accept.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Something in a log line or message that other incidents may share.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Observable {
    /// What it is.
    pub kind: ObservableKind,
    /// Its plain form: not defanged, small letters where case does not matter.
    pub value: String,
}

/// What an observable is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservableKind {
    /// An IPv4 or IPv6 address.
    Address,
    /// A web address.
    Url,
    /// A mail address.
    Mailbox,
    /// A host or domain name.
    Domain,
    /// An MD5, SHA-1, SHA-256 or SHA-512 sum in hexadecimal.
    Hash,
}

/// File name endings that look like domains in text and are not.
const NOT_DOMAINS: &[&str] = &[
    "exe", "dll", "txt", "log", "csv", "pdf", "doc", "docx", "xls", "xlsx", "png", "jpg", "jpeg", "gif", "html", "htm",
    "js", "css", "json", "xml", "bat", "ps1", "vbs", "tmp", "bak", "ini", "cfg", "conf", "sys", "eml", "msg", "local",
    "lan",
];

/// Finds what can be shared or searched for, each once, in the order of the text. Reads `hxxp`, `[.]`, `(at)` as meant.
pub fn find(text: &str) -> Vec<Observable> {
    let mut found: Vec<Observable> = Vec::new();
    for word in refang(text).split(|c: char| c.is_whitespace() || "<>\"'`,;|{}".contains(c)) {
        let word = word.trim_matches(|c: char| "()[].,:!?*=".contains(c));
        // `src=10.0.0.1`, `ip:10.0.0.1`: the value stands behind the sign.
        let value = word.rsplit_once('=').map_or(word, |(_, after)| after);
        let (after, before) =
            (value.split_once(':').map_or("", |(_, a)| a), value.split(['/', ':']).next().unwrap_or(""));
        for piece in [word, value, after, before] {
            if let Some(observable) = classify(piece.trim_matches(['(', ')', '[', ']', '.', ':'])) {
                if !found.contains(&observable) {
                    found.push(observable);
                }
                break;
            }
        }
    }
    found
}

fn refang(text: &str) -> String {
    [
        ("[.]", "."),
        ("(.)", "."),
        ("[dot]", "."),
        ("hxxp", "http"),
        ("[@]", "@"),
        ("(at)", "@"),
        ("[at]", "@"),
        ("[:]", ":"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn classify(word: &str) -> Option<Observable> {
    let make = |kind, value: String| Some(Observable { kind, value });
    let lower = word.to_ascii_lowercase();
    if (lower.starts_with("http://") || lower.starts_with("https://")) && word.len() > 10 {
        return make(ObservableKind::Url, word.to_owned());
    }
    if matches!(word.len(), 32 | 40 | 64 | 128) && word.bytes().all(|c| c.is_ascii_hexdigit()) {
        return make(ObservableKind::Hash, lower);
    }
    if let Ok(address) = word.parse::<IpAddr>() {
        return make(ObservableKind::Address, address.to_string());
    }
    if let Some((name, host)) = lower.split_once('@') {
        let sound = !name.is_empty() && name.len() <= 64 && is_domain(host);
        return if sound { make(ObservableKind::Mailbox, lower) } else { None };
    }
    if is_domain(&lower) { make(ObservableKind::Domain, lower) } else { None }
}

fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let sound = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    let Some(top) = labels.last() else { return false };
    labels.len() >= 2
        && text.len() <= 253
        && labels.iter().all(&sound)
        && top.len() >= 2
        && top.bytes().all(|c| c.is_ascii_alphabetic())
        && !NOT_DOMAINS.contains(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        find(text).into_iter().map(|o| o.value).collect()
    }

    #[test]
    fn a_firewall_line_gives_its_addresses() {
        let line = "2026-10-13T14:02:11Z fw01 DENY TCP src=203.0.113.9:51515 dst=198.51.100.7:443 rule=22";
        assert_eq!(values(line), ["203.0.113.9", "198.51.100.7"]);
    }

    #[test]
    fn defanged_text_is_read_as_meant() {
        let text = "See hxxps://login.example[.]com/pay?x=1 from billing(at)example[.]org";
        assert_eq!(values(text), ["https://login.example.com/pay?x=1", "billing@example.org"]);
    }

    #[test]
    fn sums_and_names_but_not_file_names() {
        let text = "invoice.pdf d41d8cd98f00b204e9800998ecf8427e mail.example.net 2001:db8::1 v1.2.3";
        assert_eq!(values(text), ["d41d8cd98f00b204e9800998ecf8427e", "mail.example.net", "2001:db8::1"]);
    }
}
