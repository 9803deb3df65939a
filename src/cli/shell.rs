//! What a shell and `man` know of the program: completions and pages, made from its own arguments.

use std::path::PathBuf;

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, say};
use crate::output::write_atomically;
use crate::{Error, Result};

/// What `completions` takes.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// What `man` takes.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// Write a page for the program and one for each command to this folder; without it the program's goes to stdout
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "eigenscope", &mut script);
    say::out(|out| out.write_all(&script))
}

pub(super) fn man(args: &ManArgs) -> Result<()> {
    let mut cli = Cli::command().disable_help_subcommand(true);
    cli.build();
    let Some(folder) = &args.out else {
        let page = rendered(&Man::new(cli))?;
        return say::out(|out| out.write_all(&page));
    };
    let commands: Vec<clap::Command> = cli.get_subcommands().filter(|c| !c.is_hide_set()).cloned().collect();
    for command in commands.into_iter().chain([cli]) {
        let man = Man::new(command);
        let page = rendered(&man)?;
        write_atomically(&folder.join(man.get_filename()), |file| file.write_all(&page))?;
    }
    Ok(())
}

fn rendered(man: &Man) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    man.render(&mut page).map_err(|e| Error::Data(format!("a page cannot be made: {e}")))?;
    Ok(page)
}
