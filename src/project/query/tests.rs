use std::borrow::Cow;

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::data::{DateOrder, Holds};
use crate::support::random::{Stream, rng};

/// Columns of fixed cells; an empty one holds nothing.
struct Small(Vec<(&'static str, Holds, Vec<&'static str>)>);

impl Fields for Small {
    fn rows(&self) -> usize {
        self.0[0].2.len()
    }
    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|c| c.0).collect()
    }
    fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|c| c.0.eq_ignore_ascii_case(name))
    }
    fn holds(&self, field: usize) -> Holds {
        self.0[field].1
    }
    fn waits(&self, field: usize) -> Option<String> {
        (self.0[field].0 == "later").then(|| "`later` is there once a solver is through".to_owned())
    }
    fn number(&self, field: usize, row: usize) -> Option<f64> {
        self.0[field].1.read(self.0[field].2[row])
    }
    fn word(&self, field: usize, row: usize) -> Option<Cow<'_, str>> {
        Some(self.0[field].2[row]).filter(|cell| !cell.is_empty()).map(Cow::from)
    }
}

fn small() -> Small {
    Small(vec![
        ("height", Holds::Numbers, vec!["120", "150", "", "140", "180"]),
        ("city", Holds::Words, vec!["Oslo", "oslo", "New York", "", "Bergen"]),
        ("smoker", Holds::Flags, vec!["yes", "no", "yes", "", "no"]),
        ("day", Holds::Dates(DateOrder::DayMonthYear), vec!["1.2.2024", "2.2.2024", "", "1.3.2024", "31.12.2023"]),
        ("sepal length", Holds::Numbers, vec!["5.1", "4.9", "4.7", "4.6", "5"]),
        ("later", Holds::Numbers, vec![""; 5]),
    ])
}

fn rows(text: &str) -> Vec<u32> {
    let fields = small();
    let query = parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    bind(&query, &fields).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).rows()
}

fn fault(text: &str) -> (usize, String) {
    let fields = small();
    let fault = parse(text).and_then(|query| bind(&query, &fields).map(|_| ())).expect_err("it means nothing");
    assert!(fault.at.start <= fault.at.end && fault.at.end <= text.len(), "{text}: {:?}", fault.at);
    (fault.column(text), fault.what)
}

#[test]
fn each_kind_of_column_is_asked_in_its_own_way() {
    for (text, expected) in [
        ("height > 140", vec![1, 4]),
        ("height>=140", vec![1, 3, 4]),
        ("height != 140", vec![0, 1, 4]),
        ("not height > 140", vec![0, 2, 3]),
        ("city = OSLO", vec![0, 1]),
        ("city != oslo", vec![2, 4]),
        ("city = New York", vec![2]),
        ("city = \"new york\"", vec![2]),
        ("city in (Oslo, New York)", vec![0, 1, 2]),
        ("city not in (Oslo, \"New York\")", vec![4]),
        ("city contains er", vec![4]),
        ("city not contains er", vec![0, 1, 2]),
        ("city is missing", vec![3]),
        ("height is not missing", vec![0, 1, 3, 4]),
        ("smoker", vec![0, 2]),
        ("not smoker", vec![1, 3, 4]),
        ("smoker = no", vec![1, 4]),
        ("day >= 2024-02-02", vec![1, 3]),
        ("day = 1.2.2024", vec![0]),
        ("\"sepal length\" > 4.9", vec![0, 4]),
        ("sepal length <= 4.7 and height is missing", vec![2]),
        ("height in (120, 180.0)", vec![0, 4]),
        ("sepal length > 4,9", vec![0, 4]),
        ("sepal length>=4,60 and sepal length < 4,8", vec![2, 3]),
        ("sepal length > -0,500 and height = +120,0", vec![0]),
        ("sepal length in (\"4,9\", 5)", vec![1, 4]),
        // In a list a comma is between two values.
        ("height in (120,180)", vec![0, 4]),
        ("city = 4,9", vec![]),
        ("height > 140 and city = Oslo or smoker", vec![0, 1, 2]),
        ("height > 140 and (city = Oslo or smoker)", vec![1]),
        ("HEIGHT > 140 AND NOT (City = Oslo)", vec![4]),
    ] {
        assert_eq!(rows(text), expected, "{text}");
    }
}

#[test]
fn a_fault_says_where_it_is_and_what_was_meant() {
    for (text, column, words) in [
        ("", 1, "a query is needed"),
        ("heigth > 140", 1, "`height` is the nearest"),
        ("city = Oslo and hieght > 3", 17, "`height` is the nearest"),
        ("colour = red", 1, "there are height, city, smoker, day, \"sepal length\", later"),
        ("height > tall", 10, "`height` holds numbers, and `tall` is none"),
        ("day > soon", 7, "such as 2024-01-31"),
        ("height >", 9, "a value is needed at the end"),
        ("height > > 3", 10, "not another sign"),
        ("height", 1, "is needed after it"),
        ("height 140 > 3", 1, "no column `height 140`"),
        ("city \"Oslo\"", 6, "is needed after `city`"),
        ("city < Oslo", 1, "not more or less"),
        ("city = \"Oslo", 8, "never closed"),
        ("(height > 3", 1, "never closed"),
        ("height > 3)", 11, "closes nothing"),
        ("height > 3 < 5", 12, "one comparison at a time"),
        ("city in Oslo", 9, "in parentheses"),
        ("city in (Oslo", 9, "never closed"),
        ("city = and", 8, "it stands in quotes"),
        ("height ! 3", 8, "`not`"),
        ("height > 120, 5", 13, "`and` or `or` is missing"),
        ("height > 1,2,3", 13, "`and` or `or` is missing"),
        ("height > 1,050", 10, "`1,050` is 1.050 or 1050"),
        ("height > 1,e", 11, "`and` or `or` is missing"),
        ("height is 3", 11, "`missing` is needed"),
        ("(smoker) height > 3", 10, "`and` or `or` is missing"),
        ("later > 3", 1, "once a solver is through"),
        ("zwölf = 1 and heigth > 1", 1, "there is no column `zwölf`"),
    ] {
        let (at, what) = fault(text);
        assert_eq!(at, column, "{text}: {what}");
        assert!(what.contains(words), "{text}: {what}");
    }
    let text = "smoker and sepal lenght > 4";
    let fields = small();
    let fault = bind(&parse(text).expect("it is a query"), &fields).expect_err("no such column");
    assert_eq!(fault.mended(text).as_deref(), Some("smoker and \"sepal length\" > 4"));
    assert_eq!(parse(&"(".repeat(5000)).expect_err("too deep").column(""), 1);
}

/// Any query on the columns.
fn any(rng: &mut ChaCha8Rng, deep: usize) -> Query {
    let word = |text: &str| Word { text: text.to_owned(), at: 0..0 };
    let parts = |rng: &mut ChaCha8Rng| (0..rng.random_range(2..4)).map(|_| any(rng, deep + 1)).collect();
    match rng.random_range(0..if deep < 4 { 8 } else { 5 }) {
        5 => Query::All(parts(rng)),
        6 => Query::Any(parts(rng)),
        7 => Query::Not(Box::new(any(rng, deep + 1))),
        which => {
            let not = rng.random_bool(0.3);
            let ops = [Op::Equal, Op::Other, Op::Less, Op::AtMost, Op::More, Op::AtLeast];
            let number = |rng: &mut ChaCha8Rng| word(["120", "140.5", "-3e2", "180"][rng.random_range(0..4)]);
            let name =
                |rng: &mut ChaCha8Rng| word(["Oslo", "New York", "and", "a \"b\"", "(", ""][rng.random_range(0..6)]);
            let (column, not, what) = match which {
                0 => ("height", false, What::Is(ops[rng.random_range(0..6)], number(rng))),
                1 => ("city", false, What::Is(ops[rng.random_range(0..2)], name(rng))),
                2 => ("city", not, What::In((0..rng.random_range(1..4)).map(|_| name(rng)).collect())),
                3 => ("city", not, What::Contains(name(rng))),
                _ => (["height", "sepal length", "smoker"][rng.random_range(0..3)], not, What::Missing),
            };
            Query::Test(Test { column: word(column), not, what })
        }
    }
}

#[test]
fn what_a_query_is_written_as_is_read_as_the_same_query() {
    let mut rng = rng(1, Stream::Data, 0);
    for _ in 0..2000 {
        let query = any(&mut rng, 0);
        let text = query.to_string();
        assert_eq!(parse(&text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")), query, "{text}");
    }
}

#[test]
fn not_is_the_other_rows_and_the_rules_of_de_morgan_hold() {
    let fields = small();
    let mut rng = rng(2, Stream::Data, 0);
    let found = |query: &Query| bind(query, &fields).expect("it means something").rows();
    let not = |query: &Query| Query::Not(Box::new(query.clone()));
    for _ in 0..1000 {
        let (a, b) = (any(&mut rng, 2), any(&mut rng, 2));
        let (in_a, out) = (found(&a), found(&not(&a)));
        assert!((0..5).all(|row| in_a.contains(&row) != out.contains(&row)), "{a}");
        let both = Query::All(vec![a.clone(), b.clone()]);
        assert_eq!(found(&not(&both)), found(&Query::Any(vec![not(&a), not(&b)])), "{a} | {b}");
        assert_eq!(found(&both), found(&Query::All(vec![b, a])));
    }
}

#[test]
fn no_text_is_too_strange() {
    let pieces = [
        "height", "city", ">", "<=", "!", "=", "(", ")", ",", "and", "or", "not", "in", "is", "missing", "\"", "'",
        "ö", "3", " ",
    ];
    let fields = small();
    let mut rng = rng(3, Stream::Data, 0);
    for _ in 0..5000 {
        let text: String = (0..rng.random_range(0..14)).map(|_| pieces[rng.random_range(0..pieces.len())]).collect();
        let read = parse(&text).and_then(|query| bind(&query, &fields).map(|bound| bound.rows().len()));
        if let Err(fault) = read {
            assert!(text.get(fault.at.clone()).is_some(), "{text}: {fault:?}");
            let _ = fault.mended(&text);
        }
    }
}
