//! The cart and the pole: a drawing that moves where there is a terminal, and else a line a second.

use std::{
    io::{self, IsTerminal as _, Write as _},
    thread,
    time::{Duration, Instant},
};

use crate::pole::{Pole, STEP, TRACK};

/// The drawing's size in characters, of which each is two dots by four.
const COLUMNS: u8 = 67;
const ROWS: u8 = 8;
/// Dots in a metre.
const SCALE: f32 = 26.0;
/// The cart, in dots.
const CART: (i32, i32) = (13, 5);
/// Steps in which a knock is seen.
const SEEN: usize = 25;

/// Where to draw.
pub(crate) struct Screen {
    is_terminal: bool,
    start: Instant,
    /// The last knock, and for how many steps it is still seen.
    knock: (f32, usize),
}

impl Screen {
    pub(crate) fn new() -> Self {
        Self {
            is_terminal: io::stdout().is_terminal(),
            start: Instant::now(),
            knock: (0.0, 0),
        }
    }

    /// Somebody knocks against the pole.
    pub(crate) fn knock(&mut self, spin: f32) {
        self.knock = (spin, SEEN);
    }

    /// Shows a step. On a terminal it takes as long as it would.
    pub(crate) fn show(&mut self, step: usize, pole: &Pole, force: f32) -> io::Result<()> {
        let seconds = step as f32 * STEP;
        self.knock.1 = self.knock.1.saturating_sub(1);
        if self.is_terminal {
            if step > 0 {
                print!("\x1b[{}A", ROWS + 2);
            }
            print!("{}", self.drawing(seconds, pole, force));
            io::stdout().flush()?;
            let until = self.start + Duration::from_secs_f32(seconds + STEP);
            thread::sleep(until.saturating_duration_since(Instant::now()));
        } else if step.is_multiple_of(50) {
            println!("{}", line(seconds, pole));
        }
        Ok(())
    }

    /// The drawing, and above it what is going on.
    fn drawing(&self, seconds: f32, pole: &Pole, force: f32) -> String {
        let push = if force > 0.0 { "push ▶" } else { "◀ push" };
        let knock = match self.knock {
            (_, 0) => "",
            (spin, _) if spin > 0.0 => "knocked to the right!",
            _ => "knocked to the left!",
        };
        let (angle, dots) = (pole.angle.to_degrees(), Dots::of(pole));
        let half = "━".repeat(usize::from(COLUMNS) / 2 - 1);
        format!(
            "{seconds:5.1} s   {push}   leans {angle:+5.1}°   {knock:21}\n{dots}┣{half}╋{half}┫\n"
        )
    }
}

/// A second in one line: the track from above its middle, and which way the pole leans.
fn line(seconds: f32, pole: &Pole) -> String {
    const HALF: i32 = 24;
    let angle = pole.angle.to_degrees();
    let sign = match angle {
        1.0.. => '/',
        ..-1.0 => '\\',
        _ => '|',
    };
    let place = (HALF as f32 * pole.x / TRACK).round() as i32;
    let track = (-HALF..=HALF).map(|cell| if cell == place { sign } else { '─' });
    let track: String = track.collect();
    format!("{seconds:5.1} s  ├{track}┤  leans {angle:+5.1}°")
}

/// A drawing in dots: Unicode's Braille patterns, of eight dots each.
struct Dots([[u8; COLUMNS as usize]; ROWS as usize]);

impl Dots {
    /// The cart and the pole on it.
    fn of(pole: &Pole) -> Self {
        let mut dots = Self([[0; COLUMNS as usize]; ROWS as usize]);
        let joint = f32::from(COLUMNS) + SCALE * pole.x;
        let top = 4 * i32::from(ROWS) - CART.1;
        let (sin, cos) = pole.angle.sin_cos();
        // The pole is a metre long, and two dots wide.
        for half_dot in 0..(2.0 * SCALE) as i32 {
            let along = half_dot as f32 / 2.0;
            let (x, y) = (joint + along * sin, top as f32 - along * cos);
            dots.set(x.round() as i32, y.round() as i32);
            dots.set(x.round() as i32 + 1, y.round() as i32);
        }
        for y in 0..CART.1 {
            for x in -CART.0 / 2..=CART.0 / 2 {
                dots.set(joint.round() as i32 + x, top + y);
            }
        }
        dots
    }

    /// Sets a dot, counted from the left and from above; what is outside isn't seen.
    fn set(&mut self, x: i32, y: i32) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if let Some(cell) = self.0.get_mut(y / 4).and_then(|row| row.get_mut(x / 2)) {
            *cell |= BITS[y % 4][x % 2];
        }
    }
}

impl std::fmt::Display for Dots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for row in &self.0 {
            let row = row
                .iter()
                .filter_map(|&dots| char::from_u32(0x2800 + u32::from(dots)));
            writeln!(f, "{}", row.collect::<String>())?;
        }
        Ok(())
    }
}
