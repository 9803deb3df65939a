use std::sync::Arc;

use eframe::egui::{self, Context, Pos2, RawInput, Rect, vec2};
use ndarray::Array2;

use super::*;
use crate::app::shown::fields::FieldsCache;
use crate::app::shown::fixture;
use crate::data::Features;

/// A million rows, and what the table makes of them.
fn million() -> Arc<RowFields> {
    let n = 1_000_000;
    let mut snapshot = fixture::snapshot(None, None);
    let features = Arc::new(Array2::from_shape_fn((n, 2), |(i, j)| ((i * 7919 + j) % 1000) as f32 + 0.5));
    snapshot.data.features = Arc::new(Features::Numbers(Arc::clone(&features)));
    snapshot.data.rows = Arc::new((0..n).collect());
    (snapshot.data.labels, snapshot.data.of, snapshot.scaled) = (None, n, features);
    let flags = Arc::new(vec![false; n]);
    FieldsCache::default().get(&Arc::new(snapshot), (&Labels::default(), None), (&flags, 0))
}

/// Draws a frame with these events.
fn frame(
    ctx: &Context,
    table: &mut RowsTable,
    fields: &Arc<RowFields>,
    selection: &mut Selection,
    events: Vec<egui::Event>,
) {
    let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(900.0, 400.0)));
    let input = RawInput { screen_rect, events, ..RawInput::default() };
    let labels = Labels::default();
    let _ = ctx.run_ui(input, |ui| {
        table.ui(ui, fields, &labels, selection, None);
    });
}

#[test]
fn a_frame_lays_out_the_rows_in_sight_of_a_million_and_goes_to_any_of_them() {
    let (ctx, fields) = (Context::default(), million());
    focus::install(&ctx);
    let (mut table, mut selection) = (RowsTable::default(), Selection::new(fields.rows()));
    frame(&ctx, &mut table, &fields, &mut selection, Vec::new());
    let (rows, columns) = table.laid_out();
    assert!((10..30).contains(&rows) && columns <= 3, "{rows} × {columns}");
    table.go_to(777_777);
    (0..3).for_each(|_| frame(&ctx, &mut table, &fields, &mut selection, Vec::new()));
    assert_eq!(table.cursor(), Some(777_777));
    assert!((table.place.top..table.place.top + 20.0).contains(&777_777.0), "{}", table.place.top);
    let key = |key| egui::Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    frame(&ctx, &mut table, &fields, &mut selection, vec![key(egui::Key::End)]);
    assert_eq!(table.cursor(), Some(999_999));
    assert!(table.laid_out().0 < 30);
    assert_eq!(selection.pointed, Some(999_999), "the views mark it");
}

#[test]
fn a_million_rows_are_sorted_by_another_thread_while_frames_go_on() {
    let (ctx, fields) = (Context::default(), million());
    let (mut table, mut selection) = (RowsTable::default(), Selection::new(fields.rows()));
    frame(&ctx, &mut table, &fields, &mut selection, Vec::new());
    table.wish.sort = Some((Col::Field(Field::Column(0)), true));
    let (rows, waits) = table.order.get(&ctx, &table.wish.clone(), &fields);
    assert!(waits && rows.is_none(), "the order of before stays until the new one is there");
    let started = std::time::Instant::now();
    let rows = loop {
        let (rows, waits) = table.order.get(&ctx, &table.wish.clone(), &fields);
        if !waits {
            break rows;
        }
        assert!(started.elapsed().as_secs() < 120, "it is never sorted");
        std::thread::yield_now();
    };
    let rows = (*rows).as_ref().expect("an order");
    let value = |row: u32| fields.number(Field::Column(0).number(), row as usize).expect("a number");
    assert_eq!(rows.len(), 1_000_000);
    assert!(rows.windows(2).all(|w| value(w[0]) > value(w[1]) || value(w[0]) >= value(w[1]) && w[0] < w[1]));
}
