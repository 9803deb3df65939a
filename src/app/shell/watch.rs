//! A stopwatch beside the window: how long it takes to appear, what it costs at rest, and how long its frames take
//! while a network is trained.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::app::shown::run::Phase;

/// A window without a frame for this long is at rest.
const QUIET: Duration = Duration::from_millis(1500);

/// What a window took.
#[derive(Clone, Debug, Default)]
pub struct WindowCost {
    /// What draws.
    pub adapter: String,
    /// From the start of the command to the end of the first frame, milliseconds.
    pub first: f64,
    /// Frames at rest, with the data shown and nothing asked for.
    pub rest_frames: usize,
    /// Seconds of processor time at rest; `None` where the system does not tell.
    pub rest_cpu: Option<f64>,
    /// Milliseconds from frame to frame while the network was trained and a frame was asked for all the time.
    pub frames: Vec<f64>,
    /// The same, from the click on "Train" until the result was there, seconds.
    pub seconds: f64,
    /// Milliseconds from frame to frame while the number of neighbours was turned and a frame was asked for all the time.
    pub turning: Vec<f64>,
    /// For how long it was turned, seconds.
    pub turned: f64,
    /// Exact sides that were drawn meanwhile.
    pub exact: usize,
}

impl WindowCost {
    /// A few lines for a person. `rest` is the seconds of rest that were asked for.
    #[must_use]
    pub fn text(&self, rest: f64) -> String {
        let mut text = format!("{}\n", self.adapter);
        let _ = writeln!(text, "first frame after {:.0} ms", self.first);
        let cpu = self.rest_cpu.map_or("unknown".to_owned(), |cpu| format!("{:.0} ms", cpu * 1e3));
        let _ = writeln!(text, "at rest for {rest} s: {} frames, processor time {cpu}", self.rest_frames);
        if self.turned > 0.0 {
            let at = |share| quantile(self.turning.iter().copied(), share);
            let _ = writeln!(
                text,
                "turning neighbours for {:.1} s: {} exact frames, {:.1} a second; {} frames of the window, milliseconds from one to the next: \
                 median {:.1}, 99 of 100 {:.1}, longest {:.1}",
                self.turned,
                self.exact,
                self.exact as f64 / self.turned,
                self.turning.len(),
                at(0.5),
                at(0.99),
                at(1.0)
            );
        }
        let at = |share| quantile(self.frames.iter().copied(), share);
        let _ = writeln!(
            text,
            "training for {:.1} s: {} frames, milliseconds from one to the next: median {:.1}, 99 of 100 {:.1}, longest {:.1}",
            self.seconds,
            self.frames.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
        text
    }
}

/// What the window being watched is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Whatever it would do anyway.
    Nothing,
    /// Another frame at once.
    Frame,
    /// So many neighbours, and another frame at once.
    Turn(usize),
    /// Train.
    Train,
    /// Close.
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Opening,
    Resting,
    Rested,
    Turning,
    Training,
    Over,
}

/// Neighbours that a turning hand goes through, there and back in so many seconds, however long it turns: another number nearly every frame.
const NEIGHBORS: [usize; 2] = [3, 60];
const THERE_AND_BACK: f64 = 2.0;

/// A stopwatch beside a window.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    part: Part,
    start: Instant,
    /// When the frame before began.
    last: Option<Instant>,
    frames: usize,
    rest: Duration,
    turn: Duration,
    most: Duration,
    /// The exact sides drawn before the hand began to turn, and so far.
    exact: [u64; 2],
    cost: WindowCost,
}

impl Watch {
    /// Starts now: a window at rest for `rest`, whose neighbours are then turned for `turn`, and which trains for `most` at most.
    #[must_use]
    pub fn new(rest: Duration, turn: Duration, most: Duration) -> Self {
        let cost = WindowCost::default();
        let part = Part::Opening;
        let (start, last, exact) = (Instant::now(), None, [0; 2]);
        Self(Arc::new(Mutex::new(State { part, start, last, frames: 0, rest, turn, most, exact, cost })))
    }

    /// Whether it turns any knob.
    #[must_use]
    pub fn turns_knobs(&self) -> bool {
        !self.state().turn.is_zero()
    }

    /// So many exact sides were drawn so far.
    pub fn drawn(&self, exact: u64) {
        self.state().exact[1] = exact;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the window took, once all was measured.
    #[must_use]
    pub fn cost(&self) -> Option<WindowCost> {
        let state = self.state();
        (state.part == Part::Over).then(|| state.cost.clone())
    }

    fn frames(&self) -> usize {
        self.state().frames
    }

    /// Notes what draws.
    pub fn adapter(&self, name: String) {
        self.state().cost.adapter = name;
    }

    /// A frame begins.
    #[must_use]
    pub fn frame(&self, ctx: &Context, phase: Phase) -> Ask {
        let now = Instant::now();
        let state = &mut *self.state();
        state.frames += 1;
        let before = state.last.replace(now);
        match state.part {
            Part::Opening => {
                if state.frames == 2 {
                    state.cost.first = milliseconds(now - state.start);
                }
                if state.frames > 2 && matches!(phase, Phase::Ready | Phase::Failed) {
                    state.part = Part::Resting;
                    self.rest(ctx, state.rest);
                }
                // The end of a frame is known when the next begins.
                if state.frames < 3 { Ask::Frame } else { Ask::Nothing }
            }
            Part::Resting => Ask::Nothing,
            Part::Rested if state.turn.is_zero() => {
                (state.part, state.start) = (Part::Training, now);
                Ask::Train
            }
            Part::Rested => {
                (state.part, state.start) = (Part::Turning, now);
                state.exact[0] = state.exact[1];
                Ask::Turn(NEIGHBORS[0])
            }
            Part::Turning => {
                state.cost.turning.extend(before.map(|before| milliseconds(now - before)));
                let turned = (now - state.start).as_secs_f64();
                if turned >= state.turn.as_secs_f64() {
                    state.cost.turned = turned;
                    state.cost.exact = (state.exact[1] - state.exact[0]) as usize;
                    (state.part, state.start) = (Part::Training, now);
                    return Ask::Train;
                }
                Ask::Turn(neighbors(turned))
            }
            Part::Training => {
                state.cost.frames.extend(before.map(|before| milliseconds(now - before)));
                state.cost.seconds = (now - state.start).as_secs_f64();
                if matches!(phase, Phase::Finished | Phase::Stopped | Phase::Failed) || now - state.start > state.most {
                    state.part = Part::Over;
                    return Ask::Close;
                }
                Ask::Frame
            }
            Part::Over => Ask::Close,
        }
    }

    /// Watches the rest from a thread that sleeps, so that watching costs nothing.
    fn rest(&self, ctx: &Context, rest: Duration) {
        let (watch, ctx) = (self.clone(), ctx.clone());
        let body = move || {
            let begun = Instant::now();
            let frames = loop {
                let before = watch.frames();
                std::thread::sleep(QUIET);
                let frames = watch.frames();
                if frames == before || begun.elapsed() > 20 * QUIET {
                    break frames;
                }
            };
            let cpu = cpu_seconds();
            std::thread::sleep(rest);
            let spent = cpu.zip(cpu_seconds()).map(|(before, after)| after - before);
            let mut state = watch.state();
            state.cost.rest_frames = state.frames - frames;
            (state.cost.rest_cpu, state.part) = (spent, Part::Rested);
            drop(state);
            ctx.request_repaint();
        };
        // Without a thread there is nothing to watch; the window stays open until the person closes it.
        let _ = std::thread::Builder::new().name("watch".to_owned()).spawn(body);
    }
}

/// Where the hand is after so many seconds.
fn neighbors(turned: f64) -> usize {
    let [low, high] = NEIGHBORS.map(|k| k as f64);
    let share = (turned / THERE_AND_BACK).fract();
    (low + (high - low) * (1.0 - (2.0 * share - 1.0).abs())).round() as usize
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Processor time of all threads of this process so far, in seconds; Linux tells in hundredths.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |i: usize| fields.get(i)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The value that a share of all is not above; 0 of none.
pub(in crate::app) fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    all.get((all.len().saturating_sub(1) as f64 * share).round() as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hand_turns_as_fast_however_long_it_turns() {
        assert_eq!([0.0, 0.5, 1.0, 1.5, 2.0, 11.0].map(neighbors), [3, 32, 60, 32, 3, 60]);
    }

    #[test]
    fn a_window_opens_rests_trains_and_closes() {
        let ctx = Context::default();
        let watch = Watch::new(Duration::from_millis(1), Duration::ZERO, Duration::from_mins(1));
        let opening = [Phase::Opening, Phase::Opening, Phase::Ready].map(|phase| watch.frame(&ctx, phase));
        assert_eq!(opening, [Ask::Frame, Ask::Frame, Ask::Nothing]);
        let start = Instant::now();
        while watch.state().part == Part::Resting {
            assert!(start.elapsed().as_secs() < 60, "the rest never ends");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(watch.state().cost.rest_frames, 0);
        assert_eq!(watch.frame(&ctx, Phase::Ready), Ask::Train);
        assert_eq!(watch.frame(&ctx, Phase::Running), Ask::Frame);
        assert_eq!(watch.frame(&ctx, Phase::Finished), Ask::Close);
        let cost = watch.state().cost.clone();
        assert_eq!(cost.frames.len(), 2);
        assert!(cost.first > 0.0 && cost.text(1.0).contains("2 frames"), "{}", cost.text(1.0));
    }
}
