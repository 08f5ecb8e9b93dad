//! A table as other programs write it, however untidily: bytes in, rows of text out, with what had to be guessed.

use std::borrow::Cow;

/// A table with its header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of columns.
    pub headers: Vec<String>,
    /// Rows below it.
    pub rows: Vec<Row>,
    /// What is true of the whole file.
    pub notes: Vec<String>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number as a spreadsheet shows it: the header is row 1.
    pub number: u32,
    /// Its cells, as many as there were.
    pub cells: Vec<String>,
    /// What had to be guessed to read the bytes.
    pub remarks: Vec<String>,
}

impl Table {
    /// Reads a table. The delimiter is the one that splits the first line most often.
    pub fn read(bytes: &[u8]) -> Self {
        let mut notes = Vec::new();
        let bytes = unmarked(bytes, &mut notes);
        let delimiter = delimiter(&bytes);
        if delimiter != b',' {
            let name = if delimiter == b'\t' { "tabs" } else { "semicolons" };
            notes.push(format!("cells are split by {name} instead of commas"));
        }
        if bytes.iter().filter(|b| **b == b'"').count() % 2 == 1 {
            notes
                .push("the number of quotation marks is odd: one cell may have swallowed the rows after it".to_owned());
        }
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(&*bytes);
        let mut table = Self { notes, ..Self::default() };
        // Reading from memory with rows of any length leaves nothing that could fail but a broken row, which ends it.
        for (number, record) in (1_u32..).zip(reader.byte_records()) {
            let Ok(record) = record else {
                table.notes.push(format!("row {number} could not be read; nothing after it was looked at"));
                break;
            };
            let mut remarks = Vec::new();
            let cells = (1..).zip(&record).map(|(column, cell)| text(cell, column, &mut remarks)).collect();
            if number == 1 {
                table.headers = cells;
            } else {
                table.rows.push(Row { number, cells, remarks });
            }
        }
        table
    }
}

fn unmarked<'a>(bytes: &'a [u8], notes: &mut Vec<String>) -> Cow<'a, [u8]> {
    let units = |pair: fn([u8; 2]) -> u16| bytes[2..].chunks_exact(2).map(move |two| pair([two[0], two[1]]));
    let wide: Option<Vec<u16>> = match bytes {
        [0xFF, 0xFE, ..] => Some(units(u16::from_le_bytes).collect()),
        [0xFE, 0xFF, ..] => Some(units(u16::from_be_bytes).collect()),
        _ => None,
    };
    match wide {
        Some(wide) => {
            notes.push("the file is written in UTF-16".to_owned());
            Cow::Owned(String::from_utf16_lossy(&wide).into_bytes())
        }
        None => Cow::Borrowed(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
    }
}

fn delimiter(bytes: &[u8]) -> u8 {
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|b| **b == delimiter).count();
    // A draw goes to the last, the comma.
    [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',')
}

fn text(cell: &[u8], column: usize, remarks: &mut Vec<String>) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            remarks.push(format!("column {column}: bytes that are not UTF-8 were read as Windows-1252"));
            cell.iter().map(|byte| windows_1252(*byte)).collect()
        }
    }
}

/// The characters that Windows-1252 puts where Latin-1 has controls; unassigned bytes stay controls and are shown as
/// marks later.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_old_encodings_do_not_reach_the_words() {
        let table = Table::read(b"\xEF\xBB\xBFName;State\r\nDr. O\x92Neil;MO\r\n");
        assert_eq!(table.headers, ["Name", "State"]);
        assert_eq!(table.rows[0].cells, ["Dr. O’Neil", "MO"]);
        assert_eq!(table.rows[0].remarks, ["column 1: bytes that are not UTF-8 were read as Windows-1252"]);
        assert_eq!(table.notes, ["cells are split by semicolons instead of commas"]);
    }

    #[test]
    fn wide_files_are_read_too() {
        let wide: Vec<u8> = "Name\tState\nÑandú\tPR\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let table = Table::read(&[&[0xFF, 0xFE], wide.as_slice()].concat());
        assert_eq!(table.rows[0].cells, ["Ñandú", "PR"]);
    }

    #[test]
    fn an_unclosed_cell_is_noticed() {
        let table = Table::read(b"Name,State\n\"One,MO\nTwo,MO\n");
        assert!(table.notes[0].contains("quotation marks is odd"), "{:?}", table.notes);
    }
}
