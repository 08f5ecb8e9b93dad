//! QR codes as SVG, so that paper finds its way back to its record.

use crate::DocumentError;
use qrcode::{EcLevel, QrCode, render::svg};

/// The code of a link, black on white with its quiet zone, as an SVG file. A quarter of it may be worn off or stained.
pub fn svg(link: &str) -> Result<String, DocumentError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::Q)
        .or_else(|_| QrCode::with_error_correction_level(link, EcLevel::L))
        .map_err(|_| DocumentError::LinkTooLong { length: link.len() })?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_too_long_is_refused_with_its_length() {
        assert!(svg("https://report.example.gov/r/ABC").is_ok_and(|image| image.contains("<svg")));
        assert!(matches!(svg(&"x".repeat(4_000)), Err(DocumentError::LinkTooLong { length: 4_000 })));
    }
}
