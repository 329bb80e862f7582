//! A show as a calendar file (RFC 5545), for whoever wants to be reminded.

use std::fmt::Write;

use kernel::{Millis, ShowId, Timestamp};

/// What the entry says.
#[derive(Clone, Debug)]
pub struct CalendarEntry<'a> {
    pub show: ShowId,
    pub title: &'a str,
    pub description: &'a str,
    /// Where to watch.
    pub url: &'a str,
    pub starts_at: Timestamp,
    pub changed_at: Timestamp,
}

/// Nobody knows how long a show will be; calendars want an end.
const LENGTH: Millis = Millis::from_mins(60);

/// The file's text, with CRLF and lines folded at 75 bytes as the RFC wants.
#[must_use]
pub fn calendar(entry: &CalendarEntry<'_>) -> String {
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Trunkshow//Shows//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@trunkshow", entry.show),
        format!("DTSTAMP:{}", utc(entry.changed_at)),
        format!("DTSTART:{}", utc(entry.starts_at)),
        format!("DTEND:{}", utc(entry.starts_at + LENGTH)),
        format!("SUMMARY:{}", escaped(entry.title)),
        format!("DESCRIPTION:{}", escaped(entry.description)),
        format!("URL:{}", entry.url),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("DESCRIPTION:{}", escaped(entry.title)),
        "TRIGGER:-PT10M".to_owned(),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    let mut text = String::new();
    for line in lines {
        fold(&mut text, &line);
    }
    text
}

fn utc(time: Timestamp) -> String {
    let text = time.to_string();
    let (seconds, _) = text.split_once('.').unwrap_or((&text, ""));
    format!("{}Z", seconds.replace(['-', ':'], ""))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn fold(text: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            text.push_str("\r\n ");
            width = 1;
        }
        width += c.len_utf8();
        let _infallible = text.write_char(c);
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use kernel::Random;

    use super::*;

    #[test]
    fn the_file_is_escaped_and_folded() {
        let start = Timestamp::from_unix_millis(1_795_374_000_000);
        let text = calendar(&CalendarEntry {
            show: ShowId::mint(start, &mut Random::seeded(1)),
            title: "Silk, gold; and \\ more\nEND:VEVENT",
            description: &"丝".repeat(60),
            url: "https://shop.example/shows/1",
            starts_at: start,
            changed_at: start,
        });
        assert!(text.contains("SUMMARY:Silk\\, gold\\; and \\\\ more\\nEND:VEVENT\r\n"), "{text}");
        assert!(text.contains("DTSTART:20261122T190000Z\r\n"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.replace("\r\n ", "").matches('丝').count(), 60);
    }
}
