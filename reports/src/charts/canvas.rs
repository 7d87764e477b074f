//! The drawing vocabulary of all charts, on the SVG backend of plotters: a sheet with a title, plots on it,
//! marks in the units of a plot.

use std::io;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{Color, RGBColor, SVGBackend, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, TextStyle, WHITE};

use super::axis::Axis;
use super::palette::{CONTEXT, GRID, INK, QUIET};

/// The fonts of all text, here and in the embedded copy that PNGs are drawn with. Verdana has the same widths.
pub const FONT: &str = "DejaVu Sans, Verdana, sans-serif";

/// Sizes of text in pixels.
pub const TITLE_SIZE: f64 = 19.0;
/// Subtitle, labels of axes and marks.
pub const LABEL_SIZE: f64 = 13.0;
/// Ticks and notes.
pub const TICK_SIZE: f64 = 12.0;

/// What drawing may answer.
pub type Drawn = Result<(), DrawError>;

/// What can go wrong while drawing: nothing that a user can cause.
pub type DrawError = DrawingAreaErrorKind<io::Error>;

/// An area in pixels.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Height of the title and subtitle.
const HEAD: u32 = 74;

/// Draws a sheet: title and subtitle, and below them what `draw` puts there. Returns an SVG document.
pub fn sheet(
    (width, height): (u32, u32),
    title: &str,
    subtitle: &str,
    draw: impl FnOnce(&Area) -> Drawn,
) -> io::Result<String> {
    let mut svg = String::new();
    drawn(&mut svg, (width, height), title, subtitle, draw).map_err(io::Error::other)?;
    Ok(named(svg, title, subtitle))
}

fn drawn(
    svg: &mut String,
    size: (u32, u32),
    title: &str,
    subtitle: &str,
    draw: impl FnOnce(&Area) -> Drawn,
) -> Drawn {
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE)?;
    let bold = TextStyle {
        font: (FONT, TITLE_SIZE * PLOTTERS_SCALE, FontStyle::Bold).into(),
        ..style(TITLE_SIZE, INK)
    };
    root.draw(&Text::new(title.to_owned(), (20, 16), bold))?;
    root.draw(&Text::new(subtitle.to_owned(), (20, 42), style(LABEL_SIZE, QUIET)))?;
    let (_, below) = root.split_vertically(HEAD);
    draw(&below)?;
    root.present()
}

/// Gives the picture a name and a description for those who cannot see it.
fn named(svg: String, title: &str, subtitle: &str) -> String {
    let label = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let (title, subtitle) = (label(title), label(subtitle));
    let svg = svg.replacen("<svg ", "<svg role=\"img\" ", 1);
    svg.replacen(">\n", &format!(">\n<title>{title}</title>\n<desc>{subtitle}</desc>\n"), 1)
}

/// Plotters' SVG backend divides every font size by this.
const PLOTTERS_SCALE: f64 = 1.24;

/// Text of a size in pixels, in a colour.
pub fn style(size: f64, colour: RGBColor) -> TextStyle<'static> {
    TextStyle {
        font: (FONT, size * PLOTTERS_SCALE).into(),
        color: colour.to_backend_color(),
        pos: Pos::default(),
    }
}

/// About how wide a text is, in pixels: the mean letter of DejaVu Sans is 0.6 of its size.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.6
}

/// Where a text hangs on its point.
pub const LEFT: Pos = Pos { h_pos: HPos::Left, v_pos: VPos::Center };
/// The point is at the end of the text.
pub const RIGHT: Pos = Pos { h_pos: HPos::Right, v_pos: VPos::Center };
/// The point is in the middle of the text.
pub const MIDDLE: Pos = Pos { h_pos: HPos::Center, v_pos: VPos::Center };

/// A plot with its axes, to put marks on.
pub struct Canvas<'a, 'b> {
    area: &'a Area<'b>,
    chart: ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>,
}

/// Room around a plot, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// For the ticks of the vertical axis.
    pub left: u32,
    /// For direct labels.
    pub right: u32,
    /// For the ticks of the horizontal axis.
    pub bottom: u32,
}

impl<'a, 'b> Canvas<'a, 'b> {
    /// Draws the axes.
    pub fn new(area: &'a Area<'b>, x: Axis, y: Axis, room: Room) -> Result<Self, DrawError> {
        let (x_label, y_label) = (x.label.clone(), y.label.clone());
        let mut chart = ChartBuilder::on(area)
            .margin_top(10)
            .margin_bottom(10)
            .margin_left(14)
            .margin_right(room.right)
            .x_label_area_size(room.bottom)
            .y_label_area_size(room.left)
            .build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .bold_line_style(GRID)
            .axis_style(CONTEXT)
            .label_style(style(TICK_SIZE, QUIET))
            .axis_desc_style(style(LABEL_SIZE, INK))
            .x_desc(x_label)
            .y_desc(y_label)
            .draw()?;
        Ok(Canvas { area, chart })
    }

    /// Pixels of a point, in the area.
    pub fn pixel(&self, at: (f64, f64)) -> (i32, i32) {
        let (x, y) = self.chart.backend_coord(&at);
        let (left, top) = self.area.get_base_pixel();
        (x - left, y - top)
    }

    /// A line through points.
    pub fn line(&self, points: impl IntoIterator<Item = (f64, f64)>, style: impl Into<ShapeStyle>) -> Drawn {
        self.chart.plotting_area().draw(&PathElement::new(points.into_iter().collect::<Vec<_>>(), style))
    }

    /// A straight line of dashes.
    pub fn dashes(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Drawn {
        let (a, b) = (self.pixel(from), self.pixel(to));
        let length = f64::from((b.0 - a.0).abs().max((b.1 - a.1).abs()));
        let count = (length / 10.0).max(1.0) as i32;
        let part = |n: i32, tenths: i32| {
            let share = f64::from(n * 10 + tenths) / f64::from(count * 10);
            let between = |a: i32, b: i32| a + (f64::from(b - a) * share).round() as i32;
            (between(a.0, b.0), between(a.1, b.1))
        };
        (0..count).try_for_each(|n| {
            self.area.draw(&PathElement::new(vec![part(n, 0), part(n, 6)], colour.stroke_width(2)))
        })
    }

    /// A 95% interval that stands upright, with its ends.
    pub fn interval_up(&self, x: f64, (low, high): (f64, f64), colour: RGBColor) -> Drawn {
        self.line([(x, low), (x, high)], colour.stroke_width(2))?;
        [low, high].into_iter().try_for_each(|y| self.cap((x, y), (5, 0), colour))
    }

    /// A 95% interval that lies.
    pub fn interval_along(&self, y: f64, (low, high): (f64, f64), colour: RGBColor) -> Drawn {
        self.line([(low, y), (high, y)], colour.stroke_width(2))?;
        [low, high].into_iter().try_for_each(|x| self.cap((x, y), (0, 5), colour))
    }

    fn cap(&self, at: (f64, f64), (dx, dy): (i32, i32), colour: RGBColor) -> Drawn {
        let (x, y) = self.pixel(at);
        self.area.draw(&PathElement::new(vec![(x - dx, y - dy), (x + dx, y + dy)], colour.stroke_width(2)))
    }

    /// A dot; hollow for a value that lies beyond the axis.
    pub fn dot(&self, at: (f64, f64), colour: RGBColor, hollow: bool) -> Drawn {
        let at = self.pixel(at);
        self.area.draw(&Circle::new(at, 5, colour.filled()))?;
        if hollow { self.area.draw(&Circle::new(at, 3, WHITE.filled())) } else { Ok(()) }
    }

    /// A filled rectangle.
    pub fn bar(&self, corner: (f64, f64), opposite: (f64, f64), style: impl Into<ShapeStyle>) -> Drawn {
        self.chart.plotting_area().draw(&Rectangle::new([corner, opposite], style))
    }

    /// A filled shape.
    pub fn shape(&self, corners: Vec<(f64, f64)>, style: impl Into<ShapeStyle>) -> Drawn {
        self.chart.plotting_area().draw(&Polygon::new(corners, style))
    }

    /// Text at some pixels from a point.
    pub fn text(
        &self,
        text: &str,
        at: (f64, f64),
        (dx, dy): (i32, i32),
        style: &TextStyle,
        pos: Pos,
    ) -> Drawn {
        let (x, y) = self.pixel(at);
        self.text_at(text, (x + dx, y + dy), style, pos)
    }

    /// Text at pixels of the area.
    pub fn text_at(&self, text: &str, at: (i32, i32), style: &TextStyle, pos: Pos) -> Drawn {
        self.area.draw(&Text::new(text.to_owned(), at, style.clone().pos(pos)))
    }

    /// A line between pixels of the area.
    pub fn leader(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) -> Drawn {
        self.area.draw(&PathElement::new(vec![from, to], colour.stroke_width(1)))
    }
}
