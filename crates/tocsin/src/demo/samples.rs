//! Sample reports of the demonstration: invented, and plainly so.

use crate::wrong::Wrong;
use app::App;
use app::submit_report::Filing;
use domain::actor::Actor;
use domain::pack::{Language, PackId, TileId};
use domain::reference::ReportReference;
use domain::report::{Channel, GoingOn, Reporter, Submission};
use domain::text::{Line, Narrative};
use domain::time::When;

/// Which unit, which tile (by number), still going on, place, words, language, reporter.
const SAMPLES: [(&str, usize, GoingOn, &str, &str, Language, &str); 8] = [
    (
        "RVB",
        0,
        GoingOn::No,
        "Staff parking lot",
        "Laptop with tag RVB-44721 taken from my car overnight. The window was broken.",
        Language::English,
        "Sam Sample",
    ),
    (
        "RVB",
        3,
        GoingOn::NotSure,
        "Ward B office",
        "Three of us got the same payroll update email. It asks to sign in at hxxps://payroll.example[.]net/login.",
        Language::English,
        "Kim Sample",
    ),
    (
        "OAK",
        1,
        GoingOn::No,
        "Farmacia",
        "Envié por fax una lista de medicamentos a una farmacia equivocada.",
        Language::Spanish,
        "Luz Sample",
    ),
    (
        "OAK",
        4,
        GoingOn::Yes,
        "Front desk computer",
        "A red page says the files are locked and shows a timer. I have not touched it.",
        Language::English,
        "Pat Sample",
    ),
    (
        "HLAB",
        0,
        GoingOn::No,
        "Courier run",
        "A tablet used for sample pick-up did not come back from the route.",
        Language::English,
        "Jo Sample",
    ),
    (
        "NWD",
        8,
        GoingOn::NotSure,
        "Records room",
        "The lock of the cabinet with right-of-way files was forced. Some folders are out of order.",
        Language::English,
        "Lee Sample",
    ),
    (
        "PARK",
        6,
        GoingOn::Yes,
        "Reservation site",
        "The reservation site has answered with errors since six this morning.",
        Language::English,
        "Max Sample",
    ),
    (
        "WIL",
        2,
        GoingOn::No,
        "Ward office",
        "Somebody looked at a neighbour's chart without a reason. The audit page shows it.",
        Language::English,
        "Ray Sample",
    ),
];

/// Files the samples.
pub async fn report(app: &App) -> Result<(), Wrong> {
    for (code, tile, going_on, place, words, language, name) in SAMPLES {
        file(app, code, tile, going_on, place, words, language, name).await?;
    }
    Ok(())
}

/// Files one report; gives its reference, or nothing where the unit is not there.
#[allow(clippy::too_many_arguments, reason = "a row of the table above")]
pub(super) async fn file(
    app: &App,
    code: &str,
    tile: usize,
    going_on: GoingOn,
    place: &str,
    words: &str,
    language: Language,
    name: &str,
) -> Result<Option<String>, Wrong> {
    let directory = app.directory();
    let Some(unit) = directory.unit_by_code(code) else { return Ok(None) };
    let pack = app.pack_for_report(unit.id, app.now())?;
    let happened: Vec<TileId> = pack.tiles.get(tile).or(pack.tiles.last()).map(|t| t.id.clone()).into_iter().collect();
    let submission = Submission {
        // Both are set when the report is filed.
        reference: ReportReference::from_random([0; 8]),
        pack: PackId::parse(pack.id.as_str()).map_err(|e| Wrong::new(e.to_string()))?,
        unit: unit.id,
        handling_unit: unit.id,
        channel: Channel::Web,
        language,
        happened,
        going_on: Some(going_on),
        place: Line::parse(place).ok(),
        words: Narrative::parse(words).ok(),
        when: When::Unknown,
        when_typed: None,
        noticed: When::Unknown,
        systems: Vec::new(),
        affected: None,
        lost: Vec::new(),
        done: None,
        done_by_staff: None,
        done_by_others: None,
        answers: Vec::new(),
        files: Vec::new(),
        recipient_involved: false,
        sent_early: false,
        shielded: false,
        times: Vec::new(),
    };
    let reporter =
        Reporter { name: Line::parse(name).ok(), phone: Line::parse("573-555-0188").ok(), ..Reporter::default() };
    let filing = Filing {
        submission,
        reporter: Some(reporter),
        by: Actor::Reporter,
        draft: None,
        idempotency_key: None,
        chosen: None,
    };
    Ok(Some(app.submit_report(filing).await?.reference.to_string()))
}
