//! One figure of a table: what was measured, what it was to be, and whether it holds.

use serde::Serialize;

use crate::shell::Outcome;

/// Which side of its target a figure must lie on.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// At most this part of the baseline, which another program gives on this machine.
    OfBaseline(f64),
    /// At least so many times the baseline.
    TimesBaseline(f64),
}

#[derive(Debug, Serialize)]
pub(crate) struct Row {
    figure: &'static str,
    /// `None` where it could not be measured; `reason` says why.
    value: Option<f64>,
    unit: &'static str,
    target: f64,
    baseline: Option<f64>,
    /// Value ÷ baseline, or value ÷ target where there is no other program to compare with.
    ratio: Option<f64>,
    holds: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Row {
    /// A figure against its target; a baseline only where the target is a part of one.
    pub(crate) fn new(
        figure: &'static str,
        unit: &'static str,
        target: Target,
        value: Outcome<f64>,
        baseline: Option<Outcome<f64>>,
    ) -> Self {
        let mut reasons = Vec::new();
        let mut keep = |what: &str, outcome: Outcome<f64>| match outcome {
            Ok(value) => Some(value),
            Err(failure) => {
                reasons.push(format!("{what}: {failure}").replace('\n', "; "));
                None
            }
        };
        let value = keep("value", value);
        let baseline = baseline.and_then(|outcome| keep("baseline", outcome));
        let (bound, ratio, holds) = match target {
            Target::AtMost(bound) => (bound, value.map(|value| value / bound), value.map(|value| value <= bound)),
            Target::AtLeast(bound) => (bound, value.map(|value| value / bound), value.map(|value| value >= bound)),
            Target::OfBaseline(part) => {
                let ratio = value.zip(baseline).map(|(value, baseline)| value / baseline);
                (part, ratio, ratio.map(|ratio| ratio <= part))
            }
            Target::TimesBaseline(times) => {
                let ratio = value.zip(baseline).map(|(value, baseline)| value / baseline);
                (times, ratio, ratio.map(|ratio| ratio >= times))
            }
        };
        let reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        Row { figure, value, unit, target: bound, baseline, ratio, holds, reason }
    }
}

/// The rows as people read them.
pub(crate) fn table(rows: &[Row]) -> String {
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.2}"));
    let mut text = format!(
        "{:<62} {:>10} {:<10} {:>9} {:>9} {:>6}  holds\n",
        "figure", "value", "unit", "target", "baseline", "ratio"
    );
    for row in rows {
        let holds = row.holds.map_or("not measured", |holds| if holds { "yes" } else { "NO" });
        text += &format!(
            "{:<62} {:>10} {:<10} {:>9} {:>9} {:>6}  {holds}\n",
            row.figure,
            number(row.value),
            row.unit,
            row.target,
            number(row.baseline),
            number(row.ratio),
        );
        if let Some(reason) = &row.reason {
            text += &format!("    {reason}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::fail;

    fn check(target: Target, value: Option<f64>, baseline: Option<f64>, ratio: Option<f64>, holds: Option<bool>) {
        let outcome = |value: Option<f64>| value.map_or_else(|| fail("not here", "install it"), Ok);
        let compared = matches!(target, Target::OfBaseline(_) | Target::TimesBaseline(_));
        let baseline = compared.then(|| outcome(baseline));
        let row = Row::new("figure", "s", target, outcome(value), baseline);
        assert_eq!((row.ratio, row.holds), (ratio, holds));
        assert_eq!(row.reason.is_some(), holds.is_none(), "what could not be measured has a reason");
    }

    #[test]
    fn a_figure_holds_on_its_side_of_the_target() {
        check(Target::AtMost(2.0), Some(1.0), None, Some(0.5), Some(true));
        check(Target::AtMost(2.0), Some(3.0), None, Some(1.5), Some(false));
        check(Target::AtLeast(2.0), Some(3.0), None, Some(1.5), Some(true));
        check(Target::AtLeast(2.0), Some(1.0), None, Some(0.5), Some(false));
        check(Target::OfBaseline(0.5), Some(1.0), Some(4.0), Some(0.25), Some(true));
        check(Target::OfBaseline(0.5), Some(3.0), Some(4.0), Some(0.75), Some(false));
        check(Target::OfBaseline(0.5), Some(3.0), None, None, None);
        check(Target::TimesBaseline(5.0), Some(50.0), Some(10.0), Some(5.0), Some(true));
        check(Target::TimesBaseline(5.0), Some(40.0), Some(10.0), Some(4.0), Some(false));
        check(Target::AtMost(2.0), None, None, None, None);
    }
}
