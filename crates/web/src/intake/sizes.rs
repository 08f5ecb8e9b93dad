//! Numbers of bytes and characters as people read them.

/// “2.4 MB”, in decimal units, as phones and computers show sizes.
pub fn size(bytes: u64) -> String {
    let steps = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    let Some((step, unit)) = steps.into_iter().find(|(step, _)| bytes >= *step) else {
        return format!("{bytes} bytes");
    };
    let tenths = bytes / (step / 10);
    if tenths < 100 && !tenths.is_multiple_of(10) {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", bytes / step)
    }
}

/// “40,000”.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_people_know_them() {
        let cases =
            [(0, "0 bytes"), (999, "999 bytes"), (2_400_000, "2.4 MB"), (612_000_000, "612 MB"), (4_000, "4 KB")];
        for (bytes, said) in cases {
            assert_eq!(size(bytes), said);
        }
        assert_eq!(thousands(40_000), "40,000");
        assert_eq!(thousands(10_485_760), "10,485,760");
        assert_eq!(thousands(12), "12");
    }
}
