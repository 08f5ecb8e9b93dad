//! Closed lists of words that a source uses, and how a cell with several of them, or a misspelt one, is read.

/// A closed list of values, with other spellings under which each was seen.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// The column, for remarks.
    pub label: &'static str,
    /// Each value as it is kept, and other spellings of it.
    pub values: &'static [(&'static str, &'static [&'static str])],
    /// The value that stands for what is not on the list.
    pub other: &'static str,
}

/// How a breach happened, in the words of the breach portal of the U.S. Department of Health and Human Services.
pub const KINDS: Vocabulary = Vocabulary {
    label: "Type of Breach",
    values: &[
        ("Hacking/IT Incident", &["Hacking", "IT Incident", "Hacking/Information Technology Incident"]),
        ("Improper Disposal", &["Disposal"]),
        ("Loss", &["Lost"]),
        ("Other", &[]),
        ("Theft", &["Stolen"]),
        (
            "Unauthorized Access/Disclosure",
            &["Unauthorized Access", "Unauthorized Disclosure", "Unauthorised Access/Disclosure"],
        ),
        ("Unknown", &[]),
    ],
    other: "Other",
};

/// Where the information was, in the words of the same portal.
pub const LOCATIONS: Vocabulary = Vocabulary {
    label: "Location of Breached Information",
    values: &[
        ("Desktop Computer", &["Desktop", "Computer"]),
        ("Electronic Medical Record", &["EMR", "Electronic Medical Records"]),
        ("Email", &[]),
        ("Laptop", &["Laptop Computer"]),
        ("Network Server", &["Server"]),
        ("Other", &[]),
        ("Other Portable Electronic Device", &["Portable Electronic Device", "Other Portable Device"]),
        ("Paper/Films", &["Paper", "Films", "Paper/Film", "Paper Records"]),
    ],
    other: "Other",
};

/// What a cell was read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadValues {
    /// Values of the list, each once, in the order of the list.
    pub values: Vec<&'static str>,
    /// What had to be decided to read it.
    pub remarks: Vec<String>,
}

impl Vocabulary {
    /// Reads a cell that holds one or several values, split by commas, semicolons, bars, line breaks or slashes. A
    /// slash inside a value is not a split.
    pub fn read(&self, cell: &str) -> ReadValues {
        let mut read = ReadValues::default();
        let mut count = 0;
        for piece in cell.split([',', ';', '|', '\n', '\r']).map(str::trim).filter(|p| !p.is_empty()) {
            for value in self.piece(piece, &mut read.remarks) {
                count += 1;
                if read.values.contains(&value) {
                    read.remarks.push(format!("{}: {value} stands there more than once", self.label));
                } else {
                    read.values.push(value);
                }
            }
        }
        if count > 1 {
            read.remarks.insert(0, format!("{}: {count} values in one cell were split", self.label));
        }
        read.values.sort_unstable();
        read
    }

    fn piece(&self, piece: &str, remarks: &mut Vec<String>) -> Vec<&'static str> {
        if let Some(value) = self.exact(piece) {
            return vec![value];
        }
        if let Some(values) = self.by_slashes(piece) {
            return values;
        }
        let shown: String = piece.chars().take(80).collect();
        if let Some(value) = self.nearest(piece) {
            remarks.push(format!("{}: “{shown}” was read as {value}", self.label));
            return vec![value];
        }
        remarks.push(format!(
            "{}: “{shown}” is none of the source's values and is filed under {}",
            self.label, self.other
        ));
        vec![self.other]
    }

    /// Every spelling with the value it stands for.
    fn spellings(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.values.iter().flat_map(|(value, others)| {
            std::iter::once((*value, *value)).chain(others.iter().map(|other| (*other, *value)))
        })
    }

    fn exact(&self, piece: &str) -> Option<&'static str> {
        let wanted = key(piece);
        self.spellings().find(|(spelling, _)| key(spelling) == wanted).map(|(_, value)| value)
    }

    /// `Theft/Unauthorized Access/Disclosure`: the longest run of parts that is a value, again and again.
    fn by_slashes(&self, piece: &str) -> Option<Vec<&'static str>> {
        let parts: Vec<&str> = piece.split('/').collect();
        let mut values = Vec::new();
        let mut at = 0;
        while at < parts.len() {
            let run = (at + 1..=parts.len()).rev().find_map(|end| Some((end, self.exact(&parts[at..end].join("/"))?)));
            let (end, value) = run?;
            values.push(value);
            at = end;
        }
        Some(values)
    }

    /// The only value within two slips of the pen, for words long enough to tell slips from other words.
    fn nearest(&self, piece: &str) -> Option<&'static str> {
        let wanted = key(piece);
        let allowed = if wanted.chars().count() >= 8 { 2 } else { 1 };
        let mut close: Vec<&'static str> = self
            .spellings()
            .filter(|(spelling, _)| key(spelling).len() >= 5 && slips(&key(spelling), &wanted) <= allowed)
            .map(|(_, value)| value)
            .collect();
        close.dedup();
        match close.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// Letters and digits in small letters: what two spellings of one value have in common.
pub fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters must be added, dropped or changed to get from one word to the other.
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_people_meant_them() {
        let cases: [(&str, &[&str]); 11] = [
            ("Theft", &["Theft"]),
            ("Hacking/IT Incident", &["Hacking/IT Incident"]),
            ("hacking / it incident", &["Hacking/IT Incident"]),
            ("Theft, Unauthorized Access/Disclosure", &["Theft", "Unauthorized Access/Disclosure"]),
            ("Theft/Unauthorized Access/Disclosure", &["Theft", "Unauthorized Access/Disclosure"]),
            ("Loss/Theft;Improper  Disposal", &["Improper Disposal", "Loss", "Theft"]),
            ("Unauthorised Acess/Disclosure", &["Unauthorized Access/Disclosure"]),
            ("Improper Dispoal", &["Improper Disposal"]),
            ("Theft, Theft", &["Theft"]),
            ("Carrier pigeon", &["Other"]),
            (" , ", &[]),
        ];
        for (cell, expected) in cases {
            assert_eq!(KINDS.read(cell).values, expected, "{cell}");
        }
    }

    #[test]
    fn places_of_information_keep_their_slash() {
        let read = LOCATIONS.read("Paper/Films/Laptop, E-mail, Other, Other Portable Electronic Device");
        assert_eq!(read.values, ["Email", "Laptop", "Other", "Other Portable Electronic Device", "Paper/Films"]);
        assert_eq!(read.remarks, ["Location of Breached Information: 5 values in one cell were split"]);
    }

    #[test]
    fn a_reading_that_was_a_decision_is_said() {
        assert_eq!(
            KINDS.read("Improper Dispoal").remarks,
            ["Type of Breach: “Improper Dispoal” was read as Improper Disposal"]
        );
        let remarks = KINDS.read("Carrier pigeon").remarks;
        assert_eq!(
            remarks,
            ["Type of Breach: “Carrier pigeon” is none of the source's values and is filed under Other"]
        );
        assert!(KINDS.read("Theft").remarks.is_empty());
    }
}
