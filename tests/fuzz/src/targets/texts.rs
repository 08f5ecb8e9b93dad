//! References that people read out and type, and log lines and mails that officers paste.

use super::Reader;
use domain::reference::{IncidentReference, ReportReference};

/// Printed references, as they come back.
pub struct Receipt;

impl Reader for Receipt {
    fn seeds(&self) -> Vec<Vec<u8>> {
        let made = ReportReference::from_random([7, 99, 3, 250, 41, 0, 255, 18]);
        let spoken = made.spoken().join(" ");
        [made.to_string(), spoken, "r 7kq4 m2xd".into(), "DMH-2026-0147".into(), "DMH-2026-4294967296".into()]
            .map(String::into_bytes)
            .to_vec()
    }
    fn read(&mut self, input: &[u8]) -> String {
        let text = String::from_utf8_lossy(input);
        let report = text.parse::<ReportReference>().map(|reference| {
            // What is taken is printed, and what is printed is taken again.
            let printed = reference.to_string();
            let again = printed.parse::<ReportReference>();
            assert!(again.is_ok_and(|again| again == reference), "{printed} is not itself");
            printed.len()
        });
        let incident = text.parse::<IncidentReference>().map(|reference| {
            let printed = reference.to_string();
            let again = printed.parse::<IncidentReference>();
            assert!(again.is_ok_and(|again| again == reference), "{printed} is not itself");
            printed.len()
        });
        format!("{:?} {:?}", report.ok(), incident.ok())
    }
    fn words(&self) -> Vec<&'static str> {
        vec!["R-", "-", " ", "O", "0", "I", "l", "DMH-", "2026", "-32768"]
    }
    fn is_pure(&self) -> bool {
        true
    }
}

/// Observables in whatever was pasted.
pub struct Pasted;

impl Reader for Pasted {
    fn seeds(&self) -> Vec<Vec<u8>> {
        [
            "2026-10-13T09:10:00Z sshd[77]: Failed password for root from 203.0.113.7 port 2201 ssh2",
            "Received: from mail.example.org ([2001:db8::1]) by mx.example.gov; Tue, 13 Oct 2026 09:10:00 -0500\r\n\
             From: =?utf-8?B?UGF5cm9sbA==?= <pay@example.org>\r\nSubject: payroll\r\n\r\nSee hxxps://example[.]org/a?b=1",
            "d41d8cd98f00b204e9800998ecf8427e \
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 CVE-2026-0001 C:\\\\Users\\\\x.exe",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
    }
    fn read(&mut self, input: &[u8]) -> String {
        let found = domain::observable::find(&String::from_utf8_lossy(input));
        format!("{}", found.len())
    }
    fn words(&self) -> Vec<&'static str> {
        vec!["::", "[.]", "hxxp://", "@", "::ffff:", "/64", "xn--", ".onion", "%2e", "\u{feff}", "。"]
    }
    fn is_pure(&self) -> bool {
        true
    }
}
