//! What a query selects, worked out by another thread where there are many rows.

use std::sync::Arc;

use eframe::egui::Context;

use crate::app::kit::later::{AT_ONCE, Later, aside};
use crate::app::shown::fields::RowFields;
use crate::project::query::{Fault, Fields as _, bind, parse};

type Answer = Result<Vec<u32>, Fault>;

/// The answer to the text, and the one on its way.
#[derive(Debug, Default)]
pub(super) struct Answers {
    done: Option<(String, Arc<RowFields>, Later<Answer>)>,
    coming: Option<(String, Arc<RowFields>, Later<Answer>)>,
}

impl Answers {
    /// Takes an answer that is there, and asks for that of this text on these fields.
    pub(super) fn take(&mut self, ctx: &Context, text: &str, fields: &Arc<RowFields>) {
        if self.coming.as_ref().is_some_and(|(_, _, later)| !later.is_coming()) {
            self.done = self.coming.take();
        }
        let fresh = |done: &(String, Arc<RowFields>, Later<Answer>)| {
            done.0 == text && done.1.says_the_same(fields, hangs_on(text))
        };
        if self.coming.is_some() || self.done.as_ref().is_some_and(fresh) {
            return;
        }
        let (query, with) = (text.to_owned(), Arc::clone(fields));
        let work = move || parse(&query).and_then(|query| Ok(bind(&query, &*with)?.rows()));
        // What is wrong with a text is known at once.
        let at_once = fields.rows() <= AT_ONCE || parse(text).is_err();
        if at_once {
            self.done = Some((text.to_owned(), Arc::clone(fields), Later::now(work)));
        } else {
            let later = Later::start(ctx, "The answer to the query", move || aside(&work));
            self.coming = Some((text.to_owned(), Arc::clone(fields), later));
        }
    }

    /// What is wrong with the text, once it is known.
    pub(super) fn fault(&self, text: &str) -> Option<&Fault> {
        self.done.as_ref().filter(|(of, _, _)| of == text)?.2.get()?.as_ref().err()
    }

    /// The rows that the text selects, once they are known.
    pub(super) fn rows(&self, text: &str, fields: &RowFields) -> Option<&Vec<u32>> {
        let (_, _, later) =
            self.done.as_ref().filter(|(of, at, _)| of == text && at.says_the_same(fields, hangs_on(text)))?;
        later.get()?.as_ref().ok()
    }
}

/// Whether an answer hangs on the run and on the selection, seen from its words alone.
fn hangs_on(text: &str) -> (bool, bool) {
    (true, text.to_lowercase().contains("selected"))
}
