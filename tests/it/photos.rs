//! A folder of pictures is a set of images: folders are classes, sizes are made one, and what cannot be read is said.

use std::path::Path;

use eigenscope::Recipe;
use eigenscope::data::{NewRows, Reading, Source, fingerprint};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};

use crate::support::desk::{Desk, noted, open};

fn grey(width: u32, height: u32, seed: u8) -> DynamicImage {
    let pixel = |x: u32, y: u32| Luma([(x * 7 + y * 13) as u8 ^ seed]);
    GrayImage::from_fn(width, height, pixel).into()
}

fn save(picture: &DynamicImage, path: &Path) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be written");
    picture.save(path).expect("it can be written");
}

#[test]
fn folders_are_classes_and_grey_pictures_stay_grey() {
    let desk = Desk::new();
    for i in 0..3_u8 {
        save(&grey(6, 5, i), &desk.path(&format!("set/cats/{i}.png")));
        save(&grey(6, 5, 100 + i).to_rgb8().into(), &desk.path(&format!("set/dogs/{i}.PNG")));
    }
    desk.put("set/readme.txt", "not a picture");
    let data = open(&desk.path("set"), &Recipe::default()).expect("pictures");
    let image = data.image.expect("images");
    assert_eq!((image.width, image.height, image.channels, data.len(), data.dim()), (6, 5, 1, 6, 30));
    assert_eq!(data.columns[7], "pixel 2,2");
    let pixel = |row: usize, x: u32, y: u32| data.features.row(row)[(y * 6 + x) as usize];
    assert_eq!((pixel(1, 2, 3), pixel(4, 5, 4)), (f64::from(0x35_u8 ^ 0x01), f64::from(0x57_u8 ^ 0x65)));
    let labels = data.labels.as_ref().expect("labels");
    assert_eq!(
        (labels.names.join(" "), labels.ids.as_slice()),
        ("cats dogs".to_owned(), [0, 0, 0, 1, 1, 1].as_slice())
    );
    let table = data.table.as_ref().expect("names of the files");
    assert_eq!((table.header.join(" "), table.text(4, 0)), ("file label".to_owned(), "dogs/1.PNG".into()));
    assert!(noted(&data, "6 pictures of 6 × 5 pixels, grey"), "{:?}", data.notes);
    let plain = Recipe { label_column: "none".to_owned(), ..Recipe::default() };
    assert!(open(&desk.path("set"), &plain).expect("pictures").labels.is_none());
    // The same pictures are new rows of a model, by their pixels.
    let reading = Reading::with_fills(&data, plain.missing);
    let path = desk.path("set");
    let mut rows = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("pictures");
    let block = rows.next_block().expect("they are read").expect("six rows");
    assert_eq!((block.label(5), block.table.text(5, block.table.width() - 2)), (Some("dogs"), "dogs/2.PNG".into()));
    assert_eq!(block.features.row(4).to_vec(), data.features.row(4));
    let before = fingerprint(&Source::Path(path.clone()), &plain).expect("they are read");
    save(&grey(6, 5, 77), &desk.path("set/cats/0.png"));
    assert_ne!(before, fingerprint(&Source::Path(path), &plain).expect("they are read"));
}

#[test]
fn sizes_are_made_one_and_colours_are_kept() {
    let desk = Desk::new();
    let red = |width, height| DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([200, 10, 30])));
    save(&red(8, 4), &desk.path("a.png"));
    save(&red(8, 4), &desk.path("b.png"));
    save(&red(40, 40), &desk.path("c.jpg"));
    save(&RgbaImage::from_pixel(8, 4, Rgba([0, 0, 0, 0])).into(), &desk.path("d.png"));
    desk.put("e.jpeg", "no picture");
    desk.put("f.webp", "another");
    let data = open(desk.folder(), &Recipe::default()).expect("pictures");
    let image = data.image.expect("images");
    assert_eq!((image.width, image.height, image.channels, data.len()), (8, 4, 3, 4));
    assert_eq!(data.features.row(0)[..3], [200.0, 10.0, 30.0]);
    assert!(data.features.row(2).iter().zip([200.0, 10.0, 30.0].iter().cycle()).all(|(a, b)| (a - b).abs() < 6.0));
    assert!(data.features.row(3).iter().all(|&v| v == 255.0), "what is transparent is white");
    for words in [
        "1 of 4 pictures of another size",
        "1 picture cannot be read and left out: `e.jpeg (",
        "1 picture of other kinds",
    ] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    assert!(data.labels.is_none());
}

#[test]
fn large_pictures_are_made_smaller_and_lies_are_refused() {
    let desk = Desk::new();
    for i in 0..2 {
        save(&grey(512, 256, i), &desk.path(&format!("large/{i}.png")));
    }
    let data = open(&desk.path("large"), &Recipe::default()).expect("pictures");
    assert_eq!(data.image.map(|image| (image.width, image.height)), Some((128, 64)));
    // A header that claims more than anybody has.
    let mut bytes = std::io::Cursor::new(Vec::new());
    grey(8, 8, 0).write_to(&mut bytes, ImageFormat::Png).expect("memory takes it");
    let mut bytes = bytes.into_inner();
    bytes[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    std::fs::create_dir_all(desk.path("lies")).expect("the folder can be written");
    desk.put("lies/a.png", &bytes);
    let refused = open(&desk.path("lies"), &Recipe::default()).expect_err("a lie").to_string();
    assert!(refused.contains("none of its pictures can be read: `a.png ("), "{refused}");
}
