//! How many points a frame may draw, so that frames stay short on this adapter.

use std::time::{Duration, Instant};

use eframe::wgpu::DeviceType;

/// Pixels of all moving pictures together that a software adapter should not have to go beyond.
const COARSE_PIXELS: f64 = 6e5;
/// What a software adapter pays for turning the sums of one pixel into colour, in points of a coarse picture.
const PIXEL_COST: f64 = 0.02;
/// What it pays for a point in a picture as fine as the window, in points of a coarse one.
const FINE_COST: f64 = 2.0;
/// Points of all views that a frame adds to pictures that stand still, at least, in points of a coarse picture: else a
/// slow adapter would hardly ever be done with them.
const REFINE: f64 = 4e4;

/// Points a frame may draw, learnt from how long frames took.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    /// Points of all views together.
    budget: f64,
    least: f64,
    most: f64,
    /// A frame that takes longer was asked for too much.
    slow: Duration,
    /// A frame that takes less could have done more.
    quick: Duration,
    /// By how much the budget grows after a quick frame.
    growth: f64,
    software: bool,
    pass: u64,
    start: Option<Instant>,
    /// Whether the frame's time tells what its points cost: it drew some, and another frame was asked for at once.
    telling: bool,
}

impl Pace {
    pub(super) fn new(adapter: DeviceType) -> Self {
        let software = adapter == DeviceType::Cpu;
        let budget = match adapter {
            DeviceType::Cpu => 2.4e4,
            DeviceType::IntegratedGpu | DeviceType::VirtualGpu => 1.5e6,
            DeviceType::DiscreteGpu => 6e6,
            DeviceType::Other => 5e5,
        };
        let milliseconds = Duration::from_millis;
        // A GPU that waits for the screen is not quick, however little it had to do: its budget hardly grows, because
        // each time it grew too far a frame would be lost.
        let (slow, quick, growth) = if software {
            (milliseconds(40), milliseconds(32), 1.1)
        } else {
            (milliseconds(21), milliseconds(18), 1.002)
        };
        let (least, most) = (budget / 4.0, budget * if software { 20.0 } else { 4.0 });
        Self { budget, least, most, slow, quick, growth, software, pass: 0, start: None, telling: false }
    }

    /// A view begins with its part of frame `pass`; of several views the first counts.
    pub(super) fn begin(&mut self, pass: u64, now: Instant) {
        if pass == self.pass && self.start.is_some() {
            return;
        }
        if let Some(start) = self.start
            && std::mem::take(&mut self.telling)
        {
            let took = now - start;
            if took > self.slow {
                let factor = self.slow.as_secs_f64() / took.as_secs_f64();
                self.budget = (self.budget * factor.max(0.7)).max(self.least);
            } else if took < self.quick {
                self.budget = (self.budget * self.growth).min(self.most);
            }
        }
        (self.pass, self.start) = (pass, Some(now));
    }

    /// This frame's time will tell what points cost.
    pub(super) fn watch(&mut self) {
        self.telling = true;
    }

    /// Whether each of `views` views can draw `points` points within a frame, in a picture of `pixels` pixels, as fine as
    /// the window.
    pub(super) fn can(&self, views: usize, points: u32, pixels: u64) -> bool {
        let cost =
            if self.software { f64::from(points) * FINE_COST + pixels as f64 * PIXEL_COST } else { f64::from(points) };
        cost * views as f64 <= self.budget
    }

    /// Points by which each of `views` views completes a picture in one frame.
    pub(super) fn more(&self, views: usize) -> u32 {
        let budget = if self.software { self.budget.max(REFINE) / FINE_COST } else { self.budget };
        (budget / views as f64) as u32
    }

    /// Points of each of `views` views in a picture that moves.
    pub(super) fn moving(&self, views: usize) -> u32 {
        (self.budget / views as f64) as u32
    }

    /// How much coarser than the window, along each side, the moving pictures of `views` views of `pixels` pixels are.
    pub(super) fn coarse(&self, views: usize, pixels: u64) -> u32 {
        let wanted = (pixels as f64 * views as f64 / COARSE_PIXELS).sqrt().round();
        if self.software { (wanted as u32).clamp(1, 4) } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(pace: &mut Pace, frames: u64, milliseconds: u64) {
        let mut now = Instant::now();
        for _ in 0..frames {
            pace.begin(pace.pass + 1, now);
            pace.watch();
            now += Duration::from_millis(milliseconds);
        }
        pace.begin(pace.pass + 1, now);
    }

    #[test]
    fn slow_frames_shrink_the_budget_to_a_least_and_quick_ones_let_it_grow_again() {
        let mut pace = Pace::new(DeviceType::Cpu);
        let start = pace.moving(3);
        after(&mut pace, 100, 200);
        let least = pace.moving(3);
        assert!(least > 1000 && least < start, "{least} of {start}");
        after(&mut pace, 100, 36);
        assert_eq!(pace.moving(3), least, "neither slow nor quick");
        after(&mut pace, 100, 10);
        assert!(pace.moving(3) > start);
    }

    #[test]
    fn frames_that_drew_nothing_or_waited_tell_nothing() {
        let mut pace = Pace::new(DeviceType::DiscreteGpu);
        let start = pace.moving(1);
        let now = Instant::now();
        for pass in 1..50 {
            pace.begin(pass, now + Duration::from_secs(pass));
        }
        assert_eq!(pace.moving(1), start);
    }

    #[test]
    fn a_strong_adapter_draws_three_million_points_at_once() {
        let pace = Pace::new(DeviceType::DiscreteGpu);
        assert!(pace.can(3, 1_000_000, 1 << 21) && pace.coarse(3, 1 << 21) == 1);
    }

    #[test]
    fn a_software_adapter_draws_large_moving_pictures_coarsely_and_small_ones_finely() {
        let pace = Pace::new(DeviceType::Cpu);
        assert_eq!([1 << 16, 1 << 18, 1 << 21].map(|pixels| pace.coarse(3, pixels)), [1, 1, 3]);
        assert!(pace.can(3, 400, 1 << 16) && !pace.can(3, 400, 1 << 21) && !pace.can(3, 70_000, 1 << 16));
    }
}
