//! The sandbox's file: a line for each thing that happened, read at a start and rewritten without what is forgotten.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use kernel::PaymentId;

use super::book::{Happened, Line, Payment};

/// What is remembered, and the file to append to.
pub(super) fn open(path: &Path, most: usize) -> io::Result<(BTreeMap<PaymentId, Payment>, File)> {
    let append = || OpenOptions::new().create(true).append(true).read(true).open(path);
    let file = append()?;
    let (mut payments, mut lines) = (BTreeMap::new(), 0_usize);
    let mut whole = true;
    for line in BufReader::new(&file).lines() {
        let read = serde_json::from_str::<Line>(&line?);
        whole = read.is_ok();
        lines += 1;
        if let Ok(line) = read {
            apply(&mut payments, line, most);
        }
    }
    let kept: usize = payments.values().map(|payment| payment.lines).sum();
    if whole && kept == lines {
        return Ok((payments, file));
    }
    compact(path, &file, &payments)?;
    Ok((payments, append()?))
}

/// Copies the lines of what is remembered to a file beside it, which takes its place when it is whole and on the disk.
fn compact(path: &Path, mut file: &File, payments: &BTreeMap<PaymentId, Payment>) -> io::Result<()> {
    io::Seek::rewind(&mut file)?;
    let beside = path.with_extension("new");
    let mut fresh = BufWriter::new(File::create(&beside)?);
    for line in BufReader::new(file).lines() {
        let line = line?;
        let known = serde_json::from_str::<Line>(&line).is_ok_and(|line| payments.contains_key(&line.payment));
        if known {
            writeln!(fresh, "{line}")?;
        }
    }
    fresh.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::rename(&beside, path)
}

/// Notes what happened. Past `most`, the oldest payment that is over is forgotten; one that is open, or whose card is kept,
/// never is.
pub(super) fn apply(payments: &mut BTreeMap<PaymentId, Payment>, line: Line, most: usize) {
    if let Happened::Opened { amount, merchant, return_url, keep } = line.what {
        let opened = payments.entry(line.payment).or_insert_with(|| Payment::new(amount, merchant, return_url, keep));
        opened.lines += 1;
        if payments.len() > most
            && let Some(over) = payments.iter().find(|(_, payment)| payment.is_over()).map(|(id, _)| *id)
        {
            payments.remove(&over);
        }
    } else if let Some(payment) = payments.get_mut(&line.payment) {
        payment.lines += 1;
        payment.apply(line.what, line.at);
    }
}
