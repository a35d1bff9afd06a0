//! A chart of ratios as SVG: one bar for each workload, on a logarithmic axis.

use std::fmt::Write;

/// Bars of one colour.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) bars: Vec<(String, f64)>,
}

const LABELS: f64 = 190.0;
const WIDTH: f64 = 760.0;
const ROW: f64 = 16.0;
const COLOURS: [&str; 4] = ["#3b7a57", "#2f6690", "#b5651d", "#7a3b69"];
const TICKS: [f64; 9] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

/// Draws groups of bars one below another.
pub(crate) fn draw(groups: &[Group]) -> String {
    let rows: usize = groups.iter().map(|group| group.bars.len() + 2).sum();
    let height = (rows as f64 + 2.0) * ROW;
    let mut svg = String::new();
    // Writing to a string does not fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for tick in TICKS {
        let (at, colour) = (x(tick), if tick == 1.0 { "#333333" } else { "#dddddd" });
        let end = height - 1.5 * ROW;
        let _ = write!(
            svg,
            "<line x1=\"{at:.1}\" y1=\"0\" x2=\"{at:.1}\" y2=\"{end}\" stroke=\"{colour}\"/>\n<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tick}x</text>\n",
            end + ROW
        );
    }
    let mut y = ROW;
    for (group, colour) in groups.iter().zip(COLOURS.iter().cycle()) {
        let _ = writeln!(
            svg,
            "<text x=\"4\" y=\"{:.1}\" font-weight=\"bold\">{}</text>",
            y + 3.0,
            group.title
        );
        y += ROW;
        for (name, ratio) in &group.bars {
            let (one, end) = (x(1.0), x(*ratio));
            let (left, width) = (one.min(end), (end - one).abs().max(1.0));
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>\n<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"11\" fill=\"{colour}\"/>\n<text x=\"{:.1}\" y=\"{:.1}\">{ratio:.1}</text>\n",
                LABELS - 6.0,
                y + 3.0,
                y - 6.0,
                one.max(end) + 4.0,
                y + 3.0
            );
            y += ROW;
        }
        y += ROW;
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where a ratio is on the axis.
fn x(ratio: f64) -> f64 {
    let (least, most) = (TICKS[0].ln(), TICKS[TICKS.len() - 1].ln());
    let part = (ratio.ln() - least) / (most - least);
    LABELS + part.clamp(0.0, 1.0) * (WIDTH - LABELS - 50.0)
}
