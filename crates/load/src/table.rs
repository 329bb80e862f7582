//! Figures as people read them: one to a line.

use serde_json::Value;

/// The figures of one object; parts of a part stand behind its name.
pub(crate) fn of(figures: &Value) -> String {
    let mut lines = Vec::new();
    collect("", figures, &mut lines);
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines.iter().map(|(name, value)| format!("{name:<width$}  {value}\n")).collect()
}

fn collect(name: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                let name = if name.is_empty() { key.clone() } else { format!("{name} {key}") };
                collect(&name.replace('_', " "), value, lines);
            }
        }
        Value::Null => lines.push((name.to_owned(), "–".to_owned())),
        Value::Object(_) => lines.push((name.to_owned(), "none".to_owned())),
        Value::Number(number) if number.is_f64() => {
            lines.push((name.to_owned(), format!("{:.2}", number.as_f64().unwrap_or_default())));
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                collect(&format!("{name} {}", place + 1), item, lines);
            }
        }
        other => lines.push((name.to_owned(), other.to_string())),
    }
}

#[test]
fn a_figure_stands_behind_its_name() {
    let figures = serde_json::json!({ "viewers": 3, "chat": { "p99_ms": 1.234 }, "state": null, "refused": {} });
    assert_eq!(of(&figures), "chat p99 ms  1.23\nrefused      none\nstate        –\nviewers      3\n");
}
