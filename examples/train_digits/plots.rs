//! The pictures.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use crate::{Digits, samples::Sample};

/// Each epoch's loss, on a logarithmic scale.
pub(crate) fn losses(path: &Path, losses: &[(u64, f64)]) -> Result<(), Box<dyn Error>> {
    let (Some((first, _)), Some((last, _))) = (losses.first(), losses.last()) else {
        return Ok(());
    };
    let numbers = losses.iter().map(|(_, loss)| *loss);
    let least = numbers.clone().fold(f64::INFINITY, f64::min);
    let most = numbers.fold(0.0, f64::max);
    let area = SVGBackend::new(path, (640, 360)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(60)
        .build_cartesian_2d(*first..*last, (least * 0.8..most * 1.2).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc("loss")
        .disable_x_mesh()
        .draw()?;
    chart.draw_series(LineSeries::new(
        losses.iter().copied(),
        BLUE.stroke_width(2),
    ))?;
    area.present()?;
    Ok(())
}

/// What was written, row by row, and how it was read.
pub(crate) fn confusion(
    path: &Path,
    net: &Digits,
    samples: &[Sample],
) -> Result<(), Box<dyn Error>> {
    let mut counts = [[0_u32; 10]; 10];
    for sample in samples {
        counts[sample.label][net.forward(&sample.pixels).imax()] += 1;
    }
    let area = SVGBackend::new(path, (460, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(36)
        .build_cartesian_2d((0..9).into_segmented(), (9..0).into_segmented())?;
    chart
        .configure_mesh()
        .x_desc("read")
        .y_desc("written")
        .disable_mesh()
        .draw()?;
    let cells = (0..10).flat_map(|written| (0..10).map(move |read| (written, read)));
    for (written, read) in cells {
        let count = counts[written as usize][read as usize];
        let corner = |read, written| (SegmentValue::Exact(read), SegmentValue::Exact(written));
        let shade = BLUE.mix(f64::from(count) / 40.0);
        let cell = Rectangle::new(
            [corner(read, written), corner(read + 1, written + 1)],
            shade.filled(),
        );
        chart.draw_series([cell])?;
        if count > 0 {
            let color = if count > 20 { &WHITE } else { &BLACK };
            let style = ("sans-serif", 15).into_font().color(color);
            let at = (
                SegmentValue::CenterOf(read),
                SegmentValue::CenterOf(written),
            );
            chart.draw_series([Text::new(count.to_string(), at, style)])?;
        }
    }
    area.present()?;
    Ok(())
}
