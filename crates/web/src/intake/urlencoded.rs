//! Reads `application/x-www-form-urlencoded` bytes, whatever they are: what is not text becomes visible, nothing fails.

/// Most fields of one form; a page of ours has some dozens.
const MOST_FIELDS: usize = 4_000;

/// The fields in their order. Broken escapes stay as they are; bytes that are no UTF-8 become the replacement mark.
pub fn fields(body: &[u8]) -> Vec<(String, String)> {
    body.split(|byte| *byte == b'&').filter(|part| !part.is_empty()).take(MOST_FIELDS).map(field).collect()
}

fn field(part: &[u8]) -> (String, String) {
    let at = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
    (text(&part[..at]), text(part.get(at + 1..).unwrap_or_default()))
}

fn text(coded: &[u8]) -> String {
    let mut plain = Vec::with_capacity(coded.len());
    let mut rest = coded;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, escape(after)) {
            (b'+', _) => plain.push(b' '),
            (b'%', Some(byte)) => {
                plain.push(byte);
                rest = &after[2..];
            }
            (other, _) => plain.push(*other),
        }
    }
    match String::from_utf8(plain) {
        Ok(text) => text,
        Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
    }
}

fn escape(after: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (high, low) = (digit(after.first()?)?, digit(after.get(1)?)?);
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn coded(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(body in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let read = fields(&body);
            prop_assert!(read.len() <= body.len());
        }

        #[test]
        fn what_a_browser_sends_comes_back(sent in proptest::collection::vec((".+", ".*"), 0..8)) {
            let body: Vec<String> = sent.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
            prop_assert_eq!(fields(body.join("&").as_bytes()), sent);
        }
    }

    #[test]
    fn broken_escapes_stay_visible() {
        let said = |body: &[u8]| fields(body).first().map(|(_, value)| value.clone());
        assert_eq!(said(b"a=%zz%4"), Some("%zz%4".to_owned()));
        assert_eq!(said(b"a=1+1%2B1"), Some("1 1+1".to_owned()));
        assert_eq!(said(b"a=%ff"), Some("\u{fffd}".to_owned()));
        assert_eq!(said(b"a"), Some(String::new()));
    }
}
