//! The programme: shows, from plan to end, and what each of them puts on the table.
//!
//! Pure rules: a show's lifecycle, its run sheet with numbers that never change, its calendar entry.

mod calendar;
mod lifecycle;
mod plan;
mod run_sheet;

pub use calendar::{CalendarEntry, calendar};
pub use lifecycle::{LOBBY, Lifecycle, LifecycleRefusal, LifecycleStep, ShowPhase};
pub use plan::{ShowFault, ShowPlan};
pub use run_sheet::{Placement, RunItem, RunSheet, RunSheetRefusal, Sale};
