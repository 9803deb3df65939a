//! Every command of the window: a row each, in the order in which the palette lists them. What it is for, its name in the code, its text, its
//! keys, and a sentence.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn command(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn with_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $keys:expr, $tip:literal;)*) => {
        /// A command of the window.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum UiCommand {
            $($(#[$doc])* $name,)*
        }

        impl UiCommand {
            /// Every command, in the order in which the palette lists them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// What stands on its button.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it does, in one sentence.
            #[must_use]
            pub fn tip(self) -> &'static str {
                match self { $(Self::$name => $tip,)* }
            }

            /// The keys that run it.
            #[must_use]
            pub fn shortcut(self) -> Option<KeyboardShortcut> {
                match self { $(Self::$name => $keys,)* }
            }
        }
    };
}

commands! {
    /// Train, pause or go on, whichever comes next.
    RunPause, "Train / pause", Some(plain(Key::Space)),
        "Run every stage whose input changed and train the network; again to pause and to go on, also with a training that was stopped";
    /// Some training steps from a pause.
    Step, "Step", Some(plain(Key::Period)),
        "Take a few training steps from a pause, then pause again";
    /// Train a stopped training again from the first step.
    Restart, "Restart", Some(with_shift(Key::R)),
        "Train again from the first step; what the stopped training reached is dropped";
    /// The picture follows the settings while they are turned, or waits for a training.
    Live, "Live picture on or off", Some(plain(Key::T)),
        "The exact side follows while you turn a setting, and a trained network goes on from its weights; off, the picture waits for Train";
    /// The edges of the graph are drawn, or not.
    Edges, "Edges of the graph", Some(plain(Key::E)),
        "Draw every edge of the graph under the points, wider and stronger by weight";
    /// Heat spreads from the point at hand, or what moves ends.
    Heat, "Heat from a point", Some(plain(Key::H)),
        "A random walk from the point under the pointer, at the keys or on the pinned card, or from the next one you click";
    /// The map over the plane is drawn, or not.
    Map, "Map over the plane", Some(plain(Key::C)),
        "Fill the input view with what the solvers make of every place; the zero line is whole where learned and dashed where exact";
    /// The looks of the training are played, or held.
    PlayPast, "Play the training", Some(plain(Key::K)),
        "Show the looks of the training shown one after the other; again to hold the one that is shown";
    /// The look before the one shown.
    EarlierLook, "Earlier look", Some(plain(Key::OpenBracket)),
        "Show the training as it was one look earlier";
    /// The look after it.
    LaterLook, "Later look", Some(plain(Key::CloseBracket)),
        "Show the training as it was one look later; after the last look comes what is now";
    /// From an earlier look to the newest picture.
    Now, "Now", None,
        "Leave earlier looks for the newest picture";
    /// The run shown is pinned, or not.
    Pin, "Pin the run shown", None,
        "Keep the curves and the learned points of the run shown faint behind those of later ones; again takes the pin out";
    /// No run is pinned.
    UnpinAll, "Unpin all runs", None,
        "Take the pinned runs out of the curves and the views";
    /// Points are painted in the place of the input view, or not.
    Paint, "Paint points", Some(command(Key::P)),
        "Draw, spray, erase and shape points of your own, from a copy of a flat set or from an empty plane; again to look at them";
    // A letter typed by mistake must not drop a long training.
    /// Back to the data alone.
    Reset, "Reset", Some(command(Key::R)),
        "Drop the results and show the data alone; the same seed trains the same way again";
    /// End training with what was learned.
    StopAndKeep, "Stop and keep", Some(command(Key::Period)),
        "End training now and show what was learned so far; Continue goes on from there";
    /// Begin anew with the same data.
    New, "New project", Some(command(Key::N)),
        "Begin anew with the same data: no edits of labels, no selection, no file";
    /// Open a file.
    Open, "Open…", Some(command(Key::O)),
        "Open a table, an array, an image file or a project; dropping it on the window does the same";
    /// Save the project.
    Save, "Save project", Some(command(Key::S)),
        "Write where the data is, settings, labels, selection, views, runs and results to the project's file";
    /// Save the project in another file.
    SaveAs, "Save project as…", Some(with_shift(Key::S)),
        "Write the project to another file, which is its own from then on";
    /// Save the settings.
    SaveRecipe, "Save recipe…", None,
        "Write every setting to a file that the command line's --recipe reads";
    /// The sheet that writes the labelled table.
    Export, "Export…", Some(command(Key::E)),
        "Choose rows, columns and format of the labelled table, see its first rows, and write it; pictures and the model too";
    /// Write the trained model.
    ExportModel, "Export model…", None,
        "Write what labels new rows: an .eigenscope model for Apply a model… and `eigenscope apply`, or an .onnx file for any ONNX runtime";
    /// A model from a file labels another file.
    ApplyModel, "Apply a model…", None,
        "Let a model that was saved label another file; its rows are rings over the points. Dropping a model does the same";
    /// The model just trained labels another file.
    LabelFile, "Label another file…", None,
        "Let the model just trained label another file with the same columns; its rows are rings over the points";
    /// Write the training as an animation.
    ExportAnimation, "Export animation…", None,
        "Write the looks of the training as a moving GIF, or as a folder of single pictures, on the axes and in the colours of the views";
    /// Save the window as a picture.
    Screenshot, "Save window as picture…", Some(with_shift(Key::E)),
        "Write the window as it stands to a PNG file";
    /// Take the last step back.
    Undo, "Undo", Some(command(Key::Z)),
        "Take the last step back: labels, names, colours, selection, settings, data";
    /// Make the step again.
    Redo, "Redo", Some(with_shift(Key::Z)),
        "Make the step again that was taken back; Ctrl+Y does the same";
    /// All settings to their defaults.
    Defaults, "Default settings", None,
        "Set every knob to its default and keep the data";
    /// Deselect all points.
    ClearSelection, "Clear selection", Some(plain(Key::Escape)),
        "Deselect all points";
    /// Every view fitted to its points.
    FitViews, "Fit views", Some(plain(Key::F)),
        "Move every view so that its points are seen, save the few far ones that a chip counts";
    /// Dragging moves the picture.
    ToolMove, "Drag to move", Some(plain(Key::M)),
        "Drag to move the picture, or to turn it in 3-D; scroll to zoom";
    /// Dragging draws a lasso.
    ToolLasso, "Drag a lasso", Some(plain(Key::L)),
        "Draw around points to select them; Shift adds, Ctrl+Shift takes out";
    /// Dragging draws a rectangle.
    ToolBox, "Drag a box", Some(plain(Key::B)),
        "Drag a rectangle over points to select them; Shift adds, Ctrl+Shift takes out";
    /// A selection takes the place of the one before.
    SelectReplace, "Selecting replaces", Some(plain(Key::Num1)),
        "What is selected next takes the place of what is selected now";
    /// A selection is added.
    SelectAdd, "Selecting adds", Some(plain(Key::Num2)),
        "What is selected next is added; so it is with Shift held down";
    /// A selection is taken out.
    SelectRemove, "Selecting takes out", Some(plain(Key::Num3)),
        "What is selected next is taken out; so it is with Ctrl and Shift held down, or Alt";
    /// A selection keeps what was selected before too.
    SelectIntersect, "Selecting intersects", Some(plain(Key::Num4)),
        "Of what is selected now only that stays which is selected next; so it is with Shift and Alt held down";
    /// A name for the cluster of the point or the row that has the keyboard.
    Rename, "Rename cluster…", Some(plain(Key::F2)),
        "Name the cluster of the point under the pointer or at the keys, of the pinned card, or of the row in the list";
    /// The keyboard to the list of clusters.
    Clusters, "Go to the list of clusters", Some(plain(Key::U)),
        "Take the keyboard to the list of clusters found; Right goes to the menu of one, which names, colours, merges and splits it";
    /// The selected points are a cluster of their own.
    AssignNew, "New cluster from selection", Some(plain(Key::G)),
        "The selected points are a cluster of their own, whatever the solver says";
    /// The selected points belong to no cluster.
    Outliers, "Mark selection as outliers", Some(plain(Key::O)),
        "The selected points belong to no cluster";
    /// The selected points are labelled right.
    Accept, "Accept labels of selection", Some(plain(Key::A)),
        "The selected points are labelled right and stay so through another training";
    /// The selected points are as the solver said.
    GiveBack, "Give selection back to the solver", None,
        "Drop what was said of the selected points: they are labelled as the solver says";
    /// The project that was saved or opened last.
    OpenLast, "Open the last project", None,
        "Open the project that was saved or opened last, in this window or an earlier one";
    /// The labels that a person gave are known ones.
    Teach, "Train on the labels you gave…", None,
        "Write the labels of assigned and accepted points to a file and let the next training know them: it is semi-supervised then";
    /// The least clear points, one after the other.
    Review, "Review least clear points", Some(plain(Key::V)),
        "Go through the points between two clusters: a digit assigns the cluster of that number, O marks an outlier, Enter accepts, arrows go on, Esc ends";
    /// What is not selected is.
    Invert, "Invert selection", Some(plain(Key::I)),
        "Select what is not selected, and nothing else";
    /// The neighbours of the point at hand are selected.
    Neighbours, "Select neighbours", Some(plain(Key::N)),
        "Select the points that the graph ties to the one under the pointer, at the keys or on the pinned card, and itself";
    /// The table of rows.
    Rows, "Table of rows", Some(plain(Key::D)),
        "Show every row with all that is known of it in the place of the cards, or the cards again";
    /// What sets the selection apart from the rest.
    Inside, "What is in it?", Some(plain(Key::W)),
        "Show what sets the selection or a cluster apart from the rest in the place of the cards, or the cards again";
    /// The row of the point at hand.
    ShowRow, "Go to the row of the point", Some(plain(Key::J)),
        "Show the row of the point under the pointer, at the keys, on the pinned card, or of the first selected one";
    /// Select by a query.
    Query, "Select by a query…", Some(plain(Key::Q)),
        "Select rows by a condition on columns, such as height > 140 and city = Oslo; keep selections under a name";
    /// The keyboard to the next part of the window.
    NextRegion, "Next part of the window", Some(plain(Key::F6)),
        "Take the keyboard from the bar to the settings, the views and the dock";
    /// The keyboard to the part before.
    PreviousRegion, "Previous part of the window", Some(shift(Key::F6)),
        "Take the keyboard the other way round";
    /// The columns of the table, and what each is for.
    Columns, "Columns…", Some(command(Key::D)),
        "See what each column of the table is and is for, and change it";
    /// One view or card in the place of all.
    Maximise, "One view or card alone", Some(plain(Key::X)),
        "Give the view or card under the pointer the place of all, or all their own again; so does a double click on its head";
    /// Names of clusters on the picture.
    Names, "Names of clusters on the picture", Some(plain(Key::Y)),
        "Write the names of classes and clusters in the middle of their points, or leave them out";
    /// Show or hide the settings.
    ToggleSettings, "Show or hide settings", Some(command(Key::B)),
        "Give the views the whole width, or the settings their place";
    /// Follow the system's theme, dark or light.
    NextTheme, "Switch theme", None,
        "Follow the system, dark, light";
    /// Text and controls one step larger.
    TextLarger, "Larger text", Some(command(Key::Plus)),
        "Make text and controls larger, up to twice the usual size; it is remembered";
    /// Text and controls one step smaller.
    TextSmaller, "Smaller text", Some(command(Key::Minus)),
        "Make text and controls smaller, down to four fifths of the usual size";
    /// Text and controls of the usual size.
    TextUsual, "Text of the usual size", Some(command(Key::Num0)),
        "Give text and controls the size they have on a new machine";
    /// Things stand still, or move.
    Still, "Reduce motion", None,
        "Views jump instead of gliding, and nothing plays by itself; where the system asks for less motion it is on already";
    /// Points have the shape of their cluster beside its colour, or are discs.
    Shapes, "Shapes of clusters", None,
        "Draw each cluster's points as discs, squares, triangles and so on beside their colours, so that no one needs the colours";
    /// The runs that were kept.
    Runs, "Runs…", Some(command(Key::H)),
        "See the runs of this session: restore, compare two, span a grid, measure stability";
    /// Systems side by side.
    Compare, "Compare systems…", Some(command(Key::T)),
        "Run several spaces and seeds beside the picture and see them in one table";
    /// The list of commands.
    Palette, "Commands and settings…", Some(command(Key::K)),
        "Find a command or a setting by its name: run it, or go to it";
    /// What whoever helps needs to know, on the clipboard.
    CopyReport, "Copy report", None,
        "Copy versions, adapter, settings and the last messages, for whoever helps; nothing of the data is in it";
    /// The list of lessons.
    Lessons, "Lessons…", Some(command(Key::L)),
        "Learn in small steps, with questions that you answer by turning a knob; your work is put aside";
    /// The next step of the lesson.
    LessonNext, "Next step of the lesson", Some(plain(Key::ArrowRight)),
        "Go on to the next step of the lesson; Page Down does the same";
    /// The step before.
    LessonBack, "Step before in the lesson", Some(plain(Key::ArrowLeft)),
        "Go back to the step before; Page Up does the same";
    /// The lesson is left.
    LeaveLesson, "Leave the lesson", None,
        "End the lesson and bring back what you had open";
    /// Large type and the views alone, for a class.
    Present, "Present", Some(plain(Key::F11)),
        "Fill the screen with one or two views in large type, for a class; again, or Esc, to come back";
    /// The help.
    Help, "Help", Some(plain(Key::F1)),
        "Show keys, gestures and what the pictures mean";
}
