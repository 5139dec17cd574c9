//! The picture.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use crate::{Exercises, NAMES, recordings::Windows};

/// The acceleration along x (blue), y (red) and z (green) in some windows, and what the network says of each.
pub(crate) fn draw(path: &Path, net: &Exercises, windows: &Windows) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (760, 480)).into_drawing_area();
    area.fill(&WHITE)?;
    for (part, exercise) in area.split_evenly((2, 2)).iter().zip([0, 3, 4, 6]) {
        let mut of_exercise = windows.xs.iter().zip(&windows.exercises);
        let Some((x, _)) = of_exercise.rfind(|(_, of)| **of == exercise) else {
            continue;
        };
        let weights = net.forward(x).map(f32::exp);
        let (read, weight) = weights.argmax();
        let percent = 100.0 * weight / weights.sum();
        let title = format!(
            "{}: read as {} ({percent:.0} %)",
            NAMES[exercise], NAMES[read]
        );
        let color = if read == exercise { &BLACK } else { &RED };
        let mut chart = ChartBuilder::on(part)
            .margin(8)
            .caption(title, ("sans-serif", 14).into_font().color(color))
            .x_label_area_size(32)
            .y_label_area_size(36)
            .build_cartesian_2d(0.0_f32..5.04, -2.0_f32..2.0)?;
        chart
            .configure_mesh()
            .x_desc("seconds")
            .y_desc("acceleration in g")
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (axis, color) in [BLUE, RED, GREEN].into_iter().enumerate() {
            let steps = x.row(axis).into_owned();
            let points = steps
                .iter()
                .enumerate()
                .map(|(step, g)| (step as f32 / 12.5, *g));
            chart.draw_series(LineSeries::new(points, color.stroke_width(2)))?;
        }
    }
    area.present()?;
    Ok(())
}
