//! The report of a supervised system in a file.

use serde::{Deserialize, Serialize};

use crate::learn::supervised::{self, Form};
use crate::measure::Recall;

/// The ways to compare held-out samples that there are, by the names they have in a report.
const FORMS: [&str; 4] = ["transductive", "stored", "direct", "input"];

/// Scores on what was held out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    trained: u64,
    held_out: u64,
    #[serde(with = "crate::support::words_serde")]
    trained_classes: Vec<String>,
    #[serde(with = "crate::support::words_serde")]
    held_out_classes: Vec<String>,
    zero_shot: bool,
    validation: bool,
    embedding: u64,
    inference: String,
    recall: [f64; 4],
    forms: Vec<FormOf>,
}

/// Name, Recall@1, 2, 4 and 8, NMI and dimensions.
type FormOf = (String, [f64; 4], Option<f64>, u64);

fn numbers(recall: Recall) -> [f64; 4] {
    [recall.at_1, recall.at_2, recall.at_4, recall.at_8]
}

fn recall([at_1, at_2, at_4, at_8]: [f64; 4]) -> Recall {
    Recall { at_1, at_2, at_4, at_8 }
}

fn known(name: &str) -> Option<&'static str> {
    FORMS.into_iter().find(|known| *known == name)
}

impl Report {
    pub(super) fn of(report: &supervised::Report) -> Self {
        let form = |form: &Form| (form.name.to_owned(), numbers(form.recall), form.nmi, form.dimensions as u64);
        Self {
            trained: report.trained as u64,
            held_out: report.held_out as u64,
            trained_classes: report.trained_classes.clone(),
            held_out_classes: report.held_out_classes.clone(),
            zero_shot: report.zero_shot,
            validation: report.validation,
            embedding: report.embedding as u64,
            inference: report.inference.to_owned(),
            recall: numbers(report.recall),
            forms: report.forms.iter().map(form).collect(),
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let named = known(&self.inference).is_some() && self.forms.iter().all(|form| known(&form.0).is_some());
        if named && self.forms.len() <= FORMS.len() {
            return Ok(());
        }
        Err("its report tells of forms that there are not".to_owned())
    }

    /// The report; none where it names a form that there is not, which a checked one does not.
    pub(super) fn report(&self) -> Option<supervised::Report> {
        let form = |(name, found, nmi, dimensions): &FormOf| {
            Some(Form { name: known(name)?, recall: recall(*found), nmi: *nmi, dimensions: *dimensions as usize })
        };
        Some(supervised::Report {
            trained: self.trained as usize,
            held_out: self.held_out as usize,
            trained_classes: self.trained_classes.clone(),
            held_out_classes: self.held_out_classes.clone(),
            zero_shot: self.zero_shot,
            validation: self.validation,
            embedding: self.embedding as usize,
            inference: known(&self.inference)?,
            recall: recall(self.recall),
            forms: self.forms.iter().map(form).collect::<Option<_>>()?,
        })
    }
}
