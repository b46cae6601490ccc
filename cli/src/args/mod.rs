//! What can be typed.
//!
//! Arguments have two stages: these types say what was typed; [`crate::meant`] says what is meant by it.

mod bulk;
mod conversations;
mod house;
mod ingest;
mod keys;
mod membership;
mod people;
mod post;
mod records;
mod values;

pub(crate) use bulk::{BulkCommand, Whom};
pub(crate) use conversations::{ConversationCommand, EditArgs, InboxArgs, View, word};
pub(crate) use house::{DemoArgs, LogForm, PluginsCommand, RulesCommand, ServeArgs};
pub(crate) use ingest::IngestArgs;
pub(crate) use keys::{AuditArgs, KeyCommand, UserCommand};
pub(crate) use membership::{ApartArgs, DuplicatesArgs, MergeArgs, PairArgs};
pub(crate) use people::{EraseArgs, SearchArgs, TimelineArgs, Who};
pub(crate) use post::{ComposeArgs, LetterArgs, OutboxCommand, ReplyArgs};
pub(crate) use records::{
    AccountCommand, ExportArgs, PersonFormat, RelationCommand, SegmentCommand, TaskCommand, TaskTerms,
    TaskView,
};
pub(crate) use values::{NeverArgs, PhotoCommand, PinArgs, TakeArgs, ValueArgs};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The commands in the order in which one comes to need them; a test holds the list complete.
const COMMANDS: &str = "\
\x1b[1mBegin\x1b[0m
  demo          Try Whom on the customers of an invented shop
  serve         Serve pages, API and tracking API
  ingest        Take in mail (mbox, Maildir, eml) and events (jsonl)

\x1b[1mLook\x1b[0m
  search        Find customers
  show          Show one customer
  why           Say why a property has its value
  timeline      Show what a customer did
  conversations Show a customer's conversations
  inbox         Show the conversations that wait, and how many there are
  conversation  Show one conversation, change it, merge and split
  history       Show merges, detachments and moves of a customer
  duplicates    Show who is likely one person, and why
  compare       Show two customers side by side, and what a merge would make of them
  export        Write down everything that is known about one person
  feed          Print what changes, as it changes

\x1b[1mChange\x1b[0m
  create        Make a profile
  set           Change properties
  note          Add a note
  merge         Take two profiles for one person
  unmerge       Undo a merge, a detachment or a move exactly
  detach        Give a contact a profile of its own
  apart         Remember that two are not one person
  pin           Show this value, whatever the rules would choose
  hide          Do not show this value
  never         Let a source not count for a property
  take          Make an address that a provider offers a contact
  photo         Take a customer's photo away, for good
  relation      Say who is related to whom
  bulk          Tag, assign, set, merge or export many at once
  enrich        Ask the providers about a customer now
  trash         Put a profile in the trash
  untrash       Take it out again
  erase         Erase a person for good

\x1b[1mWork\x1b[0m
  task          What is to be done for customers, by whom and by when
  account       The companies that customers belong to
  segment       Lists of customers that are kept under a name

\x1b[1mWrite\x1b[0m
  reply         Answer in a conversation by mail
  compose       Write to somebody; who is not known yet is from then on
  outbox        Show what waits to leave, try it again, give it up

\x1b[1mRules and plugins\x1b[0m
  rules         Check and show the rules
  plugins       List plugins and how they are doing

\x1b[1mKeep house\x1b[0m
  user          People who may sign in, and those who are invited
  key           Keys for programs and for tracking
  audit         Show who did what, and when
  backup        Write everything to one file
  restore       Make a data folder from a backup
  rebuild       Make views and search index anew
  doctor        Read everything once and say what is wrong
  completions   Print completions for a shell
  help          Explain a command
";

const EXIT_CODES: &str = "\
\x1b[1mExit codes\x1b[0m
  0  done
  1  failed
  2  typed wrongly, or a value that cannot be taken
  3  there is no such thing
  4  it does not go with what is there: changed meanwhile, merged already, somebody else's
  5  done in part: something could not be taken in, and the report says what

\x1b[1mWhere the data is\x1b[0m
  A command works on a data folder: --data, else WHOM_DATA, else the folder `whom` where this
  account keeps the data of applications (~/.local/share/whom on Linux). Where a server runs on
  that folder, the command talks to it; otherwise it opens the folder itself. With --server it
  talks to a server elsewhere.
";

const TEMPLATE: &str = "\
{about}

{usage-heading} {usage}

{before-help}\x1b[1mOptions\x1b[0m
{options}{after-help}";

/// Customer profiles that can say why.
#[derive(Debug, Parser)]
#[command(
    name = "whom",
    version,
    help_template = TEMPLATE,
    before_help = COMMANDS,
    after_help = EXIT_CODES,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Typed {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be typed with every command.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct GlobalArgs {
    /// Where the data is
    #[arg(long, global = true, env = "WHOM_DATA", value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// Talk to the server at this address instead
    #[arg(long, global = true, env = "WHOM_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The token to show that server
    #[arg(long, global = true, env = "WHOM_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// Print the API's answers as they come, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print no progress and no hints
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say yes to every question
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "parsed once per run")]
pub(crate) enum Command {
    /// Try Whom on the customers of an invented shop
    Demo(DemoArgs),
    /// Serve pages, API and tracking API
    Serve(ServeArgs),
    /// Take in mail (mbox, Maildir, eml) and events (jsonl)
    Ingest(IngestArgs),

    /// Find customers
    Search(SearchArgs),
    /// Show one customer
    Show(Who),
    /// Say why a property has its value
    Why {
        #[command(flatten)]
        who: Who,
        /// The property, such as `name` or `company`
        property: String,
    },
    /// Show what a customer did, newest first
    Timeline(TimelineArgs),
    /// Show a customer's conversations
    Conversations(Who),
    /// Show the conversations that wait, and how many there are
    Inbox(InboxArgs),
    /// Show one conversation, change it, merge and split
    #[command(subcommand)]
    Conversation(ConversationCommand),
    /// Show merges, detachments and moves of a customer
    History(Who),
    /// Show who is likely one person, and why
    Duplicates(DuplicatesArgs),
    /// Show two customers side by side, and what a merge would make of them
    Compare(PairArgs),
    /// Write down everything that is known about one person
    Export(ExportArgs),
    /// Print what changes, one line of JSON for each commit
    Feed {
        /// Go on after this number
        #[arg(long, default_value_t = 0, value_name = "NUMBER")]
        after: u64,
        /// Wait for what comes
        #[arg(long, short)]
        follow: bool,
    },

    /// Make a profile
    Create {
        /// Properties and identifiers, such as `first_name=Ana email=ana@example.org`
        #[arg(required = true, value_name = "PROPERTY=VALUE")]
        assignments: Vec<String>,
    },
    /// Change properties; `property=` takes the value away
    Set {
        #[command(flatten)]
        who: Who,
        /// What to set, such as `job_title=Carpenter`
        #[arg(required = true, value_name = "PROPERTY=VALUE")]
        assignments: Vec<String>,
    },
    /// Add a note
    Note {
        #[command(flatten)]
        who: Who,
        /// The note; `-` reads it from standard input
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Take two profiles for one person
    Merge(MergeArgs),
    /// Undo a merge, a detachment or a move exactly
    Unmerge {
        /// The id of the change, as `whom history` shows it
        change: String,
    },
    /// Give a contact a profile of its own
    Detach {
        #[command(flatten)]
        who: Who,
        /// The contact: its id, or what it is, such as an e-mail address
        contact: String,
    },
    /// Remember that two are not one person
    Apart(ApartArgs),
    /// Show this value, whatever the rules would choose
    Pin(PinArgs),
    /// Do not show this value
    Hide(ValueArgs),
    /// Let a source not count for a property
    Never(NeverArgs),
    /// Make an address that a provider offers a contact
    Take(TakeArgs),
    /// Take a customer's photo away, for good, or show it again
    #[command(subcommand)]
    Photo(PhotoCommand),
    /// Say who is related to whom
    #[command(subcommand, alias = "relate")]
    Relation(RelationCommand),
    /// Do one thing to many customers, and take it back
    #[command(subcommand)]
    Bulk(BulkCommand),
    /// Ask the providers about a customer now
    Enrich(Who),
    /// Put a profile in the trash
    Trash(Who),
    /// Take a profile out of the trash
    Untrash(Who),
    /// Erase a person for good
    Erase(EraseArgs),

    /// What is to be done for customers, by whom and by when
    #[command(subcommand)]
    Task(TaskCommand),
    /// The companies that customers belong to
    #[command(subcommand)]
    Account(AccountCommand),
    /// Lists of customers that are kept under a name
    #[command(subcommand)]
    Segment(SegmentCommand),

    /// Answer in a conversation by mail
    Reply(ReplyArgs),
    /// Write to somebody; who is not known yet is from then on
    Compose(ComposeArgs),
    /// Show what waits to leave, try it again, give it up
    #[command(subcommand)]
    Outbox(OutboxCommand),

    /// Check and show the rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// List plugins and how they are doing
    #[command(subcommand)]
    Plugins(PluginsCommand),

    /// People who may sign in, and those who are invited
    #[command(subcommand)]
    User(UserCommand),
    /// Keys for programs and for tracking
    #[command(subcommand)]
    Key(KeyCommand),
    /// Show who did what, and when, the latest first
    Audit(AuditArgs),
    /// Write everything to one file
    Backup {
        /// The file; it must not exist yet
        file: PathBuf,
    },
    /// Make a data folder from a backup
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Make views and search index anew from what is recorded
    Rebuild,
    /// Read everything once and say what is wrong
    Doctor,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Serve one plugin, for the server that started this process
    #[command(name = "plugin-host", hide = true)]
    PluginHost {
        /// What the server says
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<std::ffi::OsString>,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Typed::command().debug_assert();
    }

    #[test]
    fn help_names_every_command_that_is_not_hidden() {
        let command = Typed::command();
        for known in command.get_subcommands().filter(|known| !known.is_hide_set()) {
            let line = format!("  {:14}", known.get_name());
            assert!(COMMANDS.contains(&line), "`{}` is not in the list of commands", known.get_name());
        }
    }

    #[test]
    fn a_global_flag_may_stand_behind_the_command() {
        let typed = Typed::parse_from(["whom", "show", "ana@example.org", "--json", "--data", "here"]);
        assert!(typed.global.json);
        assert_eq!(typed.global.data, Some(PathBuf::from("here")));
    }

    #[test]
    fn what_is_typed_wrongly_is_refused() {
        for wrong in [&["whom", "why", "ana@example.org"][..], &["whom", "merge", "a"], &["whom", "set", "a"]]
        {
            assert_eq!(Typed::try_parse_from(wrong).map_err(|error| error.exit_code()).err(), Some(2));
        }
    }
}
