//! From the columns of a table, or one matrix, to features, as the model's reading has them; and their scaling.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::graph::{Graph, ML, Of, Setting, Value};
use crate::data::{ColumnReading, Kind, Reading, SURELY_MISSING, Scaler};
use crate::output::columns::free_name;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::{Error, Result};

/// Name of the one input of a matrix.
const FEATURES: &str = "features";
/// Words that an input's description names at most.
const NAMED: usize = 8;

/// How rows come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A tensor a column where the model knows columns by name, else one matrix: of bytes for pictures of bytes, of doubles otherwise
    #[default]
    Auto,
    /// A tensor a column, named as the column is
    Columns,
    /// One matrix `features` of doubles
    Double,
    /// One matrix `features` of single precision, which rounds large offsets away
    Float,
    /// One matrix `features` of bytes
    Uint8,
}

/// The inputs of a graph: their names, and how rows come in.
#[derive(Debug)]
pub(super) struct Inputs<'a> {
    reading: &'a Reading,
    /// A name for each column, or for the matrix.
    pub(super) names: Vec<String>,
    matrix: Option<Of>,
}

impl<'a> Inputs<'a> {
    /// Decides on the inputs.
    ///
    /// # Errors
    /// [`Error::Data`] for a reading that no dense tensor can stand for, [`Error::Setting`] for a form that does not go with it.
    pub(super) fn of(reading: &'a Reading, form: Form) -> Result<Self> {
        if let Some(projection) = &reading.projection {
            return Err(Error::Data(format!(
                "this model cannot be said in ONNX: it reads sparse rows and makes {} of them, and a graph takes dense tensors; \
                 `eigenscope apply` labels sparse rows, and a run with --components 0 trains on dense ones",
                counted(projection.components(), "component")
            )));
        }
        let unfilled = |column: &&ColumnReading| column.fill.len() != column.width();
        if let Some(column) = reading.columns.iter().find(unfilled) {
            return Err(Error::Data(format!(
                "this model cannot be said in ONNX: it does not know what fills a gap of column `{}`, which apply refuses and a graph \
                 cannot; train it again with this version",
                plain::line(&short(&column.name, 40))
            )));
        }
        let words = reading.columns.iter().find(|column| matches!(column.kind, Kind::Words(_) | Kind::Several(..)));
        let matrix = match (form, words) {
            (Form::Columns, _) | (Form::Auto, Some(_)) => None,
            (Form::Auto, None) if reading.named => None,
            (Form::Auto, None) => Some(if is_of_bytes(reading) { Of::Byte } else { Of::Double }),
            (_, Some(column)) => {
                return Err(Error::Setting(format!(
                    "--input {}: column `{}` holds words, which no matrix of numbers has; --input columns gives each column a tensor",
                    clap::ValueEnum::to_possible_value(&form).map_or_else(String::new, |v| v.get_name().to_owned()),
                    plain::line(&short(&column.name, 40))
                )));
            }
            (Form::Double, None) => Some(Of::Double),
            (Form::Float, None) => Some(Of::Float),
            (Form::Uint8, None) => Some(Of::Byte),
        };
        let names = if matrix.is_some() { vec![FEATURES.to_owned()] } else { distinct(reading) };
        Ok(Self { reading, names, matrix })
    }

    /// The features, `N × d` doubles, gaps filled.
    pub(super) fn features(&self, graph: &mut Graph) -> Value {
        graph.part("reading");
        let Some(of) = self.matrix else { return self.columns(graph) };
        let d = self.reading.features();
        let about = match of {
            Of::Byte => format!("{} as bytes, in the order of the model's features", counted(d, "number")),
            _ => format!("{}, in the order of the model's features; NaN where one is missing", counted(d, "number")),
        };
        let rows = graph.input(FEATURES, of, d, &about);
        let rows = if of == Of::Double { rows } else { graph.cast(&rows, Of::Double) };
        if of == Of::Byte {
            return rows;
        }
        let fill: Vec<f64> = self.reading.columns.iter().flat_map(|column| column.fill.iter().copied()).collect();
        filled(graph, &rows, &fill)
    }

    fn columns(&self, graph: &mut Graph) -> Value {
        // In the order of the columns; numbers that stand next to each other are filled at once.
        let (mut parts, mut numbers, mut fill) = (Vec::new(), Vec::new(), Vec::new());
        let flush = |graph: &mut Graph, numbers: &mut Vec<Value>, fill: &mut Vec<f64>, parts: &mut Vec<Value>| {
            if !numbers.is_empty() {
                let rows = graph.beside(&numbers.iter().collect::<Vec<_>>());
                parts.push(filled(graph, &rows, fill));
                numbers.clear();
                fill.clear();
            }
        };
        for (column, name) in self.reading.columns.iter().zip(&self.names) {
            if let Kind::Words(words) | Kind::Several(_, words) = &column.kind {
                flush(graph, &mut numbers, &mut fill, &mut parts);
                let cells = graph.input(name, Of::Text, 1, &about(column));
                let mark = if let Kind::Several(mark, _) = column.kind { Some(mark) } else { None };
                parts.extend((!words.is_empty()).then(|| match mark {
                    Some(mark) => answers(graph, &cells, (mark, words), &column.fill),
                    None => indicators(graph, &cells, words, &column.fill),
                }));
            } else {
                numbers.push(graph.input(name, Of::Double, column.width(), &about(column)));
                fill.extend(&column.fill);
            }
        }
        flush(graph, &mut numbers, &mut fill, &mut parts);
        graph.beside(&parts.iter().collect::<Vec<_>>())
    }

    /// What another program has to know of the inputs.
    pub(super) fn described(&self) -> Json {
        if let Some(of) = self.matrix {
            let names: Vec<&str> = self.reading.columns.iter().map(|column| column.name.as_str()).collect();
            return json!([{ "name": FEATURES, "type": type_of(of), "columns": names }]);
        }
        let column = |(column, name): (&ColumnReading, &String)| {
            let (kind, of) = match column.kind {
                Kind::Numbers(_) => ("number", Of::Double),
                Kind::Flags => ("flag", Of::Double),
                Kind::Dates(_) => ("date", Of::Double),
                Kind::Scale(_) => ("scale", Of::Double),
                Kind::List(_) => ("list", Of::Double),
                Kind::Words(_) | Kind::Several(..) => ("words", Of::Text),
            };
            json!({ "name": name, "column": column.name, "kind": kind, "type": type_of(of) })
        };
        self.reading.columns.iter().zip(&self.names).map(column).collect()
    }
}

fn type_of(of: Of) -> &'static str {
    match of {
        Of::Float => "float",
        Of::Byte => "uint8",
        Of::Whole => "int64",
        Of::Text => "string",
        Of::Flag => "bool",
        Of::Double => "double",
    }
}

/// The columns' names, told apart.
fn distinct(reading: &Reading) -> Vec<String> {
    let mut taken = HashSet::new();
    let name = |column: &ColumnReading| {
        let name = free_name(&column.name, &taken);
        taken.insert(name.clone());
        name
    };
    reading.columns.iter().map(name).collect()
}

/// Whether features are pixels that came as bytes: what fills them is whole and goes beyond 1.
fn is_of_bytes(reading: &Reading) -> bool {
    let pixels = reading.columns.first().is_some_and(|column| column.name.starts_with("pixel 1,1"));
    let fills = || reading.columns.iter().flat_map(|column| &column.fill);
    pixels && fills().all(|v| (0.0..=255.0).contains(v) && v.fract() == 0.0) && fills().any(|&v| v > 1.0)
}

/// What an input of a column holds, in words.
fn about(column: &ColumnReading) -> String {
    match &column.kind {
        Kind::Numbers(_) => match column.nothing {
            Some(nothing) => format!("numbers; NaN where one is missing, and in the place of {nothing}"),
            None => "numbers; NaN where one is missing".to_owned(),
        },
        Kind::Flags => "1 for yes and 0 for no; NaN where it is missing".to_owned(),
        Kind::Dates(_) => "days since 1970-01-01 in UTC, with their fraction; NaN where one is missing".to_owned(),
        Kind::Scale(scale) => {
            let levels: Vec<String> =
                (1..).zip(scale.words().iter().skip(1)).map(|(place, word)| format!("{place} for `{word}`")).collect();
            format!("answers as their places: {}; NaN where there is none", levels.join(", "))
        }
        Kind::List(numbers) => format!("{}; NaN where one is missing", counted(*numbers, "number")),
        Kind::Words(words) | Kind::Several(_, words) => {
            let named: Vec<String> = words.iter().take(NAMED).map(|word| format!("`{word}`")).collect();
            let more = if words.len() > NAMED { ", …" } else { "" };
            let named = named.join(", ");
            match column.kind {
                Kind::Several(mark, _) => {
                    format!("answers with `{mark}` between them, known: {named}{more}; empty where there is none")
                }
                _ => format!("words without blanks around them, known: {named}{more}; empty where one is missing"),
            }
        }
    }
}

/// Doubles (`N × d`) with NaN filled.
fn filled(graph: &mut Graph, rows: &Value, fill: &[f64]) -> Value {
    let gaps = graph.op("IsNaN", &[rows]);
    let fill = graph.constant(&[1, fill.len()], fill.iter().copied());
    graph.op("Where", &[&gaps, &fill, rows])
}

/// A feature a word: 1 where it stands, 0 elsewhere, and the fill where nothing does. `N × words` doubles.
fn indicators(graph: &mut Graph, cells: &Value, words: &[String], fill: &[f64]) -> Value {
    let count = words.len() as i64;
    // What counts as missing comes first: a word of that spelling was never a word.
    let missing = spellings();
    let known = words.iter().zip(0..).filter(|(word, _)| !missing.contains(*word));
    let (mut keys, mut places): (Vec<String>, Vec<i64>) = known.map(|(word, at)| (word.clone(), at)).unzip();
    places.extend(missing.iter().map(|_| count + 1));
    keys.extend(missing);
    let settings = vec![
        ("keys_strings", Setting::Texts(keys)),
        ("values_int64s", Setting::Wholes(places)),
        ("default_int64", Setting::Whole(count)),
    ];
    let [place] = graph.outputs(ML, "LabelEncoder", &[cells], settings);
    let all = graph.constant(&[1, words.len()], 0..count);
    let same = graph.op("Equal", &[&place, &all]);
    let ones = graph.cast(&same, Of::Double);
    let gap = graph.number(count + 1);
    let gaps = graph.op("Equal", &[&place, &gap]);
    let fill = graph.constant(&[1, fill.len()], fill.iter().copied());
    graph.op("Where", &[&gaps, &fill, &ones])
}

/// The same of cells of several answers with a mark between them: 1 for each that is among them.
fn answers(graph: &mut Graph, cells: &Value, (mark, words): (char, &[String]), fill: &[f64]) -> Value {
    let stands = |graph: &mut Graph, word: &String| {
        graph.with("RegexFullMatch", &[cells], vec![("pattern", Setting::Text(among(mark, word)))])
    };
    let found: Vec<Value> = words.iter().map(|word| stands(graph, word)).collect();
    let found = graph.beside(&found.iter().collect::<Vec<_>>());
    let ones = graph.cast(&found, Of::Double);
    let missing = spellings();
    let settings = vec![
        ("values_int64s", Setting::Wholes(vec![1; missing.len()])),
        ("keys_strings", Setting::Texts(missing)),
        ("default_int64", Setting::Whole(0)),
    ];
    let [gap] = graph.outputs(ML, "LabelEncoder", &[cells], settings);
    let gaps = graph.cast(&gap, Of::Flag);
    let fill = graph.constant(&[1, fill.len()], fill.iter().copied());
    graph.op("Where", &[&gaps, &fill, &ones])
}

/// The regular expression of cells in which a word stands by itself, in the syntax of RE2.
fn among(mark: char, word: &str) -> String {
    // What Rust takes for blanks.
    const BLANKS: &str = r"[\s\x{b}\x{85}\p{Z}]*";
    let literal = |text: &str| text.chars().map(|c| format!(r"\x{{{:x}}}", u32::from(c))).collect::<Vec<_>>().concat();
    let (mark, word) = (literal(&mark.to_string()), literal(word));
    format!("(?s)(?:.*{mark})?{BLANKS}{word}{BLANKS}(?:{mark}.*)?")
}

/// Every spelling of the words that stand for a missing one: a graph cannot leave out the case.
fn spellings() -> Vec<String> {
    let of = |word: &str| {
        let mut all = vec![String::new()];
        for c in word.chars() {
            let (lower, upper) = (c.to_ascii_lowercase(), c.to_ascii_uppercase());
            let with = |c: char| all.iter().map(move |start| format!("{start}{c}")).collect::<Vec<_>>();
            let more = if lower == upper { Vec::new() } else { with(upper) };
            all = with(lower).into_iter().chain(more).collect();
        }
        all
    };
    SURELY_MISSING.iter().flat_map(|word| of(word)).collect()
}

/// Scales features (`N × d` doubles) as the model does, to single precision.
pub(super) fn scaled(graph: &mut Graph, rows: &Value, scaler: &Scaler) -> Value {
    graph.part("scaling");
    let rows = if scaler.is_unit() {
        let weighed = multiplied(graph, rows, scaler);
        unit(graph, &weighed)
    } else {
        shifted(graph, rows, scaler)
    };
    graph.cast(&rows, Of::Float)
}

fn shifted(graph: &mut Graph, rows: &Value, scaler: &Scaler) -> Value {
    let mut rows = rows.clone();
    let d = scaler.dim();
    if scaler.shift().iter().any(|&v| v != 0.0) {
        let shift = graph.constant(&[1, d], scaler.shift().iter().copied());
        rows = graph.op("Sub", &[&rows, &shift]);
    }
    rows = multiplied(graph, &rows, scaler);
    let (low, high) = (graph.number(-scaler.limit()), graph.number(scaler.limit()));
    graph.op("Clip", &[&rows, &low, &high])
}

/// Each column by its factor, where there is another than 1.
fn multiplied(graph: &mut Graph, rows: &Value, scaler: &Scaler) -> Value {
    if scaler.factor().iter().all(|v| v.to_bits() == 1.0_f64.to_bits()) {
        return rows.clone();
    }
    let factor = graph.constant(&[1, scaler.dim()], scaler.factor().iter().copied());
    graph.op("Mul", &[rows, &factor])
}

/// Rows of length 1. Squares of what lies outside single precision may leave the range of doubles, so that such rows are brought near 1
/// first; a row of zeros stays.
fn unit(graph: &mut Graph, rows: &Value) -> Value {
    let axes = graph.constant(&[1], [1_i64]);
    let sizes = graph.op("Abs", &[rows]);
    let peak = graph.op("ReduceMax", &[&sizes, &axes]);
    let [nothing, one, small, large] = [0.0, 1.0, 1e-45, f64::from(f32::MAX)].map(|v| graph.number(v));
    let below = graph.op("Less", &[&peak, &small]);
    let above = graph.op("Greater", &[&peak, &large]);
    let outside = graph.op("Or", &[&below, &above]);
    let positive = graph.op("Greater", &[&peak, &nothing]);
    let outside = graph.op("And", &[&outside, &positive]);
    let size = graph.op("Where", &[&outside, &peak, &one]);
    let rows = graph.op("Div", &[rows, &size]);
    graph.of_length_one(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_looked_for_letter_by_letter() {
        let blanks = r"[\s\x{b}\x{85}\p{Z}]*";
        let wanted = format!(r"(?s)(?:.*\x{{3b}})?{blanks}\x{{61}}\x{{2a}}{blanks}(?:\x{{3b}}.*)?");
        assert_eq!(among(';', "a*"), wanted);
    }

    #[test]
    fn every_spelling_of_a_missing_word_is_known_once() {
        let all = spellings();
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        for word in ["", "NaN", "nAn", "#N/A n/A", "NULL", "\\N", "?"] {
            assert!(distinct.contains(&word.to_owned()), "{word}");
        }
        assert!(!distinct.contains(&"na".to_owned()) && all.len() < 1000);
    }
}
