//! The packs that ship compile, and every worked case in them comes out as written.

use domain::pack::PackKind;
use std::{fs, path::Path};
use tocsin_policy::{self as policy, Source, check, check_set, compile_set};

fn read(folder: &Path, root: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of packs") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, root, into);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            into.push(Source { path: name, text: fs::read_to_string(&path).expect("text") });
        }
    }
}

fn shipped() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut sources = Vec::new();
    read(&root, &root, &mut sources);
    sources
}

fn one_pack(folder: &str) -> Vec<Source> {
    let wanted = |s: &Source| s.path.starts_with(folder) || s.path.starts_with("common/");
    shipped().into_iter().filter(wanted).collect()
}

fn works(folder: &str) -> domain::pack::Pack {
    check(&one_pack(folder)).unwrap_or_else(|reports| {
        panic!("{}", reports.iter().map(policy::Report::render).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn the_pack_of_mental_health_2016_works() {
    assert_eq!(works("us-mo/dmh-2016/").id.as_str(), "us-mo/dmh-2016");
}

#[test]
fn the_pack_of_mental_health_2004_works() {
    assert_eq!(works("us-mo/dmh-2004/").id.as_str(), "us-mo/dmh-2004");
}

#[test]
fn the_pack_of_health_and_senior_services_works() {
    assert_eq!(works("us-mo/dhss/").id.as_str(), "us-mo/dhss");
}

#[test]
fn the_pack_of_transportation_works() {
    let pack = works("us-mo/modot/");
    assert_eq!(pack.phone_first.map(|p| p.number).as_deref(), Some("573-751-7446"));
}

#[test]
fn the_pack_of_utah_works() {
    assert_eq!(works("us-ut/dts-2006/").zone.name(), "America/Denver");
}

#[test]
fn the_laws_work_and_say_what_nobody_has_confirmed() {
    for folder in [
        "us/hipaa-breach/",
        "us/part2/",
        "us/cjis/",
        "us/irs-1075/",
        "us/ssa/",
        "us/cms/",
        "us/pci/",
        "us/circia/",
        "us-mo/407-1500/",
        "us-ut/63a-19/",
        "us-ut/13-44/",
    ] {
        let pack = works(folder);
        assert_eq!(pack.kind, PackKind::Law, "{folder}");
        assert_eq!(pack.reviewed_by_counsel, None, "{folder}: nobody has");
        assert!(pack.obligations.iter().all(|o| o.verified.is_some()), "{folder}");
    }
}

#[test]
fn all_packs_together_overlap_nowhere() {
    let packs = check_set(&shipped()).unwrap_or_else(|reports| panic!("{reports:?}"));
    let kinds = |kind| packs.iter().filter(|p| p.kind == kind).count();
    assert_eq!((kinds(PackKind::Policy), kinds(PackKind::Law)), (5, 11));
    // A duty is one line of an incident by its number, whichever packs bind the unit.
    let mut seen = std::collections::BTreeMap::new();
    for (pack, rule) in
        packs.iter().filter(|p| p.kind == PackKind::Law).flat_map(|p| p.obligations.iter().map(move |o| (p, o)))
    {
        assert_eq!(seen.insert(rule.id.clone(), &pack.id), None, "{} stands in two laws", rule.id);
        assert!(packs.iter().filter(|p| p.kind == PackKind::Policy).all(|p| p.obligation(&rule.id).is_none()));
    }
}

#[test]
fn every_report_reaches_somebody_who_may_triage_it() {
    use domain::pack::{Capacity, Facts};
    let packs = compile_set(&shipped()).expect("packs that compile");
    for pack in packs.iter().filter(|p| p.kind == PackKind::Policy) {
        let chain = pack.recipients(&Facts::default(), &[]);
        let may = |c| matches!(c, Capacity::LocalOfficer | Capacity::ChiefOfficer);
        assert!(chain.iter().any(|r| may(r.capacity)), "{}: {:?}", pack.id, chain);
    }
}

#[test]
fn every_tile_points_to_a_category_and_has_advice() {
    for pack in compile_set(&shipped()).expect("packs that compile") {
        for tile in &pack.tiles {
            let chosen = [tile.id.clone()];
            assert!(!pack.suggested_categories(&chosen).is_empty(), "{}: {}", pack.id, tile.id);
            for going_on in [true, false] {
                assert!((3..=5).contains(&pack.advice(&chosen, going_on).len()), "{}: {}", pack.id, tile.id);
            }
        }
    }
}

#[test]
fn advice_never_asks_for_what_destroys_evidence_or_warns_anybody_off() {
    let forbidden = ["investigate", "wipe", "reboot", "restart", "reinstall", "confront", "turn off the computer"];
    for pack in compile_set(&shipped()).expect("packs that compile") {
        for line in pack.advice.iter().flat_map(|a| &a.lines) {
            let text = line.en.to_lowercase();
            assert!(!forbidden.iter().any(|word| text.contains(word)), "{}", line.en);
        }
    }
}

#[test]
fn public_sentences_stay_short() {
    for pack in compile_set(&shipped()).expect("packs that compile") {
        let questions = pack.questions.iter().flat_map(|q| std::iter::once(&q.title).chain(&q.hint));
        let advice = pack.advice.iter().flat_map(|a| &a.lines);
        let routes = pack.routes.iter().map(|r| &r.says).chain(pack.notices.iter().map(|n| &n.says));
        for words in questions.chain(advice).chain(routes) {
            for sentence in words.en.split(['.', '?', '!']).chain(words.es.split(['.', '?', '!'])) {
                assert!(sentence.split_whitespace().count() <= 20, "{sentence}");
            }
        }
    }
}

#[test]
fn three_separate_notices_follow_a_loss_at_health_and_senior_services() {
    use domain::pack::{Answer, FactId, Facts, Moment, Start};
    let pack = works("us-mo/dhss/");
    let day = Start::Day(jiff::civil::date(2024, 3, 4));
    let lost = FactId::parse("equipment-lost").expect("a name");
    let reported = Facts::default().with(Moment::ReportReceived, day);
    let to = |facts: &Facts| pack.notices_owed(facts).iter().map(|n| n.to.to_string()).collect::<Vec<_>>();
    assert_eq!(to(&reported), Vec::<String>::new());
    assert_eq!(to(&reported.answered(lost, Answer::Yes)), ["supervisor", "division-management", "ismo"]);
}

#[test]
fn an_absent_officer_is_passed_over_and_nobody_present_still_gets_the_report() {
    use domain::pack::{Facts, RoleId};
    let pack = works("us-mo/dmh-2016/");
    let role = |text| RoleId::parse(text).expect("a name");
    let first = |away: &[RoleId]| pack.recipients(&Facts::default(), away)[0].id.to_string();
    assert_eq!(first(&[]), "lso");
    assert_eq!(first(&[role("lso")]), "itsd-help-desk");
    assert_eq!(first(&[role("lso"), role("itsd-help-desk")]), "cso");
    assert_eq!(first(&[role("lso"), role("itsd-help-desk"), role("cso")]), "lso");
}

#[test]
fn the_form_prints_its_boxes_as_adopted() {
    use domain::pack::FormPart;
    for folder in ["us-mo/dmh-2004/", "us-mo/dmh-2016/"] {
        let pack = works(folder);
        let numerals: Vec<&str> = pack.forms[0].boxes.iter().map(|b| b.numeral.as_str()).collect();
        let printed = "I II III IV V VI VII VIII IX X X XI XII XII XIV XV XVI";
        assert_eq!(numerals[3..], printed.split(' ').collect::<Vec<_>>(), "{folder}");
        assert_eq!(pack.forms[0].part(FormPart::Hr).count(), 2);
    }
}

#[test]
fn the_help_desk_meets_the_ordinary_duty_to_report_and_not_the_one_of_a_loss() {
    use domain::pack::{Evidence, ObligationId};
    let pack = works("us-mo/dhss/");
    let serves = |duty| {
        let rule = pack.obligation(&ObligationId::parse(duty).expect("a name")).expect("a duty");
        match &rule.evidence[0] {
            Evidence::Delivery { or_to, .. } => or_to.iter().any(|r| r.as_str() == "itsd-help-desk"),
            other => panic!("not a delivery: {other:?}"),
        }
    };
    assert!(serves("O1"));
    assert!(!serves("O2-ismo"));
}

#[test]
fn the_edition_of_the_day_of_the_first_report_governs() {
    use domain::pack::{Governing, SeriesId, in_force};
    use jiff::civil::date;
    let packs = compile_set(&shipped()).expect("packs that compile");
    let mental_health = SeriesId::parse("us-mo/dmh").expect("a name");
    let utah = SeriesId::parse("us-ut/dts").expect("a name");
    for (series, day, expected) in [
        (&mental_health, date(2004, 8, 31), "none"),
        (&mental_health, date(2004, 9, 1), "us-mo/dmh-2004"),
        (&mental_health, date(2008, 6, 30), "us-mo/dmh-2004"),
        (&mental_health, date(2008, 7, 1), "us-mo/dmh-2004 flagged"),
        (&mental_health, date(2016, 6, 22), "us-mo/dmh-2004 flagged"),
        (&mental_health, date(2016, 6, 23), "us-mo/dmh-2016"),
        (&utah, date(2006, 9, 23), "none"),
        (&utah, date(2006, 9, 24), "us-ut/dts-2006"),
        (&utah, date(2008, 9, 23), "us-ut/dts-2006"),
        (&utah, date(2008, 9, 24), "us-ut/dts-2006 expired"),
    ] {
        let found = match in_force(&packs, series, day) {
            Governing::InForce(p) => p.id.to_string(),
            Governing::Flagged(p, _) => format!("{} flagged", p.id),
            Governing::Expired(p, _) => format!("{} expired", p.id),
            Governing::None => "none".to_owned(),
        };
        assert_eq!(found, expected, "{day}");
    }
}

#[test]
fn forms_of_mental_health_are_kept_as_their_edition_says() {
    use domain::pack::{Matters, RetainUntil};
    use jiff::civil::date;
    for (folder, completed, matters, expected) in [
        ("us-mo/dmh-2016/", date(2016, 7, 20), Matters::None, RetainUntil::Day(date(2022, 7, 20))),
        ("us-mo/dmh-2016/", date(2020, 2, 29), Matters::None, RetainUntil::Day(date(2026, 3, 1))),
        ("us-mo/dmh-2016/", date(2016, 7, 20), Matters::Open, RetainUntil::NoDate),
        ("us-mo/dmh-2004/", date(2005, 2, 10), Matters::Settled(date(2012, 5, 1)), RetainUntil::Day(date(2012, 5, 1))),
        ("us-mo/dmh-2004/", date(2005, 2, 10), Matters::Open, RetainUntil::NoDate),
    ] {
        let kept = works(folder).retention.expect("a rule of retention");
        assert_eq!(kept.until(completed, matters), expected, "{folder} {completed}");
    }
}

#[test]
fn the_april_rounds_of_mental_health_2004() {
    use jiff::civil::date;
    let round = works("us-mo/dmh-2004/").yearly_round.expect("a round");
    let of = |year| round.of(year).map(|r| (r.opens, r.due, r.reach_from, r.reach_to));
    assert_eq!(of(2006), Some((date(2006, 4, 1), date(2006, 4, 30), date(2004, 9, 1), date(2006, 3, 31))));
    assert_eq!(of(2007), Some((date(2007, 4, 1), date(2007, 4, 30), date(2006, 4, 1), date(2007, 3, 31))));
}
