//! Charts as plain geometry: bars with their words, laid out here so that a template only draws them.

use crate::typed::thousands;

/// Width of a drawing in its own units. It is drawn as wide as its column, so that words stay readable on a phone.
const WIDTH: i64 = 320;
/// Room for the number behind the longest bar.
const NUMBER: i64 = 64;
/// Height of one bar with the words above it.
const STEP: i64 = 44;
/// Height of a bar.
const THICK: i64 = 16;

/// A value to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What it is of.
    pub label: String,
    /// How much; negative counts as none.
    pub amount: i64,
}

/// A bar chart, laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    /// Id of the drawing; its title has `-title` added.
    pub id: String,
    /// What the chart shows, and the finding: the drawing's name for those who do not see it.
    pub title: String,
    /// Width in its own units.
    pub width: i64,
    /// Height in its own units.
    pub height: i64,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// “1,234”
    pub number: String,
    /// Base line of the label.
    pub label_y: i64,
    /// Top of the bar.
    pub y: i64,
    /// Height of the bar.
    pub thick: i64,
    /// Length of the bar: in proportion, but never invisible when there is something.
    pub length: i64,
    /// Where the number begins.
    pub number_x: i64,
    /// Base line of the number.
    pub number_y: i64,
}

impl Bars {
    /// Lays out values from the top down, the longest bar filling the width.
    pub fn new(id: impl Into<String>, title: impl Into<String>, values: &[Value]) -> Self {
        let most = values.iter().map(|value| value.amount).max().unwrap_or(0).max(1);
        let bar = |(at, value): (i64, &Value)| {
            let amount = value.amount.max(0);
            // 128 bits, because amounts may be people of a whole country times a width.
            let length = i128::from(amount) * i128::from(WIDTH - NUMBER) / i128::from(most);
            let length = i64::try_from(length).unwrap_or(WIDTH - NUMBER).max(i64::from(amount > 0));
            let top = at * STEP;
            Bar {
                label: value.label.clone(),
                number: thousands(amount),
                label_y: top + 15,
                y: top + 21,
                thick: THICK,
                length,
                number_x: length + 6,
                number_y: top + 21 + 13,
            }
        };
        let bars: Vec<Bar> = (0..).zip(values).map(bar).collect();
        let height = i64::try_from(bars.len()).unwrap_or(0) * STEP;
        Self { id: id.into(), title: title.into(), width: WIDTH, height: height.max(1), bars }
    }
}

/// “35 %”, rounded to whole percents; “less than 1 %” where that would say none.
pub fn share(part: i64, whole: i64) -> String {
    if part <= 0 || whole <= 0 {
        return "0 %".to_owned();
    }
    let percent = (i128::from(part) * 200 / i128::from(whole) + 1) / 2;
    if percent == 0 { "less than 1 %".to_owned() } else { format!("{percent} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(label: &str, amount: i64) -> Value {
        Value { label: label.to_owned(), amount }
    }

    #[test]
    fn bars_are_as_long_as_their_amounts() {
        let chart = Bars::new(
            "kinds",
            "Kinds",
            &[value("Theft", 200), value("Loss", 100), value("Other", 1), value("None", 0)],
        );
        let lengths: Vec<i64> = chart.bars.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [256, 128, 1, 0]);
        assert!(chart.bars.iter().all(|bar| bar.number_x + 50 <= chart.width), "every number has room");
        assert!(chart.bars.iter().all(|bar| bar.y + bar.thick <= chart.height));
    }

    #[test]
    fn nothing_and_very_much_are_drawn_too() {
        assert_eq!(Bars::new("x", "", &[]).bars, []);
        let chart = Bars::new("x", "", &[value("all", i64::MAX), value("half", i64::MAX / 2)]);
        assert_eq!((chart.bars[0].length, chart.bars[1].length), (256, 127));
    }

    #[test]
    fn shares_round_to_the_nearest() {
        for (part, whole, said) in
            [(1, 3, "33 %"), (2, 3, "67 %"), (1, 200, "1 %"), (1, 1_000, "less than 1 %"), (0, 5, "0 %"), (1, 0, "0 %")]
        {
            assert_eq!(share(part, whole), said, "{part} of {whole}");
        }
    }
}
