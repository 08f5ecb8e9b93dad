//! What a list is narrowed to: read from an address, written back into addresses, shown as chips that can be removed.

use app::IncidentState;
use app::choices::Choices;
use app::incidents::Filter;

use crate::query::{address, value};
use crate::screens::frame::{Choice, Problem};
use crate::typed::thousands;

/// A list narrowed by an address.
#[derive(Debug, Clone, Default)]
pub struct Narrowed {
    /// The words as typed.
    pub words: String,
    /// Name and value of everything else that is chosen, in the order of the page.
    pub chosen: Vec<(&'static str, String)>,
    /// For the use case.
    pub filter: Filter,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// A choice that narrows the list, and the address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// “Kind: Theft”
    pub words: String,
    /// The list without it.
    pub without: String,
}

/// A list of choices of the form.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its name in the address.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// Its choices, the first being none.
    pub choices: Vec<Choice>,
}

/// Names in addresses, and what people read.
const NAMES: [(&str, &str); 8] = [
    ("state", "State of work"),
    ("unit", "Unit"),
    ("kind", "Kind"),
    ("location", "Location of information"),
    ("place", "State or territory"),
    ("year", "Year"),
    ("people", "People, at least"),
    ("waits", "Waits for"),
];

impl Narrowed {
    /// Reads an address. A value that is on none of the lists is named as a problem.
    pub fn read(pairs: &[(String, String)], choices: &Choices) -> Self {
        let words = value(pairs, if value(pairs, "words").is_empty() { "q" } else { "words" });
        let mut narrowed = Self { words: words.chars().take(500).collect(), ..Self::default() };
        narrowed.filter.words.clone_from(&narrowed.words);
        for field in fields(choices) {
            let given = value(pairs, field.name);
            if given.is_empty() {
                continue;
            }
            match field.choices.iter().find(|choice| choice.value.eq_ignore_ascii_case(given)) {
                Some(choice) => {
                    narrowed.take(field.name, &choice.value, choices);
                    narrowed.chosen.push((field.name, choice.value.clone()));
                }
                None => narrowed.problems.push(Problem {
                    field: field.name.to_owned(),
                    words: format!("{}: choose one of the list, or “any”.", field.label),
                }),
            }
        }
        narrowed
    }

    fn take(&mut self, name: &str, value: &str, choices: &Choices) {
        let filter = &mut self.filter;
        match name {
            "state" if value == "open" => filter.state = Some(IncidentState::Open),
            "state" => filter.state = Some(IncidentState::Closed),
            "unit" => filter.unit = choices.units.iter().find(|(_, code, _)| code == value).map(|(id, ..)| *id),
            "kind" => filter.kind = Some(value.to_owned()),
            "location" => filter.location = Some(value.to_owned()),
            "place" => filter.place = Some(value.to_owned()),
            "year" => filter.year = value.parse().ok(),
            "waits" if value == "silence" => filter.waits = Some("silence"),
            "waits" => filter.waits = Some("particulars"),
            _ => filter.people = value.parse().ok(),
        }
    }

    /// Whether nothing narrows the list.
    pub fn is_everything(&self) -> bool {
        self.words.is_empty() && self.chosen.is_empty()
    }

    /// An address of the same list, with a cursor or without.
    pub fn address(&self, path: &str, before: Option<i64>) -> String {
        self.without(path, "", before)
    }

    fn without(&self, path: &str, left_out: &str, before: Option<i64>) -> String {
        let before = before.map(|n| n.to_string()).unwrap_or_default();
        let mut pairs = vec![("words", if left_out == "words" { "" } else { self.words.as_str() })];
        pairs.extend(
            self.chosen.iter().filter(|(name, _)| *name != left_out).map(|(name, value)| (*name, value.as_str())),
        );
        pairs.push(("before", &before));
        address(path, &pairs)
    }

    /// What narrows the list, each removable.
    pub fn chips(&self, fields: &[Field]) -> Vec<Chip> {
        let words = (!self.words.is_empty()).then(|| Chip {
            words: format!("Words: {}", self.words),
            without: self.without("/incidents", "words", None),
        });
        let chosen = self.chosen.iter().filter_map(|(name, value)| {
            let field = fields.iter().find(|field| field.name == *name)?;
            let choice = field.choices.iter().find(|choice| choice.value == *value)?;
            Some(Chip {
                words: format!("{}: {}", field.label, choice.label),
                without: self.without("/incidents", name, None),
            })
        });
        words.into_iter().chain(chosen).collect()
    }

    /// The form with this list's choices chosen.
    pub fn form(&self, choices: &Choices) -> Vec<Field> {
        let mut all = fields(choices);
        for field in &mut all {
            let chosen =
                self.chosen.iter().find(|(name, _)| *name == field.name).map_or("", |(_, value)| value.as_str());
            for choice in &mut field.choices {
                choice.chosen = choice.value == chosen;
            }
        }
        all
    }
}

/// Every field of the form, nothing chosen.
pub fn fields(choices: &Choices) -> Vec<Field> {
    let any = |list: Vec<Choice>| std::iter::once(Choice::new("", "any")).chain(list).collect::<Vec<_>>();
    let same =
        |list: &[(String, String)]| list.iter().map(|(value, label)| Choice::new(value, label.clone())).collect();
    NAMES
        .into_iter()
        .map(|(name, label)| {
            let list = match name {
                "waits" => vec![
                    Choice::new("particulars", "something the policy asks for at once is missing"),
                    Choice::new("silence", "a request for silence to end"),
                ],
                "state" => vec![Choice::new("open", "open"), Choice::new("closed", "closed")],
                "unit" => choices.units.iter().map(|(_, code, name)| Choice::new(code, name.clone())).collect(),
                "kind" => same(&choices.kinds),
                "location" => same(&choices.locations),
                "place" => same(&choices.places),
                "year" => choices.years.iter().map(|year| Choice::new(&year.to_string(), year.to_string())).collect(),
                _ => choices.people.iter().map(|n| Choice::new(&n.to_string(), thousands(n))).collect(),
            };
            Field { name, label, choices: any(list) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Choices {
        Choices {
            kinds: vec![("Theft".into(), "Theft".into())],
            places: vec![("MO".into(), "Missouri".into())],
            years: vec![2018],
            people: vec![500],
            ..Choices::default()
        }
    }

    fn read(query: &str) -> Narrowed {
        Narrowed::read(&crate::query::pairs(Some(query)).expect("a query"), &choices())
    }

    #[test]
    fn an_address_and_its_list_say_the_same() {
        let narrowed = read("words=lost+laptop&kind=Theft&place=mo&year=2018&people=500&state=closed");
        assert_eq!(narrowed.filter.words, "lost laptop");
        assert_eq!((narrowed.filter.place.as_deref(), narrowed.filter.year), (Some("MO"), Some(2018)));
        assert_eq!((narrowed.filter.people, narrowed.filter.state), (Some(500), Some(IncidentState::Closed)));
        let again = narrowed.address("/incidents", Some(7));
        assert_eq!(
            again,
            "/incidents?words=lost%20laptop&state=closed&kind=Theft&place=MO&year=2018&people=500&before=7"
        );
    }

    #[test]
    fn a_chip_leads_to_the_list_without_it() {
        let narrowed = read("words=laptop&place=MO");
        let chips = narrowed.chips(&fields(&choices()));
        assert_eq!(chips[0], Chip { words: "Words: laptop".into(), without: "/incidents?place=MO".into() });
        assert_eq!(
            chips[1],
            Chip { words: "State or territory: Missouri".into(), without: "/incidents?words=laptop".into() }
        );
        assert!(read("").is_everything());
    }

    #[test]
    fn a_value_of_no_list_is_named() {
        let narrowed = read("year=19x8&q=word");
        assert_eq!(narrowed.problems[0].words, "Year: choose one of the list, or “any”.");
        assert_eq!((narrowed.filter.year, narrowed.words.as_str()), (None, "word"));
    }
}
