//! CSV tables that open safely in a spreadsheet: RFC 4180, and no cell that a spreadsheet would run.

/// What stands before the first row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Nothing: for programs.
    None,
    /// The UTF-8 byte order mark, without which some spreadsheets misread accents.
    Utf8,
}

/// A table with its header row, lines ended by CR LF. Rows may differ in length; nothing is added or dropped.
///
/// A cell whose first character after spaces and quotes is one of `= + - @`, a tab, a carriage return or NUL would be
/// taken for a formula, so it gets a leading apostrophe, header cells too. A negative number does as well: a list that
/// is safe to open beats a sum that works without thought.
pub fn table<H, R, C>(headers: H, rows: R, mark: Mark) -> Vec<u8>
where
    H: IntoIterator<Item = C>,
    R: IntoIterator<Item: IntoIterator<Item = C>>,
    C: AsRef<str>,
{
    let mut out = Vec::new();
    if mark == Mark::Utf8 {
        out.extend_from_slice("\u{FEFF}".as_bytes());
    }
    row(&mut out, headers);
    for cells in rows {
        row(&mut out, cells);
    }
    out
}

fn row<C: AsRef<str>>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = C>) {
    let start = out.len();
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        field(out, &neutral(cell.as_ref()));
    }
    if out.len() == start {
        // A row of one empty cell must not read as an empty line, which readers skip.
        out.extend_from_slice(b"\"\"");
    }
    out.extend_from_slice(b"\r\n");
}

fn field(out: &mut Vec<u8>, cell: &str) {
    let quoted = cell.contains(['"', ',', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
    if !quoted {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

fn neutral(cell: &str) -> std::borrow::Cow<'_, str> {
    // Full-width forms and exotic spaces count as well: spreadsheets in East Asian locales accept them.
    let first = cell.chars().find(|c| !matches!(c, ' ' | '"' | '\'' | '\u{A0}' | '\u{FEFF}' | '\u{3000}' | '\n'));
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠') => format!("'{cell}").into(),
        _ => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(cell: &str) -> String {
        let bytes = table([cell], Vec::<[&str; 1]>::new(), Mark::None);
        String::from_utf8(bytes).expect("utf-8").trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn a_cell_that_would_run_is_made_text() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("\0=1", "'\0=1"),
            ("  =1", "'  =1"),
            ("\"=1", "\"'\"\"=1\""),
            (" \" \"-1", "\"' \"\" \"\"-1\""),
            ("\n=1", "\"'\n=1\""),
            ("'=1", "''=1"),
            ("1-1", "1-1"),
            ("a=b", "a=b"),
            ("", "\"\""),
        ] {
            assert_eq!(one(cell), written, "cell {cell:?}");
        }
    }

    #[test]
    fn quotes_commas_and_lines_survive_another_reader() {
        let rows = [["a,b", "say \"no\"", "two\r\nlines"], ["", " spaced ", "Ñ"]];
        let bytes = table(["one", "=two", "three"], rows, Mark::None);
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let read: Vec<Vec<String>> =
            reader.records().map(|r| r.expect("row").iter().map(str::to_owned).collect()).collect();
        assert_eq!(read[0], ["one", "'=two", "three"]);
        assert_eq!(read[1], rows[0]);
        assert_eq!(read[2], rows[1]);
        assert!(bytes.ends_with(b"\r\n"));
    }

    #[test]
    fn the_mark_is_there_only_when_asked_for() {
        let rows: [[&str; 1]; 0] = [];
        assert!(table(["a"], rows, Mark::Utf8).starts_with(b"\xEF\xBB\xBFa"));
        assert_eq!(table(["a"], rows, Mark::None), b"a\r\n");
    }
}
