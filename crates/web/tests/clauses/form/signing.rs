//! Every incident has its one form, in the edition that governs it.

use super::officer::duty;
use crate::paper::{Case, OF_2004, PAPER};

// proves: DMH04-3.E
#[tokio::test]
async fn an_incident_of_2004_does_not_close_before_its_form_is_complete() {
    let mut case = Case::open(OF_2004).await;
    case.later(5 * 86_400).await;
    let open = duty(&case.about().await, "O8");
    assert!(open.contains("Running 5 d") && open.contains("no fixed date"), "its age, and no due date: {open}");
    let close = format!("{}/close", case.incident);
    let missing = case.site.get(&close, &case.officer).await;
    assert!(missing.contains("The incident report form is not completed."), "{missing}");
    let page = crate::paper::refused(&case.site, &close, &case.officer, &[("note", "done")]).await;
    assert!(page.contains("The incident report form is not completed."), "{page}");
    assert!(case.page().await.contains(", 2004"), "the form is of the edition that governs the case");
    case.fill().await;
    case.site.post(&format!("{}/sign", case.form), &case.officer, &Case::signing("completed", &PAPER)).await;
    assert!(!case.site.get(&close, &case.officer).await.contains("The incident report form is not completed."));
}
