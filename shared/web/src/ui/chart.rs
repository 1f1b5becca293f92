//! Bars over days, drawn on the server as SVG. Colours are classes of the stylesheet, so light and dark are its business.
//! Whoever shows a chart shows its numbers as a table too.

use crate::html::SafeHtml;
use crate::i18n;
use mostek_domain::Language;
use std::fmt::Write;

/// The drawing's size in its own units.
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 190.0;
/// Where the bars are within it.
const LEFT: f64 = 44.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 166.0;
/// Colours there are; further series begin again.
const COLOURS: usize = 6;

/// One bar, from the bottom up.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// Its pieces, in the order of the series.
    pub values: Vec<u64>,
    /// How much they are in words; `None`: the number of all.
    pub told: Option<String>,
}

impl Bar {
    /// One that is told by its number.
    #[must_use]
    pub fn of(label: String, values: Vec<u64>) -> Self {
        Self { label, values, told: None }
    }
}

/// Bars that stand beside each other, each made of the same series.
#[derive(Debug, Clone)]
pub struct BarChart {
    /// A name for its parts in the page: letters, digits and dashes.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// What can be seen in it, in a sentence, for who cannot.
    pub description: String,
    /// The series' names.
    pub series: Vec<String>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// How much of the values is one at the side of the drawing: 60 for minutes that are read in hours.
    pub unit: u64,
}

/// The least of 1, 2, 5, 10, 20, 50, ... that is not below `n`.
fn round_up(n: u64) -> u64 {
    let mut step = 1u64;
    loop {
        for factor in [1, 2, 5] {
            let round = step.saturating_mul(factor);
            if round >= n || round == u64::MAX {
                return round;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[allow(clippy::cast_precision_loss)] // counts of tickets, for a drawing
fn real(n: u64) -> f64 {
    n as f64
}

impl BarChart {
    /// The drawing with its legend, if there are several series.
    #[must_use]
    pub fn html(&self, language: Language) -> SafeHtml {
        let number = |n: u64| i18n::number(language, i64::try_from(n).unwrap_or(i64::MAX));
        let totals = self.bars.iter().map(|b| b.values.iter().fold(0u64, |sum, v| sum.saturating_add(*v)));
        let unit = self.unit.max(1);
        let top = round_up(totals.max().unwrap_or(0).div_ceil(unit).max(1));
        let (id, title, description) =
            (self.id, SafeHtml::escaped(&self.title), SafeHtml::escaped(&self.description));
        let mut out = format!(
            "<figure class=\"chart\"><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{description}</desc>"
        );
        // Writing into a text does not fail.
        let mark_scale = (BOTTOM - TOP) / real(top);
        let scale = mark_scale / real(unit);
        let marks = if top.is_multiple_of(2) { vec![0, top / 2, top] } else { vec![0, top] };
        for mark in marks {
            let y = BOTTOM - real(mark) * mark_scale;
            let _ = write!(
                out,
                "<line class=\"chart-line\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"chart-text\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                y + 4.0,
                number(mark)
            );
        }
        let count = self.bars.len().max(1);
        let step = (WIDTH - LEFT) / real(count as u64);
        let width = (step * 0.72).max(0.8);
        for (i, bar) in self.bars.iter().enumerate() {
            let x = LEFT + step * real(i as u64) + (step - width) / 2.0;
            let total = bar.values.iter().fold(0u64, |sum, v| sum.saturating_add(*v));
            let told = bar.told.clone().unwrap_or_else(|| number(total));
            let _ = write!(
                out,
                "<g><title>{}: {}</title>",
                SafeHtml::escaped(&bar.label),
                SafeHtml::escaped(&told)
            );
            let mut y = BOTTOM;
            for (series, value) in bar.values.iter().enumerate().filter(|(_, v)| **v > 0) {
                let height = real(*value) * scale;
                y -= height;
                let _ = write!(
                    out,
                    "<rect class=\"chart-{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>",
                    series % COLOURS
                );
            }
            // First, middle and last day are named.
            if i == 0 || i + 1 == count || (count > 8 && i == count / 2) {
                let anchor = if i == 0 {
                    ("start", x)
                } else if i + 1 == count {
                    ("end", x + width)
                } else {
                    ("middle", x + width / 2.0)
                };
                let _ = write!(
                    out,
                    "<text class=\"chart-text\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{}\">{}</text>",
                    anchor.1,
                    BOTTOM + 17.0,
                    anchor.0,
                    SafeHtml::escaped(&bar.label)
                );
            }
            out.push_str("</g>");
        }
        out.push_str("</svg>");
        if self.series.len() > 1 {
            out.push_str("<figcaption>");
            for (i, name) in self.series.iter().enumerate() {
                let _ = write!(
                    out,
                    "<span><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"chart-{}\" width=\"10\" height=\"10\" rx=\"2\"/></svg>{}</span>",
                    i % COLOURS,
                    SafeHtml::escaped(name)
                );
            }
            out.push_str("</figcaption>");
        }
        out.push_str("</figure>");
        SafeHtml::trusted(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(bars: Vec<Bar>) -> String {
        BarChart {
            id: "days",
            title: "Zgłoszenia <dziennie>".into(),
            description: "Najwięcej 7".into(),
            series: vec!["Empik".into(), "A & B".into()],
            bars,
            unit: 1,
        }
        .html(Language::Pl)
        .into_string()
    }

    #[test]
    fn bars_are_named_and_as_high_as_their_numbers() {
        let bar = |label: &str, values: &[u64]| Bar::of(label.into(), values.to_vec());
        let svg = chart(vec![bar("1.05", &[3, 4]), bar("2.05", &[0, 0]), bar("3.05", &[10, 0])]);
        // Ten is the top: 156 units.
        assert!(svg.contains("height=\"156.0\"") && svg.contains("height=\"46.8\""), "{svg}");
        assert_eq!(svg.matches("<rect class=\"chart-").count(), 3 + 2, "{svg}");
        assert!(svg.contains("<title>1.05: 7</title>") && svg.contains("<title>2.05: 0</title>"));
        assert!(svg.contains("&lt;dziennie&gt;") && svg.contains("A &amp; B") && !svg.contains("style="));
        assert!(svg.contains("aria-labelledby=\"days-title days-desc\""));
    }

    #[test]
    fn minutes_are_read_in_hours() {
        let bar = |label: &str, minutes, told: &str| Bar {
            told: Some(told.into()),
            ..Bar::of(label.into(), vec![minutes])
        };
        let svg = BarChart {
            id: "times",
            title: "Czas".into(),
            description: String::new(),
            series: vec!["Czas".into()],
            bars: vec![bar("1.05", 90, "1 godz. 30 min"), bar("2.05", 600, "<10 godz.>")],
            unit: 60,
        }
        .html(Language::Pl)
        .into_string();
        // Ten hours are the top: 156 units.
        assert!(svg.contains("height=\"156.0\"") && svg.contains("height=\"23.4\""), "{svg}");
        assert!(svg.contains(">10</text>") && svg.contains(">5</text>"), "{svg}");
        assert!(svg.contains("<title>1.05: 1 godz. 30 min</title>") && svg.contains("&lt;10 godz.&gt;"));
    }

    #[test]
    fn nothing_and_very_much_can_be_drawn() {
        assert!(chart(Vec::new()).contains("</svg>"));
        assert!(chart(vec![Bar::of("x".into(), vec![u64::MAX, 5])]).contains("</svg>"));
        assert_eq!([0, 1, 3, 7, 51, 100, 101].map(round_up), [1, 1, 5, 10, 100, 100, 200]);
    }
}
