//! Who may ask what: every address that is not open to all, with the rights of which it needs one.

use domain::actor::Section::{self, Counsel, Evidence, Officer, Personnel, Report, Reporter};
use domain::permission::Action::{self, *};

/// What an address needs of whoever asks.
#[derive(Debug)]
pub enum Need {
    /// An account, whatever its roles: their own things, and what everybody in the agency may know.
    Account,
    /// One of these rights, somewhere in the agency.
    Room(&'static [(Action, Section)]),
    /// One of these rights on the case that the address names, and not to be kept from it.
    Case(&'static [(Action, Section)]),
}

use Need::{Account, Case, Room};

/// The public side, the doors, the machine's own signs of life, and the log that everybody may check.
pub fn open_to_all(path: &str) -> bool {
    let path = path.strip_prefix("/es").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path);
    let exact = [
        "",
        "/",
        "/report",
        "/report/{org}",
        "/r",
        "/resume",
        "/status",
        "/ended",
        "/accessibility",
        "/gone",
        "/outage-kit",
        "/sign-in",
        "/sign-out",
        "/demo/mail",
        "/checkpoint",
        "/log/key",
        "/api/openapi.json",
        "/api/v1/reports",
        "/set-up/{secret}",
        "/welcome/{word}",
        "/duties.ics/{secret}",
        "/sign/{token}",
        "/s/{key}",
        "/s/{key}/end",
    ];
    let below = ["/assets/", "/health/", "/tile/", "/r/{code}", "/report/d/{token}"];
    exact.contains(&path) || below.iter().any(|room| path.starts_with(room))
}

/// Somebody who keeps the organisation.
const KEEPS: Need = Room(&[(Administer, Officer)]);
const SEES: Need = Room(&[(SeeOrganisation, Officer)]);
const ORGANISES: Need = Room(&[(Organise, Officer)]);
const LISTS: Need = Room(&[(Read, Officer)]);
const READS: Need = Case(&[(Read, Officer)]);
const WORKS: Need = Case(&[(Work, Officer)]);
const TRIAGES: Need = Case(&[(Triage, Report)]);

/// Every address of a signed-in side, by method.
pub const DECLARED: &[(&str, &str, Need)] = &[
    ("GET", "/home", Account),
    ("GET", "/me", Account),
    ("POST", "/me/sessions/end", Account),
    ("POST", "/me/calendar", LISTS),
    ("POST", "/me/calendar/end", Account),
    ("GET", "/policy", Account),
    ("GET", "/policy/documents/{slot}/{digest}", Account),
    ("GET", "/policy/proposals/{digest}", Room(&[(Enact, Officer)])),
    ("POST", "/policy/proposals/{digest}/authorize", Room(&[(Enact, Officer)])),
    // Lists.
    ("GET", "/inbox", Room(&[(ReadInbox, Report)])),
    ("GET", "/desk", Room(&[(TakeAddressed, Report)])),
    ("GET", "/reports", Room(&[(ReadInbox, Report)])),
    ("GET", "/intake", Room(&[(TakeCall, Report)])),
    ("POST", "/intake", Room(&[(TakeCall, Report)])),
    ("GET", "/incidents", LISTS),
    ("GET", "/incidents.csv", Room(&[(Export, Officer)])),
    // Leads to the list and says nothing itself.
    ("GET", "/search", Account),
    // In an emergency: the answer to asking is the same whatever is asked for.
    ("GET", "/glass", Room(&[(BreakGlass, Officer), (AgreeGlass, Officer)])),
    ("POST", "/glass", Room(&[(BreakGlass, Officer)])),
    ("POST", "/glass/{reference}/{request}", Case(&[(AgreeGlass, Officer)])),
    ("GET", "/duties", LISTS),
    ("GET", "/duties.csv", Room(&[(Export, Officer)])),
    ("GET", "/stats", Room(&[(Statistics, Report)])),
    ("GET", "/stats.csv", Room(&[(Statistics, Report)])),
    ("GET", "/playbooks", LISTS),
    ("GET", "/records", Room(&[(ReviewDisposal, Officer)])),
    ("GET", "/records/holds", Room(&[(LiftHold, Officer)])),
    // Reports.
    ("GET", "/inbox/{reference}", Case(&[(Read, Report)])),
    ("GET", "/inbox/{reference}/preview", Case(&[(Read, Report)])),
    ("POST", "/inbox/{reference}/accept", TRIAGES),
    ("POST", "/inbox/{reference}/add", TRIAGES),
    ("POST", "/inbox/{reference}/ask", TRIAGES),
    ("POST", "/inbox/{reference}/set-aside", TRIAGES),
    ("POST", "/inbox/{reference}/finding", TRIAGES),
    ("POST", "/inbox/{reference}/hand-over", TRIAGES),
    ("POST", "/inbox/{reference}/undo", TRIAGES),
    ("POST", "/inbox/{reference}/weigh", TRIAGES),
    ("POST", "/inbox/{reference}/correct", TRIAGES),
    ("POST", "/inbox/{reference}/let-in", TRIAGES),
    ("GET", "/desk/{reference}", Case(&[(TakeAddressed, Report)])),
    // Says again what stands in the address: it asks no record.
    ("GET", "/intake/filed/{reference}", Room(&[(TakeCall, Report)])),
    ("POST", "/intake/filed/{reference}", Room(&[(TakeCall, Report)])),
    // A file that somebody added. Papers of the product have readers of their own.
    ("GET", "/files/{reference}/{file}", Case(&[(Export, Evidence)])),
    // Incidents.
    ("GET", "/incidents/{reference}", READS),
    ("POST", "/incidents/{reference}/notes", WORKS),
    ("POST", "/incidents/{reference}/duties/{rule}", WORKS),
    ("POST", "/incidents/{reference}/tasks", WORKS),
    ("POST", "/incidents/{reference}/tasks/{task}/done", WORKS),
    ("POST", "/incidents/{reference}/tasks/{task}/reopen", WORKS),
    ("POST", "/incidents/{reference}/tasks/{task}/remove", WORKS),
    ("POST", "/incidents/{reference}/describe", WORKS),
    ("POST", "/incidents/{reference}/decisions", WORKS),
    ("GET", "/incidents/{reference}/decisions/{decision}", READS),
    ("POST", "/incidents/{reference}/decisions/{decision}", Case(&[(Decide, Officer)])),
    ("POST", "/incidents/{reference}/decisions/{decision}/statement", Case(&[(Work, Officer), (Decide, Officer)])),
    ("POST", "/incidents/{reference}/playbooks/{playbook}", WORKS),
    ("POST", "/incidents/{reference}/systems", WORKS),
    ("POST", "/incidents/{reference}/count", WORKS),
    ("POST", "/incidents/{reference}/facts", WORKS),
    ("POST", "/incidents/{reference}/moments", WORKS),
    ("POST", "/incidents/{reference}/holds", WORKS),
    ("POST", "/incidents/{reference}/holds/{hold}/lift", WORKS),
    ("POST", "/incidents/{reference}/duties/{rule}/waive", Case(&[(Waive, Officer)])),
    ("POST", "/incidents/{reference}/files", Case(&[(Work, Evidence)])),
    ("POST", "/incidents/{reference}/lead", WORKS),
    ("POST", "/incidents/{reference}/exclude", Case(&[(Exclude, Officer)])),
    ("POST", "/incidents/{reference}/participants", Case(&[(Exclude, Officer)])),
    ("POST", "/incidents/{reference}/participants/{person}/remove", Case(&[(Exclude, Officer)])),
    ("GET", "/incidents/{reference}/summary", READS),
    ("GET", "/incidents/{reference}/reports/{report}", READS),
    ("GET", "/incidents/{reference}/access", READS),
    ("GET", "/incidents/{reference}/close", Case(&[(Close, Officer)])),
    ("POST", "/incidents/{reference}/close", Case(&[(Close, Officer)])),
    ("POST", "/incidents/{reference}/reopen", Case(&[(Close, Officer)])),
    ("GET", "/incidents/{reference}/sheets/{sheet}", READS),
    ("POST", "/incidents/{reference}/sheets/{sheet}", Case(&[(Work, Officer), (Fill, Officer)])),
    ("POST", "/incidents/{reference}/sheets/{sheet}/strike", Case(&[(Work, Officer), (Fill, Officer)])),
    ("GET", "/incidents/{reference}/sheets/{sheet}/copy", Case(&[(Export, Officer)])),
    ("GET", "/incidents/{reference}/sheets/{sheet}/csv", Case(&[(Export, Officer)])),
    ("GET", "/incidents/{reference}/sheets/{sheet}/print", Case(&[(Export, Officer)])),
    ("GET", "/incidents/{reference}/form", Case(&[(Read, Officer), (Read, Personnel)])),
    ("POST", "/incidents/{reference}/form", WORKS),
    // Whoever works on it without the right to sign is told whose part it is.
    ("POST", "/incidents/{reference}/form/sign", Case(&[(Sign, Officer), (Work, Officer)])),
    ("POST", "/incidents/{reference}/form/ask", Case(&[(Sign, Officer)])),
    ("POST", "/incidents/{reference}/form/ask/end", Case(&[(Sign, Officer)])),
    ("POST", "/incidents/{reference}/form/amend", Case(&[(Sign, Officer)])),
    ("POST", "/incidents/{reference}/form/pdf", Case(&[(Export, Officer)])),
    ("GET", "/incidents/{reference}/form/{number}", READS),
    ("POST", "/incidents/{reference}/form/personnel", Case(&[(Work, Personnel)])),
    ("POST", "/incidents/{reference}/tags", WORKS),
    ("POST", "/incidents/{reference}/ticket", WORKS),
    ("POST", "/incidents/{reference}/ticket/acknowledged", WORKS),
    // Records.
    ("POST", "/records/holds/{reference}/{hold}/lift", Case(&[(LiftHold, Officer)])),
    ("GET", "/records/{reference}", READS),
    ("POST", "/records/{reference}/matters", Case(&[(Work, Officer), (Hold, Officer)])),
    ("POST", "/records/{reference}/matters/{matter}/settle", Case(&[(Hold, Officer)])),
    ("POST", "/records/{reference}/holds", Case(&[(Hold, Officer)])),
    ("POST", "/records/{reference}/propose", Case(&[(ProposeDisposal, Officer)])),
    ("POST", "/records/{reference}/review", Case(&[(ReviewDisposal, Officer)])),
    ("GET", "/records/{reference}/certificate", READS),
    // The organisation.
    ("GET", "/organisation", SEES),
    ("POST", "/organisation/absences", ORGANISES),
    ("POST", "/organisation/absences/{id}/back", ORGANISES),
    ("GET", "/organisation/office/{code}/{role}", SEES),
    ("POST", "/organisation/office/{code}/{role}", KEEPS),
    ("POST", "/organisation/office/{code}/{role}/end", KEEPS),
    ("GET", "/organisation/notices", SEES),
    ("POST", "/organisation/notices", ORGANISES),
    ("GET", "/organisation/people", SEES),
    ("GET", "/organisation/people/{code}", SEES),
    ("POST", "/organisation/people/{code}", ORGANISES),
    ("POST", "/organisation/people/{code}/taught", ORGANISES),
    ("POST", "/organisation/people/{code}/left", ORGANISES),
    ("GET", "/organisation/units/{code}", SEES),
    ("GET", "/organisation/rules", SEES),
    ("POST", "/organisation/rules/left-out", KEEPS),
    ("POST", "/organisation/rules/left-out/{id}/end", KEEPS),
    ("POST", "/organisation/rules/channels", KEEPS),
    // Administration.
    ("GET", "/admin", KEEPS),
    ("GET", "/admin/people", KEEPS),
    ("POST", "/admin/people", KEEPS),
    ("GET", "/admin/people/{person}", KEEPS),
    ("POST", "/admin/people/{person}", KEEPS),
    ("POST", "/admin/people/{person}/link", KEEPS),
    ("POST", "/admin/people/{person}/sign-out", KEEPS),
    ("POST", "/admin/people/{person}/disable", KEEPS),
    ("POST", "/admin/people/{person}/enable", KEEPS),
    ("POST", "/admin/people/{person}/roles", KEEPS),
    ("POST", "/admin/people/{person}/roles/end", KEEPS),
    ("GET", "/admin/units", KEEPS),
    ("POST", "/admin/units", KEEPS),
    ("GET", "/admin/tokens", KEEPS),
    ("POST", "/admin/tokens", KEEPS),
    ("POST", "/admin/tokens/{name}/withdraw", KEEPS),
    ("GET", "/admin/settings", KEEPS),
    ("POST", "/admin/settings/test-mail", Room(&[(SeeHealth, Officer)])),
    ("GET", "/admin/journal", Room(&[(ReadAdministration, Officer)])),
    ("GET", "/admin/health", Room(&[(SeeHealth, Officer)])),
    ("GET", "/admin/packs", KEEPS),
    ("POST", "/admin/packs", KEEPS),
    ("POST", "/admin/packs/statement", KEEPS),
    ("GET", "/admin/packs/{digest}", KEEPS),
    ("POST", "/admin/packs/{digest}/decide", KEEPS),
    ("GET", "/admin/local", KEEPS),
    ("POST", "/admin/local/values", KEEPS),
    ("POST", "/admin/local/watch", KEEPS),
    ("POST", "/admin/local/documents", KEEPS),
    ("POST", "/admin/local/workforce", KEEPS),
    ("POST", "/admin/local/workforce/remove", KEEPS),
    // Programs.
    ("POST", "/api/v1/reports/{reference}/accept", TRIAGES),
    ("GET", "/api/v1/incidents", LISTS),
    ("GET", "/api/v1/incidents/{reference}", READS),
    ("GET", "/api/v1/incidents/{reference}/obligations", READS),
    ("GET", "/api/v1/incidents/{reference}/documents", READS),
    ("GET", "/api/v1/statistics", Room(&[(Statistics, Report)])),
];

/// The sections of a case with the word that the canary test plants in each.
pub const SECTIONS: [(Section, &str); 6] = [
    (Report, "zqreportmark"),
    (Reporter, "Lee"),
    (Officer, "zqofficermark"),
    (Personnel, "zqpersonnelmark"),
    (Evidence, "zqevidencemark"),
    (Counsel, "zqcounselmark"),
];
