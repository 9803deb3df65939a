use super::*;
use crate::project::file::tests::sample;
use crate::project::{Deed, Document, Edit, Side};

fn changes(document: &mut Document) -> Vec<Change> {
    let edits = [
        Edit::Assign(1, Rows::of([20, 21])),
        Edit::Outliers(Rows::of([3])),
        Edit::Name(0, "first".to_owned()),
        Edit::Merge(0, 1),
    ];
    let deed = |edit| Deed { side: Side::Learned, title: "edit".to_owned(), founded: Vec::new(), edit };
    edits.into_iter().map(|edit| document.apply(deed(edit)).expect("made")).collect()
}

#[test]
fn a_journal_torn_at_any_byte_gives_back_what_stands_before() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("a/b.journal");
    let mut document = sample().edits;
    let mut states = vec![document.clone()];
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![path.clone()], Some("p.eigenscope".into()), sample(), None);
    let changes = changes(&mut document);
    let mut replayed = sample().edits;
    for change in &changes {
        journal.put(Did::Labels(change.clone()));
        replayed.redo(change);
        states.push(replayed.clone());
    }
    journal.put(Did::Back(changes[3].clone()));
    replayed.undo(&changes[3]);
    states.push(replayed);
    journal.put(Did::Selected(Rows::of([7])));
    assert_eq!(journal.trouble(), None);
    drop(journal);
    let kept = read(&path).expect("six edits");
    assert_eq!((kept.edits, kept.project.as_deref()), (6, Some(Path::new("p.eigenscope"))));
    assert_eq!((&kept.state.edits, &kept.state.selection), (&states[5], &Rows::of([7])));
    assert!(now() - kept.last < 60);
    let whole = std::fs::read(&path).expect("read");
    let torn = folder.path().join("torn");
    let mut seen = std::collections::BTreeSet::new();
    for length in 0..whole.len() {
        std::fs::write(&torn, &whole[..length]).expect("written");
        if let Some(kept) = read(&torn) {
            assert_eq!(kept.state.edits, states[kept.edits], "{length} bytes");
            seen.insert(kept.edits);
        }
        let mut flipped = whole.clone();
        flipped[length] ^= 0x41;
        std::fs::write(&torn, &flipped).expect("written");
        if let Some(kept) = read(&torn) {
            assert_eq!(kept.state.edits, states[kept.edits.min(5)], "byte {length}");
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_journal_moves_is_removed_and_is_left_alone_while_another_writes_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (first, second) = (folder.path().join("1.journal"), folder.path().join("2.journal"));
    let change = changes(&mut sample().edits.clone()).remove(0);
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![first.clone()], None, sample(), None);
    journal.put(Did::Labels(change.clone()));
    let other = Journal::new(|| ()).expect("a thread");
    let wait = |until: &dyn Fn() -> bool| {
        for _ in 0..1000 {
            if until() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("it never came");
    };
    wait(&|| first.exists());
    other.begin(vec![first.clone(), second.clone()], None, sample(), None);
    other.put(Did::Labels(change.clone()));
    wait(&|| second.exists());
    assert_eq!(read(&first), None, "its writer lives");
    drop(other);
    assert_eq!(read(&second).map(|k| k.edits), Some(1));
    let third = folder.path().join("3.journal");
    journal.begin(vec![third.clone()], None, sample(), None);
    journal.put(Did::Labels(change.clone()));
    drop(journal);
    assert!(!first.exists() && read(&third).is_some());
    // What waits to be restored is not written over, but by the journal that goes on from it.
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![third.clone(), first.clone()], None, sample(), None);
    journal.put(Did::Labels(change));
    drop(journal);
    assert!(read(&third).is_some() && read(&first).is_some());
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![third.clone()], None, sample(), Some(first.clone()));
    drop(journal);
    assert!(first.exists(), "it could not begin, so nothing is removed");
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![third.clone()], None, sample(), Some(third.clone()));
    journal.remove();
    drop(journal);
    assert!(!third.exists());
}

#[test]
fn where_nothing_can_be_written_it_is_said() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![file.join("x.journal")], None, sample(), None);
    let trouble = (0..1000).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        journal.trouble()
    });
    assert!(trouble.is_some_and(|t| t.contains("x.journal")));
    // It is made up for once it can be: an edit without those before it would be of no use.
    for change in changes(&mut sample().edits) {
        journal.put(Did::Labels(change));
    }
    std::fs::remove_file(&file).expect("it is there");
    drop(journal);
    assert_eq!(read(&file.join("x.journal")).map(|kept| kept.edits), Some(4));
}

#[test]
fn a_result_beside_a_journal_is_missed_and_goes_with_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("unsaved-1.journal");
    let results = result_of(&path, 3);
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![path.clone()], None, sample(), None);
    assert_eq!(place_of(&journal), path);
    std::fs::write(&results, "a project with results").expect("written");
    drop(journal);
    let kept = read(&path).expect("one waited for it, though nothing was done");
    assert_eq!((kept.edits, &kept.results), (0, &vec![ResultFile { run: 3, path: results.clone(), bytes: 22 }]));

    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![path.clone()], None, sample(), Some(path.clone()));
    drop(journal);
    assert!(results.exists(), "the journal goes on");
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![path.clone()], None, sample(), Some(path.clone()));
    journal.remove();
    drop(journal);
    assert!(!results.exists() && !path.exists());
}

fn place_of(journal: &Journal) -> std::path::PathBuf {
    for _ in 0..1000 {
        if let Some(at) = journal.place().get() {
            return at;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("it has no place");
}

/// A result that is late must not land beside the journal of other work, nor where a journal was that is gone.
#[test]
fn the_place_of_a_journal_is_its_own_whatever_comes_after_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let at = |name: &str| folder.path().join(name);
    let journal = Journal::new(|| ()).expect("a thread");
    assert!(journal.place().is_over(), "none is begun");
    let begin = |name: &str| {
        journal.begin(vec![at(name)], None, sample(), None);
        let place = journal.place();
        assert_eq!(place_of(&journal), at(name));
        place
    };
    let first = begin("1.journal");
    journal.put_aside(1);
    let second = begin("2.journal");
    assert_eq!((first.get(), second.get()), (Some(at("1.journal")), Some(at("2.journal"))));
    journal.remove();
    let third = begin("3.journal");
    assert!(second.is_over() && second.get().is_none(), "it is removed");
    assert_eq!((first.get(), third.get()), (Some(at("1.journal")), Some(at("3.journal"))));
    journal.take_up(1);
    let fourth = begin("4.journal");
    assert!(first.is_over() && third.is_over() && !fourth.is_over(), "the last goes on from the first");
}

#[test]
fn the_journal_of_another_document_stays_for_a_crash_and_goes_with_the_window() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let at = |name: &str| folder.path().join(name);
    let change = changes(&mut sample().edits.clone()).remove(0);
    let journal = Journal::new(|| ()).expect("a thread");
    let begin = |name: &str, document: u64| {
        journal.take_up(document);
        journal.begin(vec![at(name)], None, sample(), None);
        journal.put(Did::Labels(change.clone()));
        assert_eq!(place_of(&journal), at(name));
    };
    begin("1.journal", 1);
    std::fs::write(result_of(&at("1.journal"), 0), "a result").expect("written");
    journal.put_aside(1);
    begin("2.journal", 2);
    assert!(at("1.journal").exists() && read(&at("1.journal")).is_none(), "no other window takes it");
    // Back to the first: its results go along.
    journal.put_aside(2);
    begin("3.journal", 1);
    assert!(!at("1.journal").exists() && result_of(&at("3.journal"), 0).exists());
    drop(journal);
    let kept = |name: &str| read(&at(name)).map(|kept| (kept.edits, kept.results.len()));
    assert_eq!((kept("2.journal"), kept("3.journal")), (Some((1, 0)), Some((1, 1))), "a crash takes neither");

    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![at("4.journal")], None, sample(), Some(at("3.journal")));
    assert_eq!(place_of(&journal), at("4.journal"));
    assert!(result_of(&at("4.journal"), 0).exists(), "what goes on from it has its results");
    journal.put_aside(1);
    journal.begin(vec![at("5.journal")], None, sample(), None);
    journal.end();
    drop(journal);
    let left = std::fs::read_dir(folder.path()).expect("it is there").count();
    assert_eq!(left, 1, "the one that waits to be restored alone");
}

/// A full disk keeps the next journal from its place, and a person goes on with another document meanwhile.
#[test]
fn a_journal_whose_place_nothing_took_goes_with_the_window_too() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("file"), "").expect("written");
    let journal = Journal::new(|| ()).expect("a thread");
    let begin = |place: &str, document: u64| {
        journal.take_up(document);
        journal.begin(vec![at(place)], None, sample(), None);
    };
    begin("1.journal", 1);
    journal.put_aside(1);
    begin("file/no.journal", 1);
    begin("2.journal", 2);
    journal.put_aside(2);
    begin("3.journal", 1);
    assert_eq!(place_of(&journal), at("3.journal"));
    assert!(!at("1.journal").exists() && at("2.journal").exists(), "it takes the place of the first at last");
    journal.put_aside(1);
    begin("file/no.journal", 2);
    begin("4.journal", 3);
    journal.end();
    drop(journal);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("it is there").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["file"]);
}

#[test]
fn a_run_of_the_highest_number_is_refused() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("1.journal");
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(vec![path.clone()], None, sample(), None);
    let run = RunRecord { id: RunId::MAX, star: true, ..RunRecord::default() };
    journal.put(Did::Run(Box::new(run)));
    drop(journal);
    assert_eq!(read(&path), None);
}
