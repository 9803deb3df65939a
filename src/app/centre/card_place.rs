//! Where the card of the pinned point stands: not over the places at which the views show that point, nor over what a hand uses.

use eframe::egui::{Pos2, Rect, Vec2, pos2};

/// Room between the card and the point, in points: what lies around it tells of it too.
const CLEAR: f32 = 36.0;

/// Places that are looked at across the area, and up and down.
const ACROSS: u8 = 5;
const DOWN: u8 = 3;

/// The nearest place for a card in the first of several areas that has a clear one, the card's own if that is in one of them.
pub(super) fn free_place(card: Rect, areas: &[Rect], points: &[Pos2]) -> Option<Rect> {
    let clear_by = |card: &Rect, room: f32| points.iter().all(|&point| card.distance_to_pos(point) >= room);
    let clear = |card: &Rect| clear_by(card, CLEAR);
    // Where it was put is told in whole pixels.
    if clear_by(&card, CLEAR - 1.0) && areas.iter().any(|area| area.expand(1.0).contains_rect(card)) {
        return Some(card);
    }
    let way = |place: &Rect| place.min.distance(card.min);
    let nearest = |area: &Rect| places(card, *area).filter(clear).min_by(|a, b| way(a).total_cmp(&way(b)));
    areas.iter().filter(|area| area.width() >= card.width() && area.height() >= card.height()).find_map(nearest)
}

/// Places of a card that are looked at in an area.
fn places(card: Rect, area: Rect) -> impl Iterator<Item = Rect> {
    let free = (area.size() - card.size()).max(Vec2::ZERO);
    let at = |i: u8, of: u8| f32::from(i) / f32::from(of - 1);
    (0..DOWN).flat_map(|y| (0..ACROSS).map(move |x| (x, y))).map(move |(x, y)| {
        let corner = pos2(area.left() + at(x, ACROSS) * free.x, area.top() + at(y, DOWN) * free.y);
        Rect::from_min_size(corner, card.size())
    })
}

/// Where a card that lies on one of `points` goes, so that it does not: the nearest place in the area, or the one that leaves the points the
/// most room where none is clear. None where it may stay.
pub(super) fn clear_place(card: Rect, area: Rect, points: &[Pos2]) -> Option<Rect> {
    let room = |card: Rect| points.iter().map(|&point| card.distance_to_pos(point)).fold(CLEAR, f32::min);
    let now = room(card);
    if now >= CLEAR {
        return None;
    }
    let way = |place: &Rect| place.min.distance(card.min);
    let best = places(card, area).max_by(|a, b| room(*a).total_cmp(&room(*b)).then(way(b).total_cmp(&way(a))))?;
    (room(best) > now + 1.0).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { min: Pos2 { x: 10.0, y: 20.0 }, max: Pos2 { x: 1110.0, y: 520.0 } };

    fn card(x: f32, y: f32) -> Rect {
        Rect::from_min_size(pos2(x, y), Vec2::new(250.0, 190.0))
    }

    #[test]
    fn a_card_that_lies_on_its_point_goes_to_the_nearest_clear_place_and_another_stays() {
        let far = [pos2(900.0, 60.0), pos2(400.0, 60.0)];
        assert_eq!(clear_place(card(20.0, 300.0), AREA, &far), None);
        let under = [pos2(100.0, 400.0), pos2(480.0, 60.0), pos2(900.0, 60.0)];
        let to = clear_place(card(20.0, 300.0), AREA, &under).expect("it lies on the first");
        assert!(AREA.contains_rect(to) && under.iter().all(|&point| to.distance_to_pos(point) >= CLEAR), "{to:?}");
        assert!(to.min.distance(pos2(20.0, 300.0)) < 300.0, "not across the window: {to:?}");
        assert_eq!(clear_place(to, AREA, &under), None);
    }

    #[test]
    fn a_card_that_has_no_room_beside_its_points_goes_where_no_points_are() {
        let (low, cards) =
            (Rect::from_min_size(AREA.min, Vec2::new(700.0, 150.0)), AREA.translate(Vec2::new(0.0, 600.0)));
        let points = [pos2(120.0, 90.0), pos2(380.0, 90.0), pos2(620.0, 90.0)];
        let to = free_place(card(20.0, 30.0), &[low, cards], &points).expect("there is room below");
        assert!(cards.contains_rect(to), "{to:?}");
        assert_eq!(free_place(to, &[low, cards], &points), Some(to), "where it stays");
        let high = Rect::from_min_size(AREA.min, Vec2::new(1100.0, 500.0));
        let beside = free_place(card(20.0, 30.0), &[high, cards], &points).expect("there is room among the points");
        assert!(high.contains_rect(beside) && points.iter().all(|&at| beside.distance_to_pos(at) >= CLEAR));
        assert_eq!(free_place(card(20.0, 30.0), &[low], &points), None);
    }

    #[test]
    fn where_no_place_is_clear_it_comes_to_rest_all_the_same() {
        let small = Rect::from_min_size(AREA.min, Vec2::new(260.0, 200.0));
        let points = [small.center(), small.left_top(), small.right_bottom()];
        let mut at = card(10.0, 20.0);
        let moves = std::iter::from_fn(|| {
            at = clear_place(at, small, &points)?;
            Some(())
        });
        assert!(moves.take(10).count() < 3);
    }
}
