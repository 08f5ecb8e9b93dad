//! Queries in addresses: read once and strictly, written so that every value survives.

/// The pairs of a query; `None` when a name comes twice or the text is not UTF-8, which no page of ours sends.
pub fn pairs(query: Option<&str>) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        if pairs.iter().any(|(known, _)| *known == name) {
            return None;
        }
        pairs.push((name, value));
    }
    Some(pairs)
}

/// The value of a name; empty when it did not come.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

/// A path with a query of the pairs that have a value.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        encode(value, &mut address);
    }
    address
}

fn encode(value: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
                digit(rest.next()?)? * 16 + digit(rest.next()?)?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_survives_an_address() {
        for value in ["a b&c=d", "Hacking/IT Incident", "ñ%+?#", "100%"] {
            let written = address("/incidents", &[("empty", ""), ("kind", value)]);
            let read = pairs(written.split_once('?').map(|(_, query)| query)).expect("read back");
            assert_eq!(read, [("kind".to_owned(), value.to_owned())], "{written}");
        }
    }

    #[test]
    fn what_says_two_things_is_not_read() {
        assert_eq!(pairs(Some("a=1&a=2")), None);
        assert_eq!(pairs(Some("a=%ff")), None);
        assert_eq!(pairs(Some("a=%4")), None);
        assert_eq!(pairs(Some("a=b+c&d")), Some(vec![("a".into(), "b c".into()), ("d".into(), String::new())]));
    }
}
