//! The stops of the keyboard in their order, and where Tab and the arrows go from one.

use eframe::egui::{Id, Key, LayerId, Order, Rect, Vec2, WidgetRects};

use super::{Region, is_walked};

/// How the keys go through a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Tab stops at one of its widgets, the arrows go to the others.
    Once,
    /// Tab stops at each widget, and the arrows go there too.
    Each,
    /// The same, and the arrows pass over widgets of groups within it.
    Headings,
}

/// A group as it was drawn: which widgets of its layer it holds, by their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) name: Id,
    pub(super) kind: Kind,
    pub(super) layer: LayerId,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A group a stop is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: Id,
    pub(super) kind: Kind,
}

/// A widget that can have the keyboard.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) id: Id,
    pub(super) layer: LayerId,
    /// Its place among the widgets of its layer.
    pub(super) index: usize,
    pub(super) rect: Rect,
    pub(super) region: Region,
    /// The groups it is in, the innermost first.
    pub(super) groups: Vec<Group>,
}

impl Stop {
    fn is_in(&self, group: Id) -> bool {
        self.groups.iter().any(|g| g.name == group)
    }

    /// The outermost group around it that is one stop.
    fn once(&self) -> Option<Id> {
        self.groups.iter().rev().find(|g| g.kind == Kind::Once).map(|g| g.name)
    }
}

/// The stops of a pass, part by part. What lies in the window itself and in no part of it is none.
pub(super) fn list(widgets: &WidgetRects, regions: &[(Region, usize, usize)], spans: &[Span]) -> Vec<Stop> {
    let mut stops = Vec::new();
    let mut layers: Vec<_> = widgets.layers().filter(|(layer, _)| is_walked(layer.order)).collect();
    layers.sort_by_key(|(layer, _)| (layer.order, layer.id.value()));
    for (layer, widgets) in layers {
        for (index, widget) in widgets.iter().enumerate() {
            let can = widget.enabled && widget.visible && widget.sense.is_focusable();
            if !can || !widget.rect.is_positive() {
                continue;
            }
            let region = if layer.order == Order::Background {
                regions.iter().find(|(_, from, to)| (*from..*to).contains(&index)).map(|(region, _, _)| *region)
            } else {
                Some(Region::Above)
            };
            let Some(region) = region else { continue };
            let mut around: Vec<&Span> =
                spans.iter().filter(|s| s.layer == *layer && (s.from..s.to).contains(&index)).collect();
            around.sort_by_key(|s| s.to - s.from);
            let groups = around.into_iter().map(|s| Group { name: s.name, kind: s.kind }).collect();
            stops.push(Stop { id: widget.id, layer: *layer, index, rect: widget.rect, region, groups });
        }
    }
    stops.sort_by_key(|s| s.region);
    stops
}

/// Where Tab goes from `from`, or from nowhere: past the rest of a group that is one stop, into such a group at `entry`.
pub(super) fn tab(stops: &[Stop], from: Option<Id>, back: bool, entry: impl Fn(Id) -> Option<Id>) -> Option<Id> {
    let count = stops.len();
    let at = from.and_then(|id| stops.iter().position(|s| s.id == id));
    let leaving = at.and_then(|at| stops[at].once());
    let start = at.unwrap_or(if back { 0 } else { count.checked_sub(1)? });
    let order = (1..=count).map(|by| if back { (start + count - by) % count } else { (start + by) % count });
    let found = order.map(|i| &stops[i]).find(|s| leaving.is_none_or(|group| !s.is_in(group)))?;
    let Some(group) = found.once() else { return Some(found.id) };
    let first = || stops.iter().find(|s| s.is_in(group)).map(|s| s.id);
    entry(group).or_else(first)
}

/// Where an arrow goes: to the nearest stop in its direction, in the innermost group that has one there.
pub(super) fn arrow(stops: &[Stop], from: &Stop, key: Key) -> Option<Id> {
    for (depth, group) in from.groups.iter().enumerate() {
        let left = depth.checked_sub(1).map(|inner| from.groups[inner].name);
        let members = stops.iter().filter(|s| {
            let direct = group.kind != Kind::Headings || s.groups.first() == Some(group);
            s.id != from.id && s.is_in(group.name) && direct && left.is_none_or(|left| !s.is_in(left))
        });
        let ways = members.filter_map(|s| Some((way(from.rect, s.rect, key)?, s.id)));
        let nearest = ways.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id);
        let next = || (group.kind == Kind::Once).then(|| beside(stops, from, group, key)).flatten();
        if let Some(id) = nearest.or_else(next) {
            return Some(id);
        }
    }
    None
}

/// How far it is in an arrow's direction, what is off the line counting a third; sideways only what stands in the same row counts.
fn way(from: Rect, to: Rect, key: Key) -> Option<f32> {
    let by: Vec2 = to.center() - from.center();
    let (along, across) = match key {
        Key::ArrowLeft => (-by.x, by.y),
        Key::ArrowRight => (by.x, by.y),
        Key::ArrowUp => (-by.y, by.x),
        _ => (by.y, by.x),
    };
    let sideways = matches!(key, Key::ArrowLeft | Key::ArrowRight);
    let same_row = to.y_range().intersection(from.y_range()).span() > 0.3 * to.height().min(from.height());
    (along > 2.0 && same_row == sideways).then_some(along + across.abs() / 3.0)
}

/// At the end of a row of a grid: the first of the next one, and back.
fn beside(stops: &[Stop], from: &Stop, group: &Group, key: Key) -> Option<Id> {
    let row = |s: &&Stop| way(from.rect, s.rect, if key == Key::ArrowRight { Key::ArrowDown } else { Key::ArrowUp });
    let members = stops.iter().filter(|s| s.is_in(group.name));
    let column = |s: &Stop| if key == Key::ArrowRight { s.rect.left() } else { -s.rect.left() };
    let height = |s: &Stop| (s.rect.center().y - from.rect.center().y).abs();
    let found = match key {
        Key::ArrowLeft | Key::ArrowRight => members.filter(|s| row(s).is_some()),
        _ => return None,
    };
    found.min_by(|a, b| height(a).total_cmp(&height(b)).then(column(a).total_cmp(&column(b)))).map(|s| s.id)
}

/// The first or the last stop of a group.
pub(super) fn end(stops: &[Stop], group: &Group, last: bool) -> Option<Id> {
    let direct = |s: &&Stop| group.kind != Kind::Headings || s.groups.first() == Some(group);
    let mut members = stops.iter().filter(|s| s.is_in(group.name)).filter(direct);
    if last { members.next_back() } else { members.next() }.map(|s| s.id)
}

#[cfg(test)]
mod tests {
    use eframe::egui::{pos2, vec2};

    use super::*;

    const SECTIONS: &str = "sections";

    fn stop(name: &str, x: f32, y: f32, groups: &[(&str, Kind)]) -> Stop {
        let groups = groups.iter().map(|&(name, kind)| Group { name: Id::unique(name), kind }).collect();
        let rect = Rect::from_min_size(pos2(x, y), vec2(30.0, 20.0));
        Stop { id: Id::unique(name), layer: LayerId::background(), index: 0, rect, region: Region::Settings, groups }
    }

    /// A heading, six tiles in two rows, two rows of settings with a switch each; another heading.
    fn panel() -> Vec<Stop> {
        let outer = (SECTIONS, Kind::Headings);
        let data = ("data", Kind::Each);
        let tile = |i: usize| {
            let groups = [("tiles", Kind::Once), data, outer];
            stop(&format!("tile {i}"), 34.0 * (i % 3) as f32, 30.0 + 24.0 * (i / 3) as f32, &groups)
        };
        let mut stops = vec![stop("Data", 0.0, 0.0, &[outer])];
        stops.extend((0..6).map(tile));
        for (i, name) in ["samples", "noise"].into_iter().enumerate() {
            stops.push(stop(&format!("{name} auto"), 100.0, 90.0 + 26.0 * i as f32, &[data, outer]));
            stops.push(stop(name, 134.0, 90.0 + 26.0 * i as f32, &[data, outer]));
        }
        stops.push(stop("Graph", 0.0, 160.0, &[outer]));
        stops
    }

    fn named(id: Option<Id>) -> String {
        let found = panel().into_iter().find(|s| Some(s.id) == id);
        found.map_or_else(String::new, |s| {
            let names = ["Data", "Graph", "samples", "samples auto", "noise", "noise auto"].map(str::to_owned);
            let all = names.into_iter().chain((0..6).map(|i| format!("tile {i}")));
            all.into_iter().find(|n| Id::unique(n.as_str()) == s.id).unwrap_or_default()
        })
    }

    fn after_tab(from: &str, back: bool) -> String {
        named(tab(&panel(), Some(Id::unique(from)), back, |_| None))
    }

    fn after(from: &str, key: Key) -> String {
        let stops = panel();
        let at = stops.iter().find(|s| s.id == Id::unique(from)).expect("a stop");
        named(arrow(&stops, at, key))
    }

    #[test]
    fn tab_stops_once_at_the_tiles_and_at_every_setting() {
        let mut way = vec!["Data".to_owned()];
        for _ in 0..6 {
            way.push(after_tab(way.last().expect("a start"), false));
        }
        assert_eq!(way, ["Data", "tile 0", "samples auto", "samples", "noise auto", "noise", "Graph"]);
        assert_eq!(after_tab("Graph", false), "Data", "and around");
        assert_eq!(after_tab("samples auto", true), "tile 0");
        assert_eq!(after_tab("tile 4", true), "Data");
        assert_eq!(named(tab(&panel(), None, false, |_| None)), "Data", "from nowhere to the first");
        let chosen = |_| Some(Id::unique("tile 4"));
        assert_eq!(named(tab(&panel(), Some(Id::unique("Data")), false, chosen)), "tile 4", "where one was before");
    }

    #[test]
    fn arrows_go_through_tiles_row_by_row_and_out_of_them() {
        assert_eq!(after("tile 1", Key::ArrowRight), "tile 2");
        assert_eq!(after("tile 2", Key::ArrowRight), "tile 3", "to the next row");
        assert_eq!(after("tile 3", Key::ArrowLeft), "tile 2");
        assert_eq!(after("tile 1", Key::ArrowDown), "tile 4");
        assert_eq!(after("tile 5", Key::ArrowDown), "samples auto");
        assert_eq!(after("tile 0", Key::ArrowUp), "Data");
        assert_eq!(after("tile 0", Key::ArrowLeft), "");
    }

    #[test]
    fn arrows_go_from_row_to_row_and_headings_from_heading_to_heading() {
        assert_eq!(after("samples", Key::ArrowDown), "noise");
        assert_eq!(after("noise auto", Key::ArrowUp), "samples auto");
        assert_eq!(after("noise auto", Key::ArrowRight), "noise");
        assert_eq!(after("noise", Key::ArrowDown), "Graph");
        assert_eq!(after("Data", Key::ArrowDown), "Graph");
        assert_eq!(after("Graph", Key::ArrowUp), "Data");
        let stops = panel();
        let tiles = Group { name: Id::unique("tiles"), kind: Kind::Once };
        assert_eq!([false, true].map(|last| named(end(&stops, &tiles, last))), ["tile 0", "tile 5"]);
    }
}
