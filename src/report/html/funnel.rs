//! The funnel plot, as coordinates for a small SVG.
//!
//! Each sign is one prescriber or site: further right with more patients, higher with a larger share of them flagged. The
//! limits narrow with the number of patients. Signs differ in shape and fill, and the table below holds their numbers.
//! Only what the table shows is drawn, and the axis ends where it does.

use super::prescribers::{Line, place};
use crate::report::catalogue::PeerIds;
use crate::report::figure;
use crate::summary::{Band, MIN_PATIENTS, Position};

const WIDTH: u64 = 900;
const HEIGHT: u64 = 380;
const LEFT: u64 = 62;
const TOP: u64 = 14;
const PLOT_WIDTH: u64 = 810;
const PLOT_HEIGHT: u64 = 310;

/// Numbers of patients that may stand at the axis.
const TICKS: [u64; 18] = [
    11, 20, 30, 50, 100, 200, 300, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
    10_000_000,
];

/// The chart.
pub(super) struct Funnel {
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) left: u64,
    pub(super) right: u64,
    pub(super) top: u64,
    pub(super) bottom: u64,
    pub(super) middle: u64,
    pub(super) description: String,
    /// The height of the share of all.
    pub(super) center: u64,
    /// The limits as points of lines: of 95 %, then of 99.8 %, lower and upper.
    pub(super) inner: [String; 2],
    pub(super) outer: [String; 2],
    pub(super) across: Vec<Tick>,
    pub(super) up: Vec<Tick>,
    pub(super) points: Vec<Point>,
}

/// A number at an axis.
pub(super) struct Tick {
    pub(super) at: u64,
    pub(super) text: String,
}

/// One that is compared.
pub(super) struct Point {
    /// The outline of its sign.
    pub(super) path: String,
    pub(super) class: &'static str,
    pub(super) title: String,
}

/// From patients and shares to places in the drawing.
struct Scale {
    from: u64,
    until: u64,
    /// The share at the upper end, in percent.
    top: u64,
}

impl Funnel {
    pub(super) fn of(ids: PeerIds, lines: &[Line], bands: &[Band], (whole, part): (u64, u64)) -> Self {
        let most = lines.iter().map(|line| line.patients).max().unwrap_or(MIN_PATIENTS);
        let shares = lines.iter().map(|line| (line.flagged, line.patients)).chain([(part, whole)]);
        let highest = shares.map(|(part, whole)| percent_up(part, whole)).max().unwrap_or(100);
        let scale = Scale { from: MIN_PATIENTS, until: most.max(MIN_PATIENTS + 1), top: (highest + 10).min(100) };
        let bands: Vec<&Band> = bands.iter().filter(|band| band.patients <= most).collect();
        let drawn = |limit: fn(&Band) -> u64| {
            let points = bands.iter().map(|band| scale.point(limit(band), band.patients));
            points.map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
        };
        let number = |wanted: &[Position]| lines.iter().filter(|line| wanted.contains(&line.position)).count();
        Self {
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: LEFT + PLOT_WIDTH,
            top: TOP,
            bottom: TOP + PLOT_HEIGHT,
            middle: LEFT + PLOT_WIDTH / 2,
            description: format!(
                "{} {} by number of patients and share of them with a flagged order, around the share of all, {}. {} lie \
                 above and {} below the 95 % limits. The table below holds every number.",
                lines.len(),
                if lines.len() == 1 { ids.one } else { ids.all },
                figure::percent(part, whole),
                number(&[Position::FarAbove, Position::Above]),
                number(&[Position::FarBelow, Position::Below]),
            ),
            center: scale.up(part, whole),
            inner: [drawn(|band| band.low_95), drawn(|band| band.high_95)],
            outer: [drawn(|band| band.low_998), drawn(|band| band.high_998)],
            across: ticks(&scale),
            up: [0, 1, 2]
                .map(|step| scale.top * step / 2)
                .map(|percent| Tick { at: scale.up(percent, 100), text: format!("{percent} %") })
                .into(),
            points: lines.iter().map(|line| point(line, &scale)).collect(),
        }
    }
}

/// Numbers of patients along the axis that do not stand too close together.
fn ticks(scale: &Scale) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = Vec::new();
    for patients in TICKS.into_iter().filter(|patients| (scale.from..=scale.until).contains(patients)) {
        let at = scale.across(patients);
        if ticks.last().is_none_or(|last| at >= last.at + 50) {
            ticks.push(Tick { at, text: figure::count(patients) });
        }
    }
    ticks
}

/// A share in whole percent, upwards.
fn percent_up(part: u64, whole: u64) -> u64 {
    let percent = (u128::from(part) * 100).div_ceil(u128::from(whole.max(1)));
    u64::try_from(percent).unwrap_or(100).min(100)
}

impl Scale {
    /// By the root of the number, since limits narrow by it.
    fn across(&self, patients: u64) -> u64 {
        let root = |number: u64| (u128::from(number) * 1_000_000).isqrt();
        let (from, until) = (root(self.from), root(self.until));
        let at = (root(patients).clamp(from, until) - from) * u128::from(PLOT_WIDTH) / (until - from).max(1);
        LEFT + u64::try_from(at).unwrap_or(PLOT_WIDTH)
    }

    /// What is above the upper end is drawn at it.
    fn up(&self, part: u64, whole: u64) -> u64 {
        let of = u128::from(whole.max(1)) * u128::from(self.top.max(1));
        let height = u128::from(part) * 100 * u128::from(PLOT_HEIGHT) / of;
        TOP + PLOT_HEIGHT - u64::try_from(height).unwrap_or(PLOT_HEIGHT).min(PLOT_HEIGHT)
    }

    fn point(&self, part: u64, whole: u64) -> (u64, u64) {
        (self.across(whole), self.up(part, whole))
    }
}

/// The sign of one: a ring within the limits, a triangle that points outwards beyond them, filled beyond the outer ones.
fn point(line: &Line, scale: &Scale) -> Point {
    let (x, y) = scale.point(line.flagged, line.patients);
    let (path, class) = match line.position {
        Position::Within => (format!("M{} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", x - 4), "peer"),
        Position::Above => (format!("M{x} {}l6 10h-12z", y.saturating_sub(6)), "peer outside"),
        Position::FarAbove => (format!("M{x} {}l6 10h-12z", y.saturating_sub(6)), "peer far"),
        Position::Below => (format!("M{x} {}l6 -10h-12z", y + 6), "peer outside"),
        Position::FarBelow => (format!("M{x} {}l6 -10h-12z", y + 6), "peer far"),
    };
    let (_, place) = place(line.position);
    let title = format!("{}: {} of {} patients, {place}", line.label, line.flagged_text, line.patients_text);
    Point { path, class, title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_grow_with_patients_and_shares_and_stay_inside() {
        let scale = Scale { from: 11, until: 1_000, top: 60 };
        assert_eq!((scale.across(11), scale.across(1_000)), (LEFT, LEFT + PLOT_WIDTH));
        assert!(scale.across(20) < scale.across(21) && scale.across(9_999) == LEFT + PLOT_WIDTH);
        assert_eq!((scale.up(0, 9), scale.up(6, 10), scale.up(9, 9)), (TOP + PLOT_HEIGHT, TOP, TOP));
        assert_eq!(scale.up(3, 10), TOP + PLOT_HEIGHT / 2);
    }

    #[test]
    fn numbers_at_the_axis_do_not_touch() {
        for until in [12, 40, 977, 80_000] {
            let ticks = ticks(&Scale { from: 11, until, top: 100 });
            assert_eq!(ticks[0].text, "11");
            assert!(ticks.windows(2).all(|two| two[1].at >= two[0].at + 50));
        }
    }
}
