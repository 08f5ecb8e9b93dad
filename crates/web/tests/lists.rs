//! Lists, search and statistics through the router, over records that were imported into a real store.

use app::directory::Profile;
use app::import::{ImportOptions, import_hhs};
use app::sign_in::{Password, SessionNote};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use domain::ids::UnitId;
use domain::permission::Role;
use ground::World;
use http_body_util::BodyExt;
use std::fmt::Write;
use std::sync::Arc;
use tower::ServiceExt;

const HEADER: &str = "Name of Covered Entity,State,Individuals Affected,Breach Submission Date,Type of Breach,Location of Breached Information,Web Description";

struct Site {
    world: World,
    router: axum::Router,
    cookie: String,
}

impl Site {
    /// Seventy records: thefts of laptops in Missouri, and losses of paper in Kansas by an organisation with a bad name.
    async fn open(role: Role, at: impl Fn(&World) -> UnitId) -> Self {
        let world = ground::world().await;
        let mut file = format!("{HEADER}\n");
        for n in 0..60 {
            writeln!(file, "Sample Clinic {n},MO,{},1/2/2017,Theft,Laptop,Number {n} was taken.", 100 + n)
                .expect("text");
        }
        for n in 0..10 {
            writeln!(file, "\"=<b>Plan</b> {n}\",KS,20000,2/3/2018,\"Loss, Theft\",Paper/Films,Mislaid zanzibar.")
                .expect("text");
        }
        import_hhs(&world.app, "RVB", file.as_bytes(), ImportOptions::default(), &mut |_| ()).await.expect("imported");
        let profile = Profile { name: "A. Ortiz".into(), email: "ortiz@example.gov".into(), phone: None };
        let typed = || Password::typed("four unrelated words here".into());
        world.app.add_person(world.tenant, &profile, typed(), &[(at(&world), role)]).await.expect("a person");
        let note = SessionNote { browser: String::new(), address: String::new() };
        let secret = world
            .app
            .sign_in("ortiz@example.gov", typed(), &note)
            .await
            .expect("signed in")
            .session()
            .expect("nothing more is asked")
            .0;
        let router = tocsin_web::router(world.app.clone(), Arc::new(|| "7F2A".to_owned()));
        Self { world, router, cookie: format!("__Host-tocsin={secret}") }
    }

    async fn officer() -> Self {
        Self::open(Role::LocalOfficer, |world| world.unit).await
    }

    async fn chief() -> Self {
        Self::open(Role::ChiefOfficer, |world| world.head).await
    }

    async fn ask(&self, path: &str) -> Response {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty()).expect("a request");
        self.router.clone().oneshot(request).await.expect("answered")
    }

    async fn get(&self, path: &str) -> String {
        let answer = self.ask(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        text(answer).await
    }
}

async fn text(answer: Response) -> String {
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The address of the link with these words.
fn link(page: &str, words: &str) -> String {
    let before = page.split(words).next().expect("something before");
    let href = before.rsplit("href=\"").next().expect("an address");
    href.split('"').next().expect("its end").replace("&#38;", "&").replace("&amp;", "&")
}

fn rows(page: &str) -> usize {
    page.matches("class=\"row-link\"").count()
}

#[tokio::test]
async fn the_list_is_walked_page_by_page() {
    let site = Site::officer().await;
    let first = site.get("/incidents").await;
    assert_eq!(rows(&first), 50);
    assert!(first.contains("The newest 50. There are older ones."));
    let second = site.get(&link(&first, ">Older<")).await;
    assert_eq!(rows(&second), 20);
    assert!(second.contains("The 20 oldest.") && !second.contains(">Older<"));
    assert_eq!(link(&second, ">Newest<"), "/incidents");
    assert!(!first.contains("<b>Plan"), "what somebody else typed never becomes markup");
}

#[tokio::test]
async fn it_is_narrowed_by_address_and_each_chip_widens_it_again() {
    let site = Site::officer().await;
    let page = site.get("/incidents?words=zanzibar&place=KS&kind=Theft&people=10000&year=2018&state=closed").await;
    assert_eq!(rows(&page), 10);
    for chip in
        ["Words: zanzibar", "State or territory: Kansas", "Kind: Theft", "People, at least: 10,000", "Year: 2018"]
    {
        assert!(page.contains(chip), "{chip}");
    }
    let wider = link(&page, " aria-label=\"Remove “Words: zanzibar”");
    assert_eq!(wider, "/incidents?state=closed&kind=Theft&place=KS&year=2018&people=10000");
    assert_eq!(rows(&site.get("/incidents?words=nothing+like+it").await), 0);
    assert!(site.get("/incidents?state=open").await.contains("No incident is like this."));
    assert_eq!(site.ask("/incidents?year=soon").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.ask("/incidents?year=2017&year=2018").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_typed_reference_leads_to_its_page_and_a_wrong_one_to_the_list() {
    let site = Site::officer().await;
    let leads = async |path: &str| {
        site.ask(path).await.headers().get(header::LOCATION).map(|l| l.to_str().expect("text").to_owned())
    };
    assert_eq!(leads("/search?q=dmh-2017-0003").await.as_deref(), Some("/incidents?words=dmh-2017-0003"));
    assert_eq!(leads("/incidents?words=dmh-2017-0003").await.as_deref(), Some("/incidents/DMH-2017-0003"));
    assert_eq!(leads("/incidents?words=DMH-2031-0003").await, None);
}

#[tokio::test]
async fn what_lies_outside_somebodys_units_is_not_there() {
    let site = Site::open(Role::LocalOfficer, |world| world.other_unit).await;
    assert_eq!(rows(&site.get("/incidents").await), 0);
    assert!(site.ask("/incidents?words=DMH-2017-0003").await.headers().get(header::LOCATION).is_none());
    let table = site.get("/incidents.csv").await;
    assert_eq!(table.lines().count(), 1, "{table}");
    assert!(site.get("/stats").await.contains("Nothing is counted here yet."));
}

#[tokio::test]
async fn a_list_is_taken_along_as_a_table_that_runs_nothing() {
    let site = Site::officer().await;
    let answer = site.ask("/incidents.csv?place=KS").await;
    assert_eq!(answer.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"incidents.csv\"");
    let table = text(answer).await;
    let lines: Vec<&str> = table.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(lines.len(), 11);
    assert!(lines[0].starts_with("reference,title,unit,opened,state,kinds"), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "DMH-2018-0010,Loss and theft involving paper/films – =<b>Plan</b> 9,Riverbend Center,2018-02-03,closed,Loss; Theft,Paper/Films,KS,20000,0,,HHS breach portal,"
    );
}

#[tokio::test]
async fn statistics_are_charts_with_tables() {
    let site = Site::chief().await;
    let page = site.get("/stats").await;
    let people: i64 = (0..60).map(|n| 100 + n).sum::<i64>() + 200_000;
    assert_eq!(people, 207_770);
    assert!(page.contains("70 incidents, 207,770 people affected"), "{page}");
    assert!(page.contains("Theft leads with 70 of 70 incidents (100 %)."));
    assert!(page.contains("Missouri leads with 60 of 70 incidents (86 %)."));
    assert!(page.contains("Most were opened in 2017: 60."));
    assert!(page.contains("role=\"img\" aria-labelledby=\"place-title\""));
    assert_eq!(page.matches("<svg viewBox=\"0 0 320").count(), 5);
    assert_eq!(link(&page, ">Kansas</a>"), "/incidents?place=KS");

    let of_2018 = site.get("/stats?year=2018").await;
    assert!(of_2018.contains("10 incidents, 200,000 people affected"));
    let table = site.get("/stats.csv?of=kind&year=2018").await;
    assert_eq!(
        table.trim_start_matches('\u{FEFF}'),
        "Kind,incidents,people affected\r\nLoss,10,200000\r\nTheft,10,200000\r\n"
    );
    assert_eq!(site.ask("/stats.csv?of=colour").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_officer_of_one_unit_sees_the_numbers_of_that_unit() {
    let site = Site::officer().await;
    let page = site.get("/stats").await;
    assert!(page.contains("70 incidents") && page.contains("You see the numbers of your own units."));
    assert!(!page.contains("By kind"), "kinds are counted for the agency, not for its units");
    assert_eq!(site.world.app.directory().unit(site.world.unit).map(|u| u.code.clone()).as_deref(), Some("RVB"));
}
