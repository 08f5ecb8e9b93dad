//! The matrix against its golden table, and what no grant can buy.

use super::*;
use uuid::Uuid;

const GOLDEN: &str = include_str!("matrix.golden.txt");

fn printed() -> String {
    let mut lines = String::from("role × action × section: a letter for each section that is allowed\n");
    lines.push_str("(R report, N reporter's name, O officer, P personnel, C counsel, E evidence)\n\n");
    for role in roles() {
        for action in Action::ALL.iter().copied() {
            let letters: String = Section::ALL
                .into_iter()
                .zip("RNOPCE".chars())
                .filter_map(|(section, letter)| allows(role, action, section).then_some(letter))
                .collect();
            if !letters.is_empty() {
                lines.push_str(&format!("{:<16} {:<12} {letters}\n", format!("{role:?}"), format!("{action:?}")));
            }
        }
    }
    for action in Action::ALL.iter().copied() {
        let letters: String = Section::ALL
            .into_iter()
            .zip("RNOPCE".chars())
            .filter_map(|(section, letter)| participant_allows(action, section).then_some(letter))
            .collect();
        if !letters.is_empty() {
            lines.push_str(&format!("{:<16} {:<12} {letters}\n", "takes part", format!("{action:?}")));
        }
    }
    for action in Action::ALL.iter().copied() {
        let letters: String = Section::ALL
            .into_iter()
            .zip("RNOPCE".chars())
            .filter_map(|(section, letter)| named_allows(action, section).then_some(letter))
            .collect();
        if !letters.is_empty() {
            lines.push_str(&format!("{:<16} {:<12} {letters}\n", "is named", format!("{action:?}")));
        }
    }
    lines
}

#[test]
fn the_matrix_is_the_golden_table() {
    assert_eq!(printed(), GOLDEN, "review every changed cell, then update matrix.golden.txt");
}

fn viewer(role: Role, units: Vec<UnitId>) -> Viewer {
    let now = Instant::from_micros(1_000);
    let grant = Grant { role, units, whole_agency: false, from: Instant::from_micros(0), until: None };
    Viewer { account: Uuid::from_u128(1).into(), tenant: Uuid::from_u128(2).into(), grants: vec![grant], now }
}

fn case(excluded: bool) -> Object {
    let stream = StreamId::new(Uuid::from_u128(9));
    Object::Case {
        stream,
        tenant: Uuid::from_u128(2).into(),
        unit: Uuid::from_u128(3).into(),
        excluded,
        invited: false,
    }
}

#[test]
fn no_role_reads_a_case_it_is_excluded_from() {
    for role in roles() {
        for action in Action::ALL.iter().copied() {
            for section in Section::ALL {
                let viewer = viewer(role, vec![Uuid::from_u128(3).into()]);
                assert_eq!(decide(&viewer, action, case(true), section), Err(Denied));
            }
        }
    }
}

#[test]
fn no_role_reaches_another_agency_or_another_unit() {
    let officer = viewer(Role::LocalOfficer, vec![Uuid::from_u128(3).into()]);
    assert!(decide(&officer, Action::Read, case(false), Section::Officer).is_ok());
    let elsewhere = Object::Unit { tenant: Uuid::from_u128(7).into(), unit: Uuid::from_u128(3).into() };
    assert_eq!(decide(&officer, Action::ReadInbox, elsewhere, Section::Report), Err(Denied));
    let other = viewer(Role::LocalOfficer, vec![Uuid::from_u128(4).into()]);
    assert_eq!(decide(&other, Action::Read, case(false), Section::Officer), Err(Denied));
}

#[test]
fn a_grant_that_has_ended_or_not_begun_gives_nothing() {
    let mut officer = viewer(Role::LocalOfficer, vec![Uuid::from_u128(3).into()]);
    officer.grants[0].until = Some(Instant::from_micros(1_000));
    assert_eq!(decide(&officer, Action::Read, case(false), Section::Officer), Err(Denied));
    officer.grants[0].until = None;
    officer.grants[0].from = Instant::from_micros(1_001);
    assert_eq!(decide(&officer, Action::Read, case(false), Section::Officer), Err(Denied));
}

#[test]
fn nobody_without_a_grant_does_anything() {
    let mut nobody = viewer(Role::LocalOfficer, Vec::new());
    nobody.grants.clear();
    for action in Action::ALL.iter().copied() {
        for section in Section::ALL {
            assert_eq!(decide(&nobody, action, case(false), section), Err(Denied));
        }
    }
}

#[test]
fn only_human_resources_reads_the_personnel_part() {
    for role in roles() {
        let reads = [Action::Read, Action::Work, Action::Export].iter().any(|a| allows(role, *a, Section::Personnel));
        assert_eq!(reads, role == Role::HumanResources, "{role:?}");
    }
}

#[test]
fn a_part_in_one_case_opens_that_case_and_beats_neither_exclusion_nor_another_agency() {
    let mut nobody = viewer(Role::HelpDesk, Vec::new());
    nobody.grants.clear();
    let part = |excluded, tenant: u128| Object::Case {
        stream: StreamId::new(Uuid::from_u128(9)),
        tenant: Uuid::from_u128(tenant).into(),
        unit: Uuid::from_u128(3).into(),
        excluded,
        invited: true,
    };
    assert!(decide(&nobody, Action::Read, part(false, 2), Section::Officer).is_ok());
    assert!(decide(&nobody, Action::Work, part(false, 2), Section::Evidence).is_ok());
    assert_eq!(decide(&nobody, Action::Read, part(false, 2), Section::Reporter), Err(Denied));
    assert_eq!(decide(&nobody, Action::Close, part(false, 2), Section::Officer), Err(Denied));
    assert_eq!(decide(&nobody, Action::Direct, part(false, 2), Section::Officer), Err(Denied));
    assert_eq!(decide(&nobody, Action::Read, part(true, 2), Section::Officer), Err(Denied));
    assert_eq!(decide(&nobody, Action::Read, part(false, 7), Section::Officer), Err(Denied));
    assert_eq!(decide(&nobody, Action::Read, case(false), Section::Officer), Err(Denied));
}

#[test]
fn being_named_on_a_sealed_sheet_opens_its_entries_and_beats_neither_exclusion_nor_another_agency() {
    let mut nobody = viewer(Role::HelpDesk, Vec::new());
    nobody.grants.clear();
    let named = |excluded, tenant: u128| Object::Named {
        stream: StreamId::new(Uuid::from_u128(9)),
        tenant: Uuid::from_u128(tenant).into(),
        excluded,
    };
    for action in [Action::Read, Action::Fill, Action::Sign] {
        assert!(decide(&nobody, action, named(false, 2), Section::Personnel).is_ok());
        assert_eq!(decide(&nobody, action, named(true, 2), Section::Personnel), Err(Denied));
        assert_eq!(decide(&nobody, action, named(false, 7), Section::Personnel), Err(Denied));
        assert_eq!(decide(&nobody, action, named(false, 2), Section::Officer), Err(Denied));
    }
    assert_eq!(decide(&nobody, Action::Export, named(false, 2), Section::Personnel), Err(Denied));
}

/// The place of a role in the matrix, written without a line for "the rest": a new role does not compile until it stands
/// here, and the list of roles does not pass until it stands there.
const fn place(role: Role) -> usize {
    match role {
        Role::WorkforceMember => 0,
        Role::HelpDesk => 1,
        Role::LocalOfficer => 2,
        Role::ChiefOfficer => 3,
        Role::PrivacyOfficer => 4,
        Role::HumanResources => 5,
        Role::Investigator => 6,
        Role::Counsel => 7,
        Role::Communications => 8,
        Role::Records => 9,
        Role::StatewideOffice => 10,
        Role::CsirtMember => 11,
        Role::Executive => 12,
        Role::Auditor => 13,
        Role::Administrator => 14,
        Role::Outside => 15,
    }
}

#[test]
fn the_matrix_has_every_role_action_and_section() {
    let roles = roles();
    assert!(roles.iter().enumerate().all(|(at, role)| place(*role) == at));
    let section = |section| match section {
        Section::Report => 0,
        Section::Reporter => 1,
        Section::Officer => 2,
        Section::Personnel => 3,
        Section::Counsel => 4,
        Section::Evidence => 5,
    };
    assert!(Section::ALL.into_iter().enumerate().all(|(at, one)| section(one) == at));
    // Every cell answers, and every action is somebody's: a right that nobody holds would be a door painted on a wall.
    for action in Action::ALL.iter().copied() {
        let held = roles.iter().any(|role| Section::ALL.into_iter().any(|section| allows(*role, action, section)));
        assert!(held, "{action:?}");
    }
}

#[test]
fn glass_is_asked_for_by_role_wherever_the_unit_lies_and_never_by_whoever_is_kept_out() {
    let behind = |excluded, tenant: u128| Object::Behind {
        stream: StreamId::new(Uuid::from_u128(9)),
        tenant: Uuid::from_u128(tenant).into(),
        excluded,
    };
    let elsewhere = viewer(Role::LocalOfficer, vec![Uuid::from_u128(4).into()]);
    assert!(decide(&elsewhere, Action::BreakGlass, behind(false, 2), Section::Officer).is_ok());
    assert_eq!(decide(&elsewhere, Action::AgreeGlass, behind(false, 2), Section::Officer), Err(Denied));
    assert_eq!(decide(&elsewhere, Action::BreakGlass, behind(true, 2), Section::Officer), Err(Denied));
    assert_eq!(decide(&elsewhere, Action::BreakGlass, behind(false, 7), Section::Officer), Err(Denied));
    let keeper = viewer(Role::Administrator, vec![Uuid::from_u128(3).into()]);
    for action in [Action::BreakGlass, Action::AgreeGlass] {
        assert_eq!(decide(&keeper, action, behind(false, 2), Section::Officer), Err(Denied));
    }
    // What is asked for this way opens nothing by itself.
    assert_eq!(reading_of(&elsewhere, &behind(false, 2)), Err(Denied));
    assert_eq!(decide(&elsewhere, Action::Read, behind(false, 2), Section::Officer), Err(Denied));
}
