//! The picture: each contestant's time over that of one of them.

use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::contestants::layerwise;
use crate::table::Table;

type Result = std::result::Result<(), Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// In pixels.
const WIDTH: u32 = 380;
const HEIGHT: u32 = 380;
const HEAD: u32 = 64;

/// A picture of the README.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// One panel a table, all with the same base. Nothing is drawn where that is absent.
pub fn write(path: &Path, tables: &[Table]) -> Result {
    let tables: Vec<_> = tables
        .iter()
        .filter(|table| table.has(table.base))
        .collect();
    let Some(first) = tables.first() else {
        println!("no plot: there is nothing to compare with");
        return Ok(());
    };
    let ratios = || {
        tables
            .iter()
            .flat_map(|table| points(table))
            .map(|point| point.ratio)
    };
    let range = ratios().fold(0.6, f64::min) / 1.2..ratios().fold(2.0, f64::max) * 1.4;

    let root = SVGBackend::new(path, (WIDTH * tables.len() as u32, HEAD + HEIGHT));
    let root = root.into_drawing_area();
    root.fill(&WHITE)?;
    let (head, panels) = root.split_vertically(HEAD);
    legend(&head, first)?;
    for (area, table) in panels.split_evenly((1, tables.len())).iter().zip(tables) {
        panel(area, table, range.clone())?;
    }
    root.present()?;
    Ok(())
}

struct Point {
    contestant: usize,
    model: usize,
    ratio: f64,
}

fn points(table: &Table) -> Vec<Point> {
    let rows = table.rows.iter().enumerate();
    rows.flat_map(|(model, row)| {
        let ratios = table.ratios(row).into_iter().enumerate();
        ratios.filter_map(move |(contestant, ratio)| {
            Some(Point {
                contestant,
                model,
                ratio: ratio?,
            })
        })
    })
    .collect()
}

/// Colour and radius of a contestant's points.
fn style(table: &Table, contestant: usize) -> (ShapeStyle, i32) {
    let radius = if table.contestants[contestant] == layerwise::NAME {
        6
    } else {
        4
    };
    (Palette99::pick(contestant).filled(), radius)
}

fn legend(area: &Area, table: &Table) -> Result {
    let title = format!("time over that of {}: less is better", table.base);
    area.draw(&Text::new(title, (16, 12), ("sans-serif", 18)))?;
    let mut x = 22;
    for (contestant, name) in table.contestants.iter().enumerate() {
        if *name == table.base {
            continue;
        }
        let (colour, radius) = style(table, contestant);
        area.draw(&Circle::new((x, 47), radius, colour))?;
        area.draw(&Text::new(*name, (x + 12, 41), ("sans-serif", 14)))?;
        x += 30 + 8 * name.len() as i32;
    }
    Ok(())
}

fn panel(area: &Area, table: &Table, range: Range<f64>) -> Result {
    let models = table.rows.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(table.title, ("sans-serif", 15))
        .margin(8)
        .x_label_area_size(24)
        .y_label_area_size(44)
        .build_cartesian_2d(-0.5..models - 0.5, range.log_scale())?;
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
        .y_labels(5)
        .y_label_formatter(&|ratio| format!("{ratio}"))
        .label_style(("sans-serif", 12))
        .draw()?;
    let one = vec![(-0.5, 1.0), (models - 0.5, 1.0)];
    chart.draw_series([PathElement::new(one, BLACK)])?;
    let points = points(table);
    let others = points
        .iter()
        .filter(|point| table.contestants[point.contestant] != table.base);
    chart.draw_series(others.map(|point| {
        // Side by side within a model's share of the axis.
        let beside = (point.contestant as f64 + 0.5) / table.contestants.len() as f64 - 0.5;
        let (colour, radius) = style(table, point.contestant);
        Circle::new(
            (point.model as f64 + 0.8 * beside, point.ratio),
            radius,
            colour,
        )
    }))?;
    Ok(())
}
