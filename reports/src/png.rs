//! SVG to PNG, with the font inside the program: the same bytes on every machine, whatever is installed there.

use std::io;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Pixels of the PNG per pixel of the SVG: sharp on slides and dense screens.
const SCALE: f32 = 2.0;

/// DejaVu Sans, the Latin letters; licence in `assets/DejaVu-LICENSE.txt`.
const FONTS: [&[u8]; 2] =
    [include_bytes!("../assets/DejaVuSans-latin.ttf"), include_bytes!("../assets/DejaVuSans-Bold-latin.ttf")];

/// The picture as a PNG file.
pub fn from_svg(svg: &str) -> io::Result<Vec<u8>> {
    let options = Options { fontdb: fonts(), font_family: "DejaVu Sans".into(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(io::Error::other)?;
    let size = tree.size();
    let side = |length: f32| (length * SCALE).ceil() as u32;
    let mut pixmap = Pixmap::new(side(size.width()), side(size.height()))
        .ok_or_else(|| io::Error::other("a picture without area"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(io::Error::other)
}

/// Only the embedded fonts; those of the system would differ from machine to machine.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS_ONCE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut database = fontdb::Database::new();
        FONTS.iter().for_each(|font| database.load_font_data(font.to_vec()));
        database.set_sans_serif_family("DejaVu Sans");
        Arc::new(database)
    };
    FONTS_ONCE.get_or_init(load).clone()
}
