//! The picture: each contestant's time over that of the expert.

use std::error::Error;
use std::path::{Path, PathBuf};

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::contestants::{EXPERT, layerwise};
use crate::table::Table;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The picture of the README.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benchmark.svg")
}

/// One panel a table. Nothing is drawn where the expert is absent.
pub fn write(path: &Path, tables: &[Table]) -> Result {
    let tables: Vec<_> = tables.iter().filter(|t| !ratios(t).is_empty()).collect();
    if tables.is_empty() {
        println!("no plot: there is nothing to compare with");
        return Ok(());
    }
    let root = SVGBackend::new(path, (400 * tables.len() as u32, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!("time over that of {EXPERT} (less is better)");
    let root = root.titled(&title, ("sans-serif", 18))?;
    for (area, table) in root.split_evenly((1, tables.len())).iter().zip(&tables) {
        panel(area, table)?;
    }
    root.present()?;
    Ok(())
}

/// Contestant, model, and ratio.
fn ratios(table: &Table) -> Vec<(usize, usize, f64)> {
    let rows = table.rows.iter().enumerate();
    rows.flat_map(|(model, row)| {
        let ratios = table.ratios(row).into_iter().enumerate();
        ratios.filter_map(move |(contestant, ratio)| Some((contestant, model, ratio?)))
    })
    .collect()
}

fn panel(area: &DrawingArea<SVGBackend, Shift>, table: &Table) -> Result {
    let points = ratios(table);
    let top = points.iter().map(|point| point.2).fold(2.0, f64::max);
    let bottom = points.iter().map(|point| point.2).fold(0.5, f64::min);
    let models = table.rows.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(
            table.mode.title().split(',').next().unwrap_or_default(),
            ("sans-serif", 15),
        )
        .margin(8)
        .x_label_area_size(24)
        .y_label_area_size(44)
        .build_cartesian_2d(-0.5..models - 0.5, (bottom / 1.2..top * 1.3).log_scale())?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .x_labels(table.rows.len() + 1)
        .x_label_formatter(&|&x| {
            let row = table
                .rows
                .get(x.max(0.0) as usize)
                .filter(|_| x.fract() == 0.0);
            row.map_or(String::new(), |row| row.model.to_string())
        })
        .y_label_formatter(&|ratio| format!("{ratio}"))
        .label_style(("sans-serif", 12))
        .draw()?;
    let line = vec![(-0.5, 1.0), (models - 0.5, 1.0)];
    chart.draw_series([PathElement::new(line, BLACK.mix(0.6))])?;

    let count = table.contestants.len() as f64;
    for (contestant, name) in table.contestants.iter().enumerate() {
        let own = points
            .iter()
            .filter(|point| point.0 == contestant && *name != EXPERT);
        let places: Vec<_> = own
            .map(|&(_, model, ratio)| {
                let beside = (contestant as f64 + 0.5) / count - 0.5;
                (model as f64 + 0.8 * beside, ratio)
            })
            .collect();
        if places.is_empty() {
            continue;
        }
        let colour = Palette99::pick(contestant).to_rgba();
        let size = if *name == layerwise::NAME { 6 } else { 4 };
        chart
            .draw_series(
                places
                    .into_iter()
                    .map(|place| Circle::new(place, size, colour.filled())),
            )?
            .label(*name)
            .legend(move |place| Circle::new(place, size, colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(("sans-serif", 12))
        .background_style(WHITE.mix(0.8))
        .draw()?;
    Ok(())
}
