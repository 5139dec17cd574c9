//! The picture.

use std::{error::Error, path::Path};

use plotters::prelude::*;

/// The steps that are drawn: a period of the lowest string, once all have been struck.
const FROM: usize = 3200;
const TO: usize = 3800;

/// A stretch of the input, of what came out of it, and of what came out of PyTorch.
pub(crate) fn stretch(
    path: &Path,
    [input, found, pytorch]: [&[f32]; 3],
) -> Result<(), Box<dyn Error>> {
    let milliseconds = |step: usize| step as f32 / 48.0;
    let area = SVGBackend::new(path, (760, 360)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(44)
        .build_cartesian_2d(milliseconds(FROM)..milliseconds(TO), -1.1_f32..1.1)?;
    chart
        .configure_mesh()
        .x_desc("milliseconds")
        .light_line_style(TRANSPARENT)
        .draw()?;
    let lines = [
        ("input", input, BLACK.mix(0.4).stroke_width(1)),
        ("output", found, BLUE.stroke_width(2)),
    ];
    for (name, numbers, style) in lines {
        let points = (FROM..TO.min(numbers.len())).map(|step| (milliseconds(step), numbers[step]));
        chart
            .draw_series(LineSeries::new(points, style))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], style));
    }
    let points = (FROM..TO.min(pytorch.len())).step_by(6);
    let points =
        points.map(|step| Circle::new((milliseconds(step), pytorch[step]), 2, RED.filled()));
    chart
        .draw_series(points)?
        .label("PyTorch's output")
        .legend(|(x, y)| Circle::new((x + 8, y), 2, RED.filled()));
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .position(SeriesLabelPosition::UpperRight)
        .draw()?;
    area.present()?;
    Ok(())
}
