//! `fetch` as a command, and what the program says of sets, of itself and into its log.

use eigenscope::data::fetch::PublicSet;

use crate::fetching::packed;
use crate::support::desk::{Desk, plain};
use crate::support::mirror::{Deed, Mirror, head, status};
use crate::support::program::{command, json, text};

/// The program with a cache, a state and a network of its own.
fn program(desk: &Desk, args: &[&str]) -> std::process::Command {
    let mut command = command(args);
    command.env("XDG_CACHE_HOME", desk.path("cache")).env("EIGENSCOPE_STATE", desk.path("state"));
    command.env_remove("RUST_LOG");
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command
}

#[test]
fn the_program_lists_the_sets_and_refuses_what_is_none() {
    let desk = Desk::new();
    let listed = program(&desk, &["fetch"]).output().expect("it starts");
    let said = text(&listed.stdout);
    assert!(said.contains("mnist") && said.contains("CC BY-SA 3.0") && said.contains("11 MiB"), "{said}");
    let sets = json(&program(&desk, &["fetch", "--json"]).output().expect("it starts"));
    let names: Vec<&str> = sets.as_array().expect("a list").iter().filter_map(|set| set["set"].as_str()).collect();
    assert_eq!(names, PublicSet::ALL.iter().map(|set| set.name).collect::<Vec<_>>());
    let wrong = program(&desk, &["fetch", "mnits"]).output().expect("it starts");
    assert!(wrong.status.code() == Some(1) && text(&wrong.stderr).contains("did you mean `mnist`?"));
    let wrong = program(&desk, &["fetch", "mnist", "--from", "ftp://there/"]).output().expect("it starts");
    assert!(wrong.status.code() == Some(2) && text(&wrong.stderr).contains("http://"));
}

#[test]
fn a_set_that_is_not_here_names_the_command_that_brings_it() {
    let desk = Desk::new();
    let said = text(&program(&desk, &["run", "mnist"]).output().expect("it starts").stderr);
    assert!(said.contains("`eigenscope fetch mnist` downloads them (11 MiB)"), "{said}");
    let said = text(&program(&desk, &["run", "mnist", "--data-dir", "nowhere"]).output().expect("it starts").stderr);
    assert!(!said.contains("eigenscope fetch") && said.contains("--data-dir FOLDER"), "{said}");
    let data = || text(&program(&desk, &["data"]).output().expect("it starts").stdout);
    assert!(data().contains("`eigenscope fetch mnist` downloads it"));
    let cache = desk.path("cache").join(if cfg!(target_os = "linux") { "eigenscope/mnist" } else { "" });
    if cfg!(target_os = "linux") {
        std::fs::create_dir_all(&cache).expect("a folder for the test");
        for file in PublicSet::named("mnist").expect("it is known").files {
            std::fs::write(cache.join(file.name), b"").expect("a file for the test");
        }
        assert!(data().contains("It is in the cache"), "{}", data());
    }
}

#[test]
fn a_mirror_of_ones_own_with_other_content_ends_with_1_and_a_sentence() {
    let desk = Desk::new();
    let mirror = Mirror::good(packed(9));
    let args = ["fetch", "mnist", "--from", &mirror.address, "--dir", &plain(&desk.path("there"))];
    let ended = program(&desk, &args).output().expect("it starts");
    let said = text(&ended.stderr);
    assert!(ended.status.code() == Some(1) && said.contains("not the published file"), "{said}");
    assert_eq!(std::fs::read_dir(desk.path("there/mnist")).expect("a folder").count(), 0);
    // What went wrong is in the log.
    let log = std::fs::read_to_string(desk.path("state/eigenscope.log")).expect("a log");
    assert!(log.contains("WARN") && log.contains("ERROR") && log.contains("not the published file"), "{log}");
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_a_sentence_and_no_file() {
    let desk = Desk::new();
    let mirror = Mirror::new(|_, _| {
        let mut deeds = vec![Deed::Send(head("200 OK", &["Content-Length: 9000000".to_owned()]))];
        deeds.extend(std::iter::repeat_n(Deed::Send(vec![1; 100_000]), 90));
        deeds
    });
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" fetch mnist --quiet --from \"$1\"";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script, crate::support::program::PROGRAM, &mirror.address]);
    shell
        .env("XDG_CACHE_HOME", desk.path("cache"))
        .env("HOME", desk.folder())
        .env("EIGENSCOPE_STATE", desk.path("state"));
    let ended = shell.output().expect("it starts");
    let said = text(&ended.stderr);
    assert!(ended.status.code() == Some(1) && said.contains("cannot write ") && said.contains("--dir DIR"), "{said}");
    let mut files = Vec::new();
    let mut folders = vec![desk.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let whole = |path: &&std::path::PathBuf| path.extension().is_some_and(|end| end == "gz");
    assert_eq!(files.iter().find(whole), None);
}

#[test]
fn the_environments_proxy_is_taken() {
    let desk = Desk::new();
    let proxy = Mirror::new(|_, _| status("403 Forbidden"));
    let args = ["fetch", "mnist", "--quiet", "--patience", "5", "--from", "http://mirror.invalid/sets"];
    let mut asks = program(&desk, &args);
    asks.env("http_proxy", &proxy.address)
        .env("all_proxy", &proxy.address)
        .env_remove("no_proxy")
        .env_remove("NO_PROXY");
    let ended = asks.output().expect("it starts");
    assert_eq!(ended.status.code(), Some(1), "{}", text(&ended.stderr));
    assert!(proxy.asked()[0].lines[0].contains("mirror.invalid"), "{:?}", proxy.asked());
}

#[test]
fn the_log_says_more_where_it_is_asked_to_and_commands_leave_none() {
    let desk = Desk::new();
    let args = ["run", "moons", "--samples", "300", "--no-learn", "--quiet"];
    let quiet = program(&desk, &args).output().expect("it starts");
    assert!(quiet.status.success() && quiet.stderr.is_empty() && !desk.path("state").exists());
    let said = text(&program(&desk, &args).arg("--verbose").output().expect("it starts").stderr);
    assert!(said.contains("INFO") && said.contains("exact: "), "{said}");
    let said = text(&program(&desk, &args).env("RUST_LOG", "eigenscope=info").output().expect("it starts").stderr);
    assert!(said.contains("exact: "), "{said}");
    let ended = program(&desk, &args).env("RUST_LOG", "eigenscope=loudly").output().expect("it starts");
    assert!(ended.status.success() && text(&ended.stderr).contains("RUST_LOG is not understood"));
}

#[test]
fn completions_and_pages_name_every_command() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&program(&desk, &["completions", shell]).output().expect("it starts").stdout);
        assert!(script.contains("eigenscope") && script.contains("fetch") && script.contains("neighbors"), "{shell}");
    }
    let pages = desk.path("man");
    let made = program(&desk, &["man", "--out", &plain(&pages)]).output().expect("it starts");
    assert!(made.status.success(), "{}", text(&made.stderr));
    for page in ["eigenscope.1", "eigenscope-run.1", "eigenscope-fetch.1", "eigenscope-apply.1"] {
        let page = std::fs::read_to_string(pages.join(page)).expect(page);
        assert!(page.contains(".TH ") && page.contains(".SH NAME"));
    }
    let page = text(&program(&desk, &["man"]).output().expect("it starts").stdout);
    assert!(page.contains(".TH eigenscope"), "{}", &page[..200]);
}
