//! Facts found in the notes of a call, as the officer is offered them and as they are taken into the form by a tick.

use crate::{screens::frame::Choice, times, typed::Typed};
use domain::ids::UnitId;
use domain::observable::ObservableKind;
use domain::picked::{Offer, pick};
use domain::time::{Instant, Zone};

/// What is found in the notes and does not stand in the form yet. A choice's value says which field takes which text.
pub fn offers(typed: &Typed, now: Instant, zone: &Zone, units: &[(UnitId, String)]) -> Vec<Choice> {
    let names: Vec<(UnitId, &str)> = units.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let wall = now.in_zone(zone).datetime();
    let offered =
        pick(typed.raw("notes").unwrap_or_default(), wall, &names).into_iter().take(MOST).map(|offer| match offer {
            Offer::When(day, None) => ("when", "When", day.strftime("%-m/%-d/%Y").to_string(), times::day(day)),
            Offer::When(day, Some(time)) => {
                let text = format!("about {} {}", day.strftime("%-m/%-d/%Y"), time.strftime("%H:%M"));
                ("when", "When", text, format!("{}, about {}", times::day(day), time.strftime("%-I:%M %p")))
            }
            Offer::Phone(number) => ("phone", "Call back", number.clone(), number),
            Offer::Mailbox(mailbox) => ("email", "Caller’s e-mail", mailbox.clone(), mailbox),
            Offer::Unit(id) => {
                let name = names.iter().find(|(unit, _)| *unit == id).map_or("", |(_, name)| name);
                ("unit", "At", id.to_string(), name.to_owned())
            }
            Offer::Place(place) => ("place", "Where there", place.clone(), place),
            Offer::Tag(tag) => ("affected", "Touched", format!("tag {tag}"), format!("tag {tag}")),
            Offer::Seen(seen) => {
                let kind = match seen.kind {
                    ObservableKind::Address => "network address",
                    ObservableKind::Url => "web address",
                    ObservableKind::Mailbox => "mail address",
                    ObservableKind::Domain => "site",
                    ObservableKind::Hash => "checksum",
                };
                ("affected", "Touched", format!("{kind} {}", seen.value), format!("{kind} {}", seen.value))
            }
        });
    let stands = |field: &str, text: &str| match field {
        "affected" => typed.get(field).contains(text),
        _ => typed.get(field) == text,
    };
    let fresh = offered.filter(|(field, _, text, _)| !stands(field, text));
    fresh.map(|(field, label, text, said)| Choice::new(&format!("{field}={text}"), said).hint(label)).collect()
}

/// Offers shown at once: a pasted log may hold hundreds, and nobody reads them during a call.
const MOST: usize = 12;

/// The form with what was ticked in its fields. What was found touched is added; everything else takes its place.
pub fn taken(typed: &Typed) -> Typed {
    const FIELDS: [&str; 6] = ["when", "phone", "email", "unit", "place", "affected"];
    let ticks: Vec<(&str, &str)> =
        typed.all("take").filter_map(|tick| tick.split_once('=')).filter(|(field, _)| FIELDS.contains(field)).collect();
    let mut fields: Vec<(String, String)> = typed.fields().iter().filter(|(name, _)| name != "take").cloned().collect();
    for (field, text) in ticks {
        match fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, value)) if field == "affected" && !value.trim().is_empty() => {
                *value = format!("{}; {text}", value.trim())
            }
            Some((_, value)) => text.clone_into(value),
            None => fields.push((field.to_owned(), text.to_owned())),
        }
    }
    Typed::new(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_fills_its_field_and_no_other() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let typed = Typed::new(vec![
            field("phone", ""),
            field("affected", "ward computer"),
            field("take", "phone=573-555-0188"),
            field("take", "affected=tag DMH-44721"),
            field("take", "when=10/12/2026"),
            field("take", "key=stolen"),
            field("take", "nothing"),
        ]);
        let after = taken(&typed);
        assert_eq!(after.get("phone"), "573-555-0188");
        assert_eq!(after.get("affected"), "ward computer; tag DMH-44721");
        assert_eq!(after.get("when"), "10/12/2026");
        assert_eq!((after.get("key"), after.get("take")), ("", ""));
    }
}
