//! A small picture of a function.

use std::fmt::Write as _;

/// What is shown, from the middle to each side.
const RANGE: f64 = 4.0;
/// Pixels of a unit.
const SCALE: f64 = 20.0;
/// The steps of the curve.
const STEPS: i32 = 96;

/// An SVG of the function for a page whose text is `currentColor`, dark or light.
pub(crate) fn svg(name: &str, function: fn(f64) -> f64) -> String {
    let x = |step: i32| f64::from(step) * (2.0 * RANGE / f64::from(STEPS)) - RANGE;
    let mut path = String::new();
    let mut before = (false, [0; 2]);
    for step in 0..=STEPS {
        let y = function(x(step));
        // In tenths of a pixel, from the corner at the top.
        let place = [x(step) + RANGE, RANGE - y].map(|units| (units * SCALE * 10.0).round() as i64);
        let (was_inside, last) = before;
        let inside = y.abs() <= RANGE;
        if inside {
            let command = if was_inside { 'l' } else { 'M' };
            let from = if was_inside { last } else { [0; 2] };
            let [dx, dy] = [0, 1].map(|i| tenths(place[i] - from[i]));
            let separator = if dy.starts_with('-') { "" } else { " " };
            write!(path, "{command}{dx}{separator}{dy}").unwrap();
        }
        before = (inside, place);
    }
    let side = 2.0 * RANGE * SCALE;
    let middle = RANGE * SCALE;
    let mut ticks = String::new();
    for unit in 1 - RANGE as i32..RANGE as i32 {
        let at = middle + f64::from(unit) * SCALE;
        write!(ticks, "M{at} {}v4M{} {at}h4", middle - 2.0, middle - 2.0).unwrap();
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" role="img" fill="none"><title>{name} from −{RANGE} to {RANGE}</title><path d="M0 {middle}h{side}M{middle} 0v{side}{ticks}" stroke="currentColor" opacity=".4"/><path d="{path}" stroke="#3b82f6" stroke-width="2" stroke-linejoin="round"/></svg>
"##
    )
}

/// A length of so many tenths, as short as it can be written.
fn tenths(tenths: i64) -> String {
    let text = format!("{}", tenths as f64 / 10.0);
    text.replacen("0.", ".", usize::from(tenths.abs() < 10))
}
