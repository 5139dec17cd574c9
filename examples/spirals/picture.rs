//! What a network makes of each place, in characters and as SVG.

use std::fmt::{self, Write as _};

use crate::{Point, Side, Spirals};

/// From surely the one side to surely the other.
const SHADES: [&str; 6] = [
    "#e8985e", "#f1bd95", "#f9e0cd", "#d3e3f1", "#a1c4e0", "#6ba3ce",
];
/// The points' colours.
const COLORS: [&str; 2] = ["#9a3f00", "#0b4a7f"];

/// The characters of a drawing, which are twice as high as wide.
const COLUMNS: usize = 52;
const ROWS: usize = 26;

/// The drawing in characters: the darker, the likelier is the one side.
pub(crate) fn text(net: &Spirals, points: &[Point], sides: &[Side]) -> String {
    let mut rows = [[' '; COLUMNS]; ROWS];
    for (row, cells) in rows.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            let y = -middle(row, ROWS);
            let shade = shade(net, Point::new(middle(column, COLUMNS), y));
            *cell = [' ', ' ', '·', '░', '▒', '▒'][shade];
        }
    }
    for (point, side) in points.iter().zip(sides) {
        let (column, row) = (place(point[0], COLUMNS), place(-point[1], ROWS));
        rows[row][column] = if side[0] > 0.5 { '█' } else { 'o' };
    }
    let mut text = String::new();
    for row in rows {
        text.extend(row);
        text.push('\n');
    }
    text
}

/// The middle of a cell of so many from −1 to 1.
fn middle(cell: usize, cells: usize) -> f32 {
    (2 * cell + 1) as f32 / cells as f32 - 1.0
}

/// The cell that a coordinate is in.
fn place(x: f32, cells: usize) -> usize {
    let cell = f32::midpoint(x, 1.0) * cells as f32;
    (0..cells).rev().find(|&i| i as f32 <= cell).unwrap_or(0)
}

/// How sure the network is of a place, as an index of `SHADES`.
fn shade(net: &Spirals, point: Point) -> usize {
    const LIMITS: [f32; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
    let probability = 1.0 / (1.0 + (-net.forward(&point)[0]).exp());
    LIMITS.iter().filter(|&&limit| probability > limit).count()
}

/// The cells of a panel, on each side; its units are those of the picture.
const CELLS: usize = 72;
const GAP: usize = 6;
const TITLE: usize = 9;
/// A point is a line without length and with round ends.
const STYLE: &str = "<style>
text { font: 5px sans-serif; text-anchor: middle; fill: #333 }
.cells { stroke-width: 1.03 }
.points { stroke-width: 1.8; stroke-linecap: round }
</style>";

/// Panels side by side.
pub(crate) struct Picture {
    panels: String,
    count: usize,
}

impl Picture {
    pub(crate) const fn new() -> Self {
        Self {
            panels: String::new(),
            count: 0,
        }
    }

    /// Draws another panel.
    pub(crate) fn add(
        &mut self,
        title: &str,
        net: &Spirals,
        points: &[Point],
        sides: &[Side],
    ) -> fmt::Result {
        let left = GAP + self.count * (CELLS + GAP);
        self.count += 1;
        let svg = &mut self.panels;
        writeln!(svg, "<g transform='translate({left} {TITLE})'>")?;
        writeln!(svg, "<text x='{}' y='-2.5'>{title}</text>", CELLS / 2)?;
        for (color, line) in SHADES.iter().zip(lines(net)?) {
            writeln!(svg, "<path class='cells' stroke='{color}' d='{line}'/>")?;
        }
        for (side, color) in COLORS.iter().enumerate() {
            write!(svg, "<path class='points' stroke='{color}' d='")?;
            let on_side = |(_, of): &(&Point, &Side)| usize::from(of[0] > 0.5) == side;
            for (point, _) in points.iter().zip(sides).filter(on_side) {
                let [x, y] = [point[0], -point[1]].map(|x| f32::midpoint(x, 1.0) * CELLS as f32);
                write!(svg, "M{x:.1} {y:.1}h0")?;
            }
            writeln!(svg, "'/>")?;
        }
        writeln!(svg, "</g>")
    }

    /// The whole picture.
    pub(crate) fn finish(&self) -> String {
        let (width, height) = (GAP + self.count * (CELLS + GAP), TITLE + CELLS + GAP);
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' \
             width='{}' height='{}'>\n{STYLE}\n<rect width='100%' height='100%' fill='#fff'/>\n\
             {}</svg>\n",
            3 * width,
            3 * height,
            self.panels
        )
    }
}

/// The cells of each shade, as a path. Neighbours in a row are one line of it.
fn lines(net: &Spirals) -> Result<[String; SHADES.len()], fmt::Error> {
    let mut lines: [String; SHADES.len()] = Default::default();
    for row in 0..CELLS {
        let y = -middle(row, CELLS);
        let shades = (0..CELLS).map(|column| shade(net, Point::new(middle(column, CELLS), y)));
        let shades: Vec<usize> = shades.collect();
        let mut column = 0;
        for run in shades.chunk_by(|a, b| a == b) {
            write!(lines[run[0]], "M{column} {row}.5h{}", run.len())?;
            column += run.len();
        }
    }
    Ok(lines)
}
