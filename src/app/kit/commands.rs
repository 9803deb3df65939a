//! Everything a person can tell the window, once: text, one sentence, shortcut. Buttons, keys, the palette and the help
//! all read it here.

use eframe::egui::{self, Context, Id, Key, KeyboardShortcut, Modifiers};

/// A command of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UiCommand {
    /// Train, pause or go on, whichever comes next.
    RunPause,
    /// Some training steps from a pause.
    Step,
    /// Train a stopped training again from the first step.
    Restart,
    /// The picture follows the settings while they are turned, or waits for a training.
    Live,
    /// The edges of the graph are drawn, or not.
    Edges,
    /// Heat spreads from the point at hand, or what moves ends.
    Heat,
    /// The map over the plane is drawn, or not.
    Map,
    /// The looks of the training are played, or held.
    PlayPast,
    /// The look before the one shown.
    EarlierLook,
    /// The look after it.
    LaterLook,
    /// From an earlier look to the newest picture.
    Now,
    /// The run shown is pinned, or not.
    Pin,
    /// No run is pinned.
    UnpinAll,
    /// Points are painted in the place of the input view, or not.
    Paint,
    /// Back to the data alone.
    Reset,
    /// End training with what was learned.
    StopAndKeep,
    /// Open a file.
    Open,
    /// Begin anew with the same data.
    New,
    /// Save the project.
    Save,
    /// Save the project in another file.
    SaveAs,
    /// Save the settings.
    SaveRecipe,
    /// The sheet that writes the labelled table.
    Export,
    /// Write the trained model.
    ExportModel,
    /// A model from a file labels another file.
    ApplyModel,
    /// The model just trained labels another file.
    LabelFile,
    /// Write the training as an animation.
    ExportAnimation,
    /// Save the window as a picture.
    Screenshot,
    /// Take the last step back.
    Undo,
    /// Make the step again.
    Redo,
    /// All settings to their defaults.
    Defaults,
    /// Deselect all points.
    ClearSelection,
    /// Every view fitted to its points.
    FitViews,
    /// Dragging moves the picture.
    ToolMove,
    /// Dragging draws a lasso.
    ToolLasso,
    /// Dragging draws a rectangle.
    ToolBox,
    /// A selection takes the place of the one before.
    SelectReplace,
    /// A selection is added.
    SelectAdd,
    /// A selection is taken out.
    SelectRemove,
    /// A selection keeps what was selected before too.
    SelectIntersect,
    /// A name for the cluster of the point or the row that has the keyboard.
    Rename,
    /// The selected points are a cluster of their own.
    AssignNew,
    /// The selected points belong to no cluster.
    Outliers,
    /// The selected points are labelled right.
    Accept,
    /// The selected points are as the solver said.
    GiveBack,
    /// The least clear points, one after the other.
    Review,
    /// What is not selected is.
    Invert,
    /// The neighbours of the point at hand are selected.
    Neighbours,
    /// The keyboard to the next part of the window.
    NextRegion,
    /// The keyboard to the part before.
    PreviousRegion,
    /// The table of rows.
    Rows,
    /// What sets the selection apart from the rest.
    Inside,
    /// The row of the point at hand.
    ShowRow,
    /// Select by a query.
    Query,
    /// The columns of the table, and what each is for.
    Columns,
    /// One view or card in the place of all.
    Maximise,
    /// Names of clusters on the picture.
    Names,
    /// Show or hide the settings.
    ToggleSettings,
    /// Follow the system's theme, dark or light.
    NextTheme,
    /// Text and controls one step larger.
    TextLarger,
    /// Text and controls one step smaller.
    TextSmaller,
    /// Text and controls of the usual size.
    TextUsual,
    /// Things stand still, or move.
    Still,
    /// Points have the shape of their cluster beside its colour, or are discs.
    Shapes,
    /// The runs that were kept.
    Runs,
    /// Systems side by side.
    Compare,
    /// The list of commands.
    Palette,
    /// What whoever helps needs to know, on the clipboard.
    CopyReport,
    /// The list of lessons.
    Lessons,
    /// The next step of the lesson.
    LessonNext,
    /// The step before.
    LessonBack,
    /// The lesson is left.
    LeaveLesson,
    /// Large type and the views alone, for a class.
    Present,
    /// The help.
    Help,
}

impl UiCommand {
    /// Every command, in the order in which the palette lists them.
    pub const ALL: [Self; 73] = [
        Self::RunPause,
        Self::Step,
        Self::Restart,
        Self::Live,
        Self::Edges,
        Self::Heat,
        Self::Map,
        Self::PlayPast,
        Self::EarlierLook,
        Self::LaterLook,
        Self::Now,
        Self::Pin,
        Self::UnpinAll,
        Self::Paint,
        Self::Reset,
        Self::StopAndKeep,
        Self::New,
        Self::Open,
        Self::Save,
        Self::SaveAs,
        Self::SaveRecipe,
        Self::Export,
        Self::ExportModel,
        Self::ApplyModel,
        Self::LabelFile,
        Self::ExportAnimation,
        Self::Screenshot,
        Self::Undo,
        Self::Redo,
        Self::Defaults,
        Self::ClearSelection,
        Self::FitViews,
        Self::ToolMove,
        Self::ToolLasso,
        Self::ToolBox,
        Self::SelectReplace,
        Self::SelectAdd,
        Self::SelectRemove,
        Self::SelectIntersect,
        Self::Rename,
        Self::AssignNew,
        Self::Outliers,
        Self::Accept,
        Self::GiveBack,
        Self::Review,
        Self::Invert,
        Self::Neighbours,
        Self::Rows,
        Self::Inside,
        Self::ShowRow,
        Self::Query,
        Self::NextRegion,
        Self::PreviousRegion,
        Self::Columns,
        Self::Maximise,
        Self::Names,
        Self::ToggleSettings,
        Self::NextTheme,
        Self::TextLarger,
        Self::TextSmaller,
        Self::TextUsual,
        Self::Still,
        Self::Shapes,
        Self::Runs,
        Self::Compare,
        Self::Palette,
        Self::CopyReport,
        Self::Lessons,
        Self::LessonNext,
        Self::LessonBack,
        Self::LeaveLesson,
        Self::Present,
        Self::Help,
    ];

    /// What it is called.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::RunPause => "Train / pause",
            Self::Step => "Step",
            Self::Restart => "Restart",
            Self::Live => "Live picture on or off",
            Self::Edges => "Edges of the graph",
            Self::Heat => "Heat from a point",
            Self::Map => "Map over the plane",
            Self::PlayPast => "Play the training",
            Self::EarlierLook => "Earlier look",
            Self::LaterLook => "Later look",
            Self::Now => "Now",
            Self::Pin => "Pin the run shown",
            Self::UnpinAll => "Unpin all runs",
            Self::Paint => "Paint points",
            Self::Reset => "Reset",
            Self::StopAndKeep => "Stop and keep",
            Self::Open => "Open…",
            Self::New => "New project",
            Self::Save => "Save project",
            Self::SaveAs => "Save project as…",
            Self::SaveRecipe => "Save recipe…",
            Self::Export => "Export…",
            Self::ExportModel => "Export model…",
            Self::ApplyModel => "Apply a model…",
            Self::LabelFile => "Label another file…",
            Self::ExportAnimation => "Export animation…",
            Self::Screenshot => "Save window as picture…",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Defaults => "Default settings",
            Self::ClearSelection => "Clear selection",
            Self::FitViews => "Fit views",
            Self::ToolMove => "Drag to move",
            Self::ToolLasso => "Drag a lasso",
            Self::ToolBox => "Drag a box",
            Self::SelectReplace => "Selecting replaces",
            Self::SelectAdd => "Selecting adds",
            Self::SelectRemove => "Selecting takes out",
            Self::SelectIntersect => "Selecting intersects",
            Self::Rename => "Rename cluster…",
            Self::AssignNew => "New cluster from selection",
            Self::Outliers => "Mark selection as outliers",
            Self::Accept => "Accept labels of selection",
            Self::GiveBack => "Give selection back to the solver",
            Self::Review => "Review least clear points",
            Self::Invert => "Invert selection",
            Self::Neighbours => "Select neighbours",
            Self::NextRegion => "Next part of the window",
            Self::PreviousRegion => "Previous part of the window",
            Self::Rows => "Table of rows",
            Self::Inside => "What is in it?",
            Self::ShowRow => "Go to the row of the point",
            Self::Query => "Select by a query…",
            Self::Columns => "Columns…",
            Self::Maximise => "One view or card alone",
            Self::Names => "Names of clusters on the picture",
            Self::ToggleSettings => "Show or hide settings",
            Self::NextTheme => "Switch theme",
            Self::TextLarger => "Larger text",
            Self::TextSmaller => "Smaller text",
            Self::TextUsual => "Text of the usual size",
            Self::Still => "Reduce motion",
            Self::Shapes => "Shapes of clusters",
            Self::Runs => "Runs…",
            Self::Compare => "Compare systems…",
            Self::Palette => "Commands and settings…",
            Self::CopyReport => "Copy report",
            Self::Lessons => "Lessons…",
            Self::LessonNext => "Next step of the lesson",
            Self::LessonBack => "Step before in the lesson",
            Self::LeaveLesson => "Leave the lesson",
            Self::Present => "Present",
            Self::Help => "Help",
        }
    }

    /// What it does, in one sentence.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a line a command")]
    pub fn tip(self) -> &'static str {
        match self {
            Self::RunPause => {
                "Run every stage whose input changed and train the network; again to pause and to go on, also with a training that was stopped"
            }
            Self::Step => "Take a few training steps from a pause, then pause again",
            Self::Restart => "Train again from the first step; what the stopped training reached is dropped",
            Self::Live => {
                "The exact side follows while you turn a setting, and a trained network goes on from its weights; off, the picture waits for Train"
            }
            Self::Edges => "Draw every edge of the graph under the points, wider and stronger by weight",
            Self::Heat => {
                "A random walk from the point under the pointer, at the keys or on the pinned card, or from the next one you click"
            }
            Self::Map => {
                "Fill the input view with what the solvers make of every place; the zero line is whole where learned and dashed where exact"
            }
            Self::PlayPast => {
                "Show the looks of the training shown one after the other; again to hold the one that is shown"
            }
            Self::EarlierLook => "Show the training as it was one look earlier",
            Self::LaterLook => "Show the training as it was one look later; after the last look comes what is now",
            Self::Now => "Leave earlier looks for the newest picture",
            Self::Pin => {
                "Keep the curves and the learned points of the run shown faint behind those of later ones; again takes the pin out"
            }
            Self::UnpinAll => "Take the pinned runs out of the curves and the views",
            Self::Paint => {
                "Draw, spray, erase and shape points of your own, from a copy of a flat set or from an empty plane; again to look at them"
            }
            Self::Reset => "Drop the results and show the data alone; the same seed trains the same way again",
            Self::StopAndKeep => "End training now and show what was learned so far; Continue goes on from there",
            Self::Open => "Open a table, an array, an image file or a project; dropping it on the window does the same",
            Self::New => "Begin anew with the same data: no edits of labels, no selection, no file",
            Self::Save => "Write data, settings, labels, selection and views to the project's file",
            Self::SaveAs => "Write the project to another file, which is its own from then on",
            Self::SaveRecipe => "Write every setting to a file that the command line's --recipe reads",
            Self::Export => {
                "Choose rows, columns and format of the labelled table, see its first rows, and write it; pictures and the model too"
            }
            Self::ExportModel => {
                "Write what labels new rows: an .onnx file for any ONNX runtime, or an .eigenscope model for `eigenscope apply`"
            }
            Self::ApplyModel => {
                "Let a model that was saved label another file; its rows are rings over the points. Dropping a model does the same"
            }
            Self::LabelFile => {
                "Let the model just trained label another file with the same columns; its rows are rings over the points"
            }
            Self::ExportAnimation => {
                "Write the looks of the training as a moving GIF, or as a folder of single pictures, on the axes and in the colours of the views"
            }
            Self::Screenshot => "Write the window as it stands to a PNG file",
            Self::Undo => "Take the last step back: labels, names, colours, selection, settings, data",
            Self::Redo => "Make the step again that was taken back; Ctrl+Y does the same",
            Self::Defaults => "Set every knob to its default and keep the data",
            Self::ClearSelection => "Deselect all points",
            Self::FitViews => "Move every view so that its points are seen, save the few far ones that a chip counts",
            Self::ToolMove => "Drag to move the picture, or to turn it in 3-D; scroll to zoom",
            Self::ToolLasso => "Draw around points to select them; Shift adds, Ctrl+Shift takes out",
            Self::ToolBox => "Drag a rectangle over points to select them; Shift adds, Ctrl+Shift takes out",
            Self::SelectReplace => "What is selected next takes the place of what is selected now",
            Self::SelectAdd => "What is selected next is added; so it is with Shift held down",
            Self::SelectRemove => "What is selected next is taken out; so it is with Ctrl and Shift held down, or Alt",
            Self::SelectIntersect => {
                "Of what is selected now only that stays which is selected next; so it is with Shift and Alt held down"
            }
            Self::Rename => {
                "Name the cluster of the point under the pointer or at the keys, of the pinned card, or of the row in the list"
            }
            Self::AssignNew => "The selected points are a cluster of their own, whatever the solver says",
            Self::Outliers => "The selected points belong to no cluster",
            Self::Accept => "The selected points are labelled right and stay so through another training",
            Self::GiveBack => "Drop what was said of the selected points: they are labelled as the solver says",
            Self::Review => {
                "Go through the points between two clusters: digits assign, Enter accepts, arrows go on, Esc ends"
            }
            Self::Invert => "Select what is not selected, and nothing else",
            Self::Neighbours => {
                "Select the points that the graph ties to the one under the pointer, at the keys or on the pinned card, and itself"
            }
            Self::NextRegion => "Take the keyboard from the bar to the settings, the views and the dock",
            Self::PreviousRegion => "Take the keyboard the other way round",
            Self::Rows => "Show every row with all that is known of it in the place of the cards, or the cards again",
            Self::Inside => {
                "Show what sets the selection or a cluster apart from the rest in the place of the cards, or the cards again"
            }
            Self::ShowRow => {
                "Show the row of the point under the pointer, at the keys, on the pinned card, or of the first selected one"
            }
            Self::Query => {
                "Select rows by a condition on columns, such as height > 140 and city = Oslo; keep selections under a name"
            }
            Self::Columns => "See what each column of the table is and is for, and change it",
            Self::Maximise => {
                "Give the view or card under the pointer the place of all, or all their own again; so does a double click on its head"
            }
            Self::Names => "Write the names of classes and clusters in the middle of their points, or leave them out",
            Self::ToggleSettings => "Give the views the whole width, or the settings their place",
            Self::NextTheme => "Follow the system, dark, light",
            Self::TextLarger => "Make text and controls larger, up to twice the usual size; it is remembered",
            Self::TextSmaller => "Make text and controls smaller, down to four fifths of the usual size",
            Self::TextUsual => "Give text and controls the size they have on a new machine",
            Self::Still => {
                "Views jump instead of gliding, and nothing plays by itself; where the system asks for less motion it is on already"
            }
            Self::Shapes => {
                "Draw each cluster's points as discs, squares, triangles and so on beside their colours, so that no one needs the colours"
            }
            Self::Runs => "See the runs of this session: restore, compare two, span a grid, measure stability",
            Self::Compare => "Run several spaces and seeds beside the picture and see them in one table",
            Self::Palette => "Find a command or a setting by its name: run it, or go to it",
            Self::CopyReport => {
                "Copy versions, adapter, settings and the last messages, for whoever helps; nothing of the data is in it"
            }
            Self::Lessons => {
                "Learn in small steps, with questions that you answer by turning a knob; your work is put aside"
            }
            Self::LessonNext => "Go on to the next step of the lesson; Page Down does the same",
            Self::LessonBack => "Go back to the step before; Page Up does the same",
            Self::LeaveLesson => "End the lesson and bring back what you had open",
            Self::Present => {
                "Fill the screen with one or two views in large type, for a class; again, or Esc, to come back"
            }
            Self::Help => "Show keys, gestures and what the pictures mean",
        }
    }

    /// The keys that run it.
    #[must_use]
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        let with_shift = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, key));
        match self {
            Self::RunPause => plain(Key::Space),
            Self::Step => plain(Key::Period),
            Self::Restart => with_shift(Key::R),
            Self::Live => plain(Key::T),
            Self::Edges => plain(Key::E),
            Self::Heat => plain(Key::H),
            Self::Map => plain(Key::C),
            Self::PlayPast => plain(Key::K),
            Self::EarlierLook => plain(Key::OpenBracket),
            Self::LaterLook => plain(Key::CloseBracket),
            Self::Paint => command(Key::P),
            Self::Reset => command(Key::R), // A letter typed by mistake must not drop a long training.
            Self::StopAndKeep => command(Key::Period),
            Self::Open => command(Key::O),
            Self::New => command(Key::N),
            Self::Save => command(Key::S),
            Self::SaveAs => with_shift(Key::S),
            Self::Export => command(Key::E),
            Self::Screenshot => with_shift(Key::E),
            Self::Undo => command(Key::Z),
            Self::Redo => with_shift(Key::Z),
            Self::ClearSelection => plain(Key::Escape),
            Self::FitViews => plain(Key::F),
            Self::ToolMove => plain(Key::M),
            Self::ToolLasso => plain(Key::L),
            Self::ToolBox => plain(Key::B),
            Self::SelectReplace => plain(Key::Num1),
            Self::SelectAdd => plain(Key::Num2),
            Self::SelectRemove => plain(Key::Num3),
            Self::SelectIntersect => plain(Key::Num4),
            Self::Rename => plain(Key::F2),
            Self::AssignNew => plain(Key::G),
            Self::Outliers => plain(Key::O),
            Self::Accept => plain(Key::A),
            Self::Review => plain(Key::V),
            Self::Invert => plain(Key::I),
            Self::Neighbours => plain(Key::N),
            Self::NextRegion => plain(Key::F6),
            Self::PreviousRegion => Some(KeyboardShortcut::new(Modifiers::SHIFT, Key::F6)),
            Self::Rows => plain(Key::D),
            Self::Inside => plain(Key::W),
            Self::ShowRow => plain(Key::J),
            Self::Query => plain(Key::Q),
            Self::Columns => command(Key::D),
            Self::Maximise => plain(Key::X),
            Self::Names => plain(Key::Y),
            Self::ToggleSettings => command(Key::B),
            Self::Runs => command(Key::H),
            Self::Compare => command(Key::T),
            Self::Palette => command(Key::K),
            Self::Lessons => command(Key::L),
            Self::LessonNext => plain(Key::ArrowRight),
            Self::LessonBack => plain(Key::ArrowLeft),
            Self::Present => plain(Key::F11),
            Self::Help => plain(Key::F1),
            Self::TextLarger => command(Key::Plus),
            Self::TextSmaller => command(Key::Minus),
            Self::TextUsual => command(Key::Num0),
            Self::Defaults
            | Self::NextTheme
            | Self::Still
            | Self::Shapes
            | Self::GiveBack
            | Self::SaveRecipe
            | Self::CopyReport
            | Self::LeaveLesson
            | Self::ExportModel
            | Self::ApplyModel
            | Self::LabelFile
            | Self::ExportAnimation
            | Self::Now
            | Self::Pin
            | Self::UnpinAll => None,
        }
    }

    /// Whether it changes how the window is seen and nothing else, so that it may run under whatever lies above.
    #[must_use]
    pub fn is_of_sight(self) -> bool {
        matches!(self, Self::TextLarger | Self::TextSmaller | Self::TextUsual | Self::Still | Self::Shapes)
    }

    /// Other keys that run it too.
    fn also(self) -> Option<KeyboardShortcut> {
        match self {
            Self::Redo => Some(KeyboardShortcut::new(Modifiers::COMMAND, Key::Y)),
            // The same key on boards where + needs Shift.
            Self::TextLarger => Some(KeyboardShortcut::new(Modifiers::COMMAND, Key::Equals)),
            // What sits in the hand of who stands before a class.
            Self::LessonNext => Some(KeyboardShortcut::new(Modifiers::NONE, Key::PageDown)),
            Self::LessonBack => Some(KeyboardShortcut::new(Modifiers::NONE, Key::PageUp)),
            _ => None,
        }
    }

    /// The keys as text, such as `Ctrl+O`.
    #[must_use]
    pub fn keys(self, ctx: &Context) -> Option<String> {
        let keys = self.shortcut().map(|shortcut| ctx.format_shortcut(&shortcut))?;
        let keys = keys.replace("Period", ".").replace("Escape", "Esc");
        Some(keys.replace("OpenBracket", "[").replace("CloseBracket", "]"))
    }

    /// Its sentence with its keys, for a tooltip.
    #[must_use]
    pub fn tooltip(self, ctx: &Context) -> String {
        match self.keys(ctx) {
            Some(keys) => format!("{}\n{keys}", self.tip()),
            None => self.tip().to_owned(),
        }
    }

    /// The commands whose keys were pressed in this frame. Keys without a modifier belong to the text that is typed, Space and Esc
    /// to whatever has the keyboard; a widget that [`shares_keys`] leaves Space to the window.
    #[must_use]
    pub fn pressed(ctx: &Context) -> Vec<Self> {
        let focused = ctx.memory(egui::Memory::focused);
        // A question above the window has the plain keys to itself, even where Esc has just taken the focus from its text.
        let asked = ctx.memory(|m| m.top_modal_layer().is_some());
        let shared = focused.is_some() && focused == ctx.data(|d| d.get_temp(sharing()));
        let typing = ctx.text_edit_focused();
        let kept = focused.is_some() && focused == ctx.data(|d| d.get_temp(keeping()));
        // A button needs Space and Esc for itself; a view has its own F and Esc.
        let own = |c: Self| match c {
            Self::ClearSelection | Self::LessonNext | Self::LessonBack => true,
            Self::RunPause => !shared,
            Self::FitViews => shared,
            _ => false,
        };
        let trains = |c: Self| matches!(c, Self::RunPause | Self::Step);
        let takes = |c: Self| asked || typing || focused.is_some() && own(c) || kept && !trains(c);
        let behind = |c: Self| asked && matches!(c, Self::Rename | Self::NextRegion | Self::PreviousRegion);
        let function = |key: Key| matches!(key, Key::F1 | Key::F2 | Key::F6 | Key::F11);
        // The first Esc closes an open list.
        let open = egui::Popup::is_any_open(ctx);
        let mut order: Vec<Self> = Self::ALL.into_iter().filter(|c| c.shortcut().is_some()).collect();
        // The more modifiers, the earlier: egui lets Ctrl+Shift+Z match Ctrl+Z as well.
        order.sort_by_key(|c| c.shortcut().map_or(0, |s| -i32::from(s.modifiers.shift)));
        // Without a lesson its keys are anyone's.
        let lesson = ctx.data(|d| d.get_temp(in_a_lesson())).unwrap_or(false);
        let idle = |c: Self| !lesson && matches!(c, Self::LessonNext | Self::LessonBack);
        let free = |c: &Self| {
            !(behind(*c) || idle(*c) || open && *c == Self::ClearSelection)
                && c.shortcut().is_some_and(|s| s.modifiers.any() || function(s.logical_key) || !takes(*c))
        };
        ctx.input_mut(|input| {
            order.retain(|c| {
                let also = c.also().into_iter().chain(c.shortcut());
                free(c) && also.into_iter().any(|s| input.consume_shortcut(&s))
            });
        });
        order
    }
}

/// Says whether a lesson is open, whose keys are otherwise left to others.
pub fn keys_of_a_lesson(ctx: &Context, open: bool) {
    ctx.data_mut(|data| data.insert_temp(in_a_lesson(), open));
}

/// Where that is noted.
fn in_a_lesson() -> Id {
    Id::unique("a lesson is open")
}

/// Says that the widget `id`, while it has the keyboard, has no use for the keys that train, pause and step.
pub fn shares_keys(ctx: &Context, id: Id) {
    ctx.data_mut(|data| data.insert_temp(sharing(), id));
}

/// Says that the widget `id`, while it has the keyboard, has the plain keys to itself, but for those that train.
pub fn keeps_keys(ctx: &Context, id: Id) {
    shares_keys(ctx, id);
    ctx.data_mut(|data| data.insert_temp(keeping(), id));
}

/// Where that is noted.
fn sharing() -> Id {
    Id::unique("shares the keys that train")
}

/// Likewise.
fn keeping() -> Id {
    Id::unique("keeps the plain keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_keys_or_text() {
        for (i, a) in UiCommand::ALL.iter().enumerate() {
            assert!(!a.tip().ends_with('.'), "{a:?}: single sentences have no full stop");
            for b in &UiCommand::ALL[i + 1..] {
                assert_ne!(a.text(), b.text());
                assert!(a.shortcut().is_none() || a.shortcut() != b.shortcut(), "{a:?} and {b:?}");
            }
        }
    }
}
