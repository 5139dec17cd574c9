//! The pictures.

use std::{error::Error, path::Path};

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::score::Confusion;

/// Each epoch's loss, on a logarithmic scale.
pub(crate) fn losses(path: &Path, losses: &[(u64, f64)]) -> Result<(), Box<dyn Error>> {
    let (Some((first, _)), Some((last, _))) = (losses.first(), losses.last()) else {
        return Ok(());
    };
    let numbers = losses.iter().map(|(_, loss)| *loss);
    let lowest = numbers.clone().fold(f64::INFINITY, f64::min);
    let highest = numbers.fold(0.0, f64::max);
    let area = SVGBackend::new(path, (640, 360)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(60)
        .build_cartesian_2d(*first..*last, (lowest * 0.8..highest * 1.2).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc("loss")
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .y_label_formatter(&|loss| format!("{loss:.2}"))
        .draw()?;
    chart.draw_series(LineSeries::new(
        losses.iter().copied(),
        BLUE.stroke_width(2),
    ))?;
    area.present()?;
    Ok(())
}

/// What was written, row by row, and how often it was read as what.
pub(crate) fn confusion(path: &Path, counts: &Confusion) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (460, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    // The first row is at the top.
    let top = |written: usize| 9.0 - written as f64;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(36)
        .build_cartesian_2d(-0.5..9.5, -0.5..9.5)?;
    chart
        .configure_mesh()
        .x_desc("read")
        .y_desc("written")
        .x_labels(10)
        .y_labels(10)
        .x_label_formatter(&|read| format!("{read:.0}"))
        .y_label_formatter(&|row| format!("{:.0}", 9.0 - row))
        .disable_mesh()
        .draw()?;
    for (written, row) in counts.iter().enumerate() {
        for (read, &count) in row.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (x, y) = (read as f64, top(written));
            let shade = BLUE.mix((f64::from(count) / 40.0).min(1.0));
            let corners = [(x - 0.5, y - 0.5), (x + 0.5, y + 0.5)];
            chart.draw_series([Rectangle::new(corners, shade.filled())])?;
            let color = if count > 20 { &WHITE } else { &BLACK };
            let middle = Pos::new(HPos::Center, VPos::Center);
            let style = ("sans-serif", 15).into_font().color(color).pos(middle);
            chart.draw_series([Text::new(count.to_string(), (x, y), style)])?;
        }
    }
    area.present()?;
    Ok(())
}
