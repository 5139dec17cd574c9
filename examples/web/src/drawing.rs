//! From strokes to the pixels that the network learnt from.
//!
//! Those were scanned at 32 × 32 dots, each digit as high as the image, and its strokes as broad as
//! makes a third of the image black, whoever wrote it; then the black dots were counted in blocks of
//! 4 × 4. So is a drawing here.

/// The dots along a side.
const SIDE: usize = 32;
/// The columns that a digit takes at most.
const WIDTH: f32 = 24.0;
/// How many dots of a digit are black: the mean of the data is 312.
const BLACK: u32 = 312;
/// More points than anyone draws; later ones are left out.
const MOST: usize = 1024;

#[derive(Clone, Copy)]
struct Point {
    x: f32,
    y: f32,
    /// Whether a line leads here.
    joined: bool,
}

/// The points of some strokes, in any unit; y goes down.
pub(crate) struct Drawing {
    points: [Point; MOST],
    len: usize,
}

impl Drawing {
    pub(crate) const EMPTY: Self = Self {
        points: [Point {
            x: 0.0,
            y: 0.0,
            joined: false,
        }; MOST],
        len: 0,
    };

    pub(crate) fn add(&mut self, x: f32, y: f32, joined: bool) {
        if let Some(point) = self.points.get_mut(self.len) {
            *point = Point { x, y, joined };
            self.len += 1;
        }
    }

    /// 8 × 8 pixels, row by row, from 0 (white) to 1 (black).
    pub(crate) fn pixels(&self) -> [f32; 64] {
        if self.len == 0 {
            return [0.0; 64];
        }
        // The pen is halved into the width that blackens as many dots as the data has.
        let (mut thin, mut thick) = (0.5, 6.0);
        for _ in 0..5 {
            let radius = (thin + thick) / 2.0;
            if black(&self.dots(radius)) < BLACK {
                thin = radius;
            } else {
                thick = radius;
            }
        }
        let dots = self.dots((thin + thick) / 2.0);
        core::array::from_fn(|pixel| {
            let (row, column) = (pixel / 8, pixel % 8);
            let block = dots[4 * row..][..4]
                .iter()
                .map(|row| row >> (4 * column) & 0xf);
            block.map(u32::count_ones).sum::<u32>() as f32 / 16.0
        })
    }

    /// Each row's dots, a bit each, drawn with a round pen.
    fn dots(&self, radius: f32) -> [u32; SIDE] {
        let points = &self.points[..self.len];
        let (left, width) = extent(points.iter().map(|point| point.x));
        let (top, height) = extent(points.iter().map(|point| point.y));
        let side = SIDE as f32;
        let down = (side - 2.0 * radius) / height;
        let across = down.min((WIDTH - 2.0 * radius) / width);
        let place = |point: Point| {
            // In the middle, also where the pen's height is all that a drawing has.
            let x = (point.x - left - width / 2.0) * across + side / 2.0;
            (x, (point.y - top - height / 2.0) * down + side / 2.0)
        };
        let mut dots = [0; SIDE];
        let mut from = place(points[0]);
        for &point in points {
            let to = place(point);
            if !point.joined {
                from = to;
            }
            blacken(&mut dots, from, to, radius);
            from = to;
        }
        dots
    }
}

/// How many dots are black.
fn black(dots: &[u32; SIDE]) -> u32 {
    dots.iter().map(|row| row.count_ones()).sum()
}

/// The least of the numbers, and how far it is to the largest.
fn extent(numbers: impl Iterator<Item = f32>) -> (f32, f32) {
    let ends = (f32::INFINITY, f32::NEG_INFINITY);
    let (least, most) = numbers.fold(ends, |(least, most), x| (least.min(x), most.max(x)));
    (least, (most - least).max(1e-3))
}

/// The dots whose centre is no farther than `radius` from a line.
fn blacken(dots: &mut [u32; SIDE], from: (f32, f32), to: (f32, f32), radius: f32) {
    let (along, down) = (to.0 - from.0, to.1 - from.1);
    let length = (along * along + down * down).max(1e-6);
    let range = |a: f32, b: f32| {
        let last = a.max(b) + radius;
        (a.min(b) - radius).max(0.0) as usize..(last + 1.0).clamp(0.0, SIDE as f32) as usize
    };
    for row in range(from.1, to.1) {
        for column in range(from.0, to.0) {
            let x = column as f32 + 0.5 - from.0;
            let y = row as f32 + 0.5 - from.1;
            let nearest = ((x * along + y * down) / length).clamp(0.0, 1.0);
            let (x, y) = (x - nearest * along, y - nearest * down);
            if x * x + y * y <= radius * radius {
                dots[row] |= 1 << column;
            }
        }
    }
}
