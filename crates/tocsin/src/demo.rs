//! The demonstration: five invented agencies under the real policies, staff in every role, sample reports and incidents.

use crate::configuration::{self, Place, Serving};
use crate::wrong::Wrong;
use crate::{open, serve};
use app::api_token::Scope;
use app::directory::Profile;
use app::factors::{SignInRules, Wanted};
use app::sign_in::Password;
use app::{App, MailRoute};
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::register::Designation;
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::{PackId, SeriesId, Words};
use domain::permission::Role;
use domain::text::Line;
use domain::time::Zone;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

mod incidents;
mod samples;

/// The password of every account of the demonstration.
const PASSWORD: &str = "tocsin demonstration only";
/// Whose token is printed.
const TOKEN_OF: &str = "chief-officer@dmh.example.gov";
/// A file that marks a data folder as a demonstration, so that `--reset` never removes a real one.
const MARK: &str = "demo.json";

/// One account, as printed and written to `demo.json`.
#[derive(Serialize)]
struct Account {
    role: &'static str,
    login: String,
    password: &'static str,
    agency: String,
    unit: String,
}

/// One unit's start page.
#[derive(Serialize)]
struct Door {
    code: String,
    name: String,
    agency: String,
}

/// What tests and people need to get in.
#[derive(Serialize)]
struct Demo {
    address: String,
    /// A token of the first agency's chief officer, for looking at the interface.
    api_token: String,
    accounts: Vec<Account>,
    units: Vec<Door>,
}

struct Agency {
    code: &'static str,
    name: (&'static str, &'static str),
    series: &'static str,
    /// Laws that bind it besides, for the demonstration; an organisation decides this with its counsel.
    laws: &'static [&'static str],
    edition: Option<&'static str>,
    zone: &'static str,
    phone: &'static str,
    units: &'static [(&'static str, &'static str, &'static str, UnitKind)],
}

const AGENCIES: [Agency; 5] = [
    Agency {
        code: "DMH",
        name: ("Department of Mental Health", "Departamento de Salud Mental"),
        series: "us-mo/dmh",
        laws: &["us/hipaa-breach", "us/part2", "us-mo/407-1500"],
        edition: None,
        zone: "America/Chicago",
        phone: "573-555-0142",
        units: &[
            ("RVB", "Riverbend Center", "Centro Riverbend", UnitKind::Facility),
            ("OAK", "Oak Grove Hospital", "Hospital Oak Grove", UnitKind::Facility),
            ("PIN", "Pine Hill Center", "Centro Pine Hill", UnitKind::Facility),
        ],
    },
    Agency {
        code: "DHSS",
        name: ("Department of Health and Senior Services", "Departamento de Salud y Servicios para Personas Mayores"),
        series: "us-mo/dhss",
        laws: &["us/hipaa-breach", "us-mo/407-1500"],
        edition: None,
        zone: "America/Chicago",
        phone: "573-555-0151",
        units: &[
            ("HLAB", "State Health Laboratory", "Laboratorio Estatal de Salud", UnitKind::Division),
            ("SENR", "Senior Services Division", "División de Servicios para Personas Mayores", UnitKind::Division),
        ],
    },
    Agency {
        code: "MODOT",
        name: ("Department of Transportation", "Departamento de Transporte"),
        series: "us-mo/modot",
        laws: &["us-mo/407-1500", "us/pci"],
        edition: None,
        zone: "America/Chicago",
        phone: "573-555-0160",
        units: &[
            ("NWD", "Northwest District", "Distrito Noroeste", UnitKind::District),
            ("BRDG", "Bridge Division", "División de Puentes", UnitKind::Division),
        ],
    },
    Agency {
        code: "DTS",
        name: ("Department of Technology Services", "Departamento de Servicios Tecnológicos"),
        series: "us-ut/dts",
        laws: &["us-ut/63a-19"],
        edition: None,
        zone: "America/Denver",
        phone: "801-555-0160",
        units: &[
            ("PARK", "State Parks", "Parques Estatales", UnitKind::Division),
            ("TAXC", "Tax Commission", "Comisión de Impuestos", UnitKind::Division),
        ],
    },
    Agency {
        code: "DMHA",
        name: ("Mental Health Archive (2004 edition)", "Archivo de Salud Mental (edición de 2004)"),
        series: "us-mo/dmh",
        laws: &["us/hipaa-breach", "us/part2", "us-mo/407-1500"],
        edition: Some("us-mo/dmh-2004"),
        zone: "America/Chicago",
        phone: "573-555-0170",
        units: &[("WIL", "Willow Creek Center", "Centro Willow Creek", UnitKind::Facility)],
    },
];

const ROLES: [(Role, &str, &str, bool); 14] = [
    (Role::HelpDesk, "help-desk", "Help desk", false),
    (Role::LocalOfficer, "local-officer", "Local security officer", true),
    (Role::ChiefOfficer, "chief-officer", "Chief security officer", false),
    (Role::PrivacyOfficer, "privacy-officer", "Privacy officer", false),
    (Role::HumanResources, "human-resources", "Human resources officer", false),
    (Role::Investigator, "investigator", "Investigator", false),
    (Role::Counsel, "counsel", "Chief counsel", false),
    (Role::Communications, "communications", "Communications", false),
    (Role::Records, "records", "Records officer", false),
    (Role::StatewideOffice, "statewide", "Statewide security office", false),
    (Role::CsirtMember, "csirt", "Response team member", false),
    (Role::Executive, "executive", "Executive", false),
    (Role::Auditor, "auditor", "Auditor", false),
    (Role::Administrator, "administrator", "Administrator", false),
];

/// Runs the demonstration.
pub async fn run(place: &Place, serving: &Serving, reset: bool) -> Result<ExitCode, Wrong> {
    let default = Path::new("data/demo");
    let configuration = configuration::decide(place, serving, default)?;
    let ending = serve::Ending::heard()?;
    let (listener, address) = serve::listen(configuration.listen).await?;
    let serving = Serving { listen: Some(address), ..serving.clone() };
    let mut configuration = configuration::decide(place, &serving, default)?;
    configuration.settings.mail = MailRoute::DemonstrationMailbox;
    // Whoever looks around signs in with the printed password alone, unless asked otherwise.
    configuration.settings.sign_in = SignInRules {
        second_factor: serving.second_factor.unwrap_or(Wanted::Offered),
        passkeys: serving.passkeys.unwrap_or(Wanted::Offered),
    };
    let mark = configuration.data.join(MARK);
    if reset {
        remove(&configuration.data, &mark)?;
    }
    std::fs::create_dir_all(&configuration.data)?;
    let app = open::app(&configuration).await?;
    if app.directory().agencies().is_empty() {
        println!("Preparing five agencies…");
        for agency in &AGENCIES {
            found(&app, agency).await?;
        }
        samples::report(&app).await?;
        incidents::open(&app).await?;
    }
    let (api_token, _) = app.make_token(TOKEN_OF, &Scope::ALL, 30).await?;
    let demo = describe(&app, format!("http://{address}"), api_token);
    // Whoever waits for the file finds it whole.
    let fresh = mark.with_extension("new");
    std::fs::write(&fresh, serde_json::to_vec_pretty(&demo)?)?;
    std::fs::rename(&fresh, &mark)?;
    print(&demo);
    serve::serve(app, listener, ending).await?;
    Ok(ExitCode::SUCCESS)
}

fn remove(data: &Path, mark: &Path) -> Result<(), Wrong> {
    if !data.exists() {
        return Ok(());
    }
    if !mark.exists() {
        return Err(Wrong::new(format!(
            "{} is not the folder of a demonstration, so --reset leaves it alone. Choose another with --data DIR.",
            data.display()
        )));
    }
    Ok(std::fs::remove_dir_all(data)?)
}

async fn found(app: &App, agency: &Agency) -> Result<(), Wrong> {
    let words = |(en, es): (&str, &str)| Words { en: en.to_owned(), es: es.to_owned() };
    let profile = AgencyProfile {
        name: words(agency.name),
        zone: Zone::named(agency.zone).map_err(|e| Wrong::new(e.to_string()))?,
        policies: std::iter::once(&agency.series)
            .chain(agency.laws)
            .map(|series| SeriesId::parse(series).map_err(|e| Wrong::new(e.to_string())))
            .collect::<Result<_, _>>()?,
        edition: agency.edition.map(PackId::parse).transpose().map_err(|e| Wrong::new(e.to_string()))?,
        phone: agency.phone.to_owned(),
        help_desk: Some("573-555-0100".to_owned()),
    };
    let (tenant, head) = app.add_agency(agency.code, &profile).await?;
    let mut units = Vec::new();
    for (code, en, es, kind) in agency.units {
        let profile = UnitProfile { name: words((en, es)), kind: *kind, phone: None, policies: Vec::new() };
        units.push((*code, app.add_unit(tenant, head, code, &profile).await?));
    }
    staff(app, agency, tenant, head, &units).await
}

async fn staff(
    app: &App,
    agency: &Agency,
    tenant: TenantId,
    head: UnitId,
    units: &[(&str, UnitId)],
) -> Result<(), Wrong> {
    let domain = format!("{}.example.gov", agency.code.to_lowercase());
    for (role, slug, title, per_unit) in ROLES {
        let places: Vec<(String, UnitId, String)> = if per_unit {
            units
                .iter()
                .map(|(code, unit)| (format!("{slug}.{}", code.to_lowercase()), *unit, (*code).to_owned()))
                .collect()
        } else {
            vec![(slug.to_owned(), head, agency.code.to_owned())]
        };
        for (login, unit, place) in places {
            let profile = Profile {
                name: format!("{title} {place}"),
                email: format!("{login}@{domain}"),
                phone: Some(agency.phone.to_owned()),
            };
            let person =
                app.add_person(tenant, &profile, Password::typed(PASSWORD.to_owned()), &[(unit, role)]).await?;
            designate(app, tenant, unit, role, person).await?;
        }
    }
    Ok(())
}

/// Puts on record who holds the offices of the policy, as an agency that has just begun would.
async fn designate(app: &App, tenant: TenantId, unit: UnitId, role: Role, holder: AccountId) -> Result<(), Wrong> {
    let (now, zone) = (app.now(), app.zone_of(tenant));
    let pack = app.pack_for_report(unit, now)?;
    let office = pack.roles.iter().find(|known| known.office.is_some() && known.capacity == role);
    if let Some(office) = office {
        let by = Some(Line::parse("Department Director").map_err(|e| Wrong::new(e.to_string()))?);
        let from = now.day_in(&zone);
        let new = Designation { office: office.id.clone(), unit, holder, from, until: None, by };
        app.designate_by_command(tenant, &new).await?;
    }
    Ok(())
}

fn describe(app: &App, address: String, api_token: String) -> Demo {
    let directory = app.directory();
    let (mut accounts, mut units) = (Vec::new(), Vec::new());
    for agency in directory.agencies() {
        let people = directory.people_of(agency.id);
        for (_, slug, title, _) in ROLES {
            let of_role = people.iter().filter(|p| p.profile.email.split(['.', '@']).next() == Some(slug));
            accounts.extend(of_role.map(|person| Account {
                role: title,
                login: person.profile.email.clone(),
                password: PASSWORD,
                agency: agency.code.clone(),
                unit: person.profile.name.rsplit(' ').next().unwrap_or_default().to_owned(),
            }));
        }
        units.extend(directory.units_of(agency.id).into_iter().map(|unit| Door {
            code: unit.code.clone(),
            name: unit.profile.name.en.clone(),
            agency: agency.code.clone(),
        }));
    }
    Demo { address, api_token, accounts, units }
}

fn print(demo: &Demo) {
    println!("\nTocsin is running at {}\n", demo.address);
    println!("Report something, as anybody would:");
    for unit in &demo.units {
        println!("  {}/r/{:<6} {} ({})", demo.address, unit.code, unit.name, unit.agency);
    }
    println!("\nSign in at {}/sign-in (password for all: {PASSWORD}):", demo.address);
    for account in &demo.accounts {
        println!("  {:<28} {:<44} {}", account.role, account.login, account.unit);
    }
    println!("\nMail that would have been sent: {}/demo/mail", demo.address);
    println!("The interface: {}/api/openapi.json, with this token: {}", demo.address, demo.api_token);
    println!("Stop with Ctrl+C.");
}
