//! The signed-in side: pages for officers and everybody else with an account, behind one door that knows who asks.
//!
//! Every handler takes [`desk::Staff`], which exists only for a live session. Changes are posts that end in a redirect;
//! a refusal shows the page again with what was typed.

pub mod addressed;
pub mod admin;
pub mod desk;
pub mod door;
pub mod duties;
pub mod factors;
pub mod files;
pub mod glass;
pub mod home;
pub mod inbox;
pub mod incident;
pub mod intake;
pub mod me;
pub mod organisation;
pub mod picked;
pub mod playbooks;
pub mod policy;
pub mod prove;
pub mod readiness;
pub mod records;
pub mod registers;
pub mod report;
pub mod reports;
pub mod set_up;
pub mod sign_in;
pub mod sorry;
pub mod triage;
pub mod welcome;

use app::App;
use axum::{
    Router, middleware,
    routing::{get, post},
};

/// Every address that needs an account, and the doors to one.
pub fn staff_router(app: App) -> Router {
    let open = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-in/code", post(sign_in::steps::code))
        .route("/sign-in/program", post(sign_in::steps::program))
        .route("/sign-in/passkey", post(sign_in::steps::passkey))
        .route("/sign-in/passkey/begin", post(sign_in::steps::begin_passkey))
        .route("/sign-in/passkey/new", post(sign_in::steps::begin_new_passkey))
        .route("/sign-in/passkey/made", post(sign_in::steps::new_passkey))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/set-up/{secret}", get(set_up::page).post(set_up::set_up))
        .route("/welcome/{word}", get(welcome::page).post(welcome::choose))
        .route("/duties.ics/{secret}", get(super::duties::feed::feed))
        .layer(middleware::from_fn(sorry::apologise));
    let inside = Router::new()
        .route("/home", get(home::page))
        .route("/me", get(me::page))
        .route("/me/prove", post(prove::begin))
        .merge(factors::routes())
        .route("/me/tokens/{name}/withdraw", post(me::withdraw_token))
        .route("/me/sessions/end", post(me::end_sessions))
        .route("/me/calendar", post(me::make_calendar))
        .route("/me/calendar/end", post(me::end_calendar))
        .route("/inbox", get(inbox::page))
        .route("/inbox/{reference}", get(report::page))
        .route("/inbox/{reference}/preview", get(inbox::preview))
        .route("/inbox/{reference}/accept", post(triage::accept))
        .route("/inbox/{reference}/add", post(triage::add))
        .route("/inbox/{reference}/ask", post(triage::ask))
        .route("/inbox/{reference}/set-aside", post(triage::set_aside))
        .route("/inbox/{reference}/finding", post(triage::finding))
        .route("/inbox/{reference}/hand-over", post(triage::hand_over))
        .route("/inbox/{reference}/undo", post(triage::undo))
        .route("/policy", get(policy::page))
        .route("/policy/documents/{slot}/{digest}", get(policy::document))
        .route("/policy/proposals/{digest}", get(admin::pack::office_page))
        .route("/policy/proposals/{digest}/authorize", post(admin::pack::authorize))
        .route("/inbox/{reference}/weigh", post(triage::weigh))
        .route("/inbox/{reference}/correct", post(triage::correct))
        .route("/inbox/{reference}/let-in", post(triage::let_in))
        .route("/reports", get(reports::page))
        .route("/intake", get(intake::page).post(intake::file))
        .route("/intake/filed/{reference}", get(intake::filed).post(intake::mail_link))
        .route("/files/{reference}/{file}", get(files::download))
        .route("/glass", get(glass::page).post(glass::ask))
        .route("/glass/{reference}/{request}", post(glass::answer))
        .route("/desk", get(addressed::list))
        .route("/desk/{reference}", get(addressed::report))
        .merge(organisation::routes())
        .merge(readiness::routes())
        .merge(incident::routes())
        .merge(records::routes())
        .route("/registers/{unit}/{sheet}", get(registers::page))
        .route("/registers/{unit}/{sheet}/csv", get(registers::csv))
        .route("/playbooks", get(playbooks::page))
        .merge(admin::routes())
        .merge(super::incidents::routes())
        .merge(super::duties::routes())
        .merge(super::stats::routes())
        .layer(middleware::from_fn_with_state(app.clone(), prove::wanted))
        .layer(middleware::from_fn(sorry::apologise_inside))
        .layer(middleware::from_fn_with_state(app.clone(), door::guard));
    open.merge(inside).with_state(app)
}
