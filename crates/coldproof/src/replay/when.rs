//! Times as sources give them: local, often only a day or a month, with a width.

use super::tree::{Node, Read};
use domain::time::Millis;
use jiff::{civil, tz::TimeZone};

/// One minute in ms.
pub(super) const MINUTE: Millis = 60_000;
/// One day in ms.
pub(super) const DAY: Millis = 24 * 60 * MINUTE;

/// When something happened, as the source has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct When {
    /// The instant the replay takes, ms UTC: noon where only the day is known, the first where only the month is.
    pub(super) ms: Millis,
    /// As written, with the offset of the place where a clock time is given, and the width if one is.
    pub(super) shown: String,
}

/// The place's clock.
#[derive(Clone, Debug)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// A name such as `America/Denver`, or a fixed offset such as `-06:00`.
    pub(super) fn read(node: &Node) -> Read<Self> {
        let name = node.text("zone")?;
        if let Some(offset) = fixed(name) {
            return Ok(Self(TimeZone::fixed(offset)));
        }
        TimeZone::get(name).map(Self).map_err(|_| {
            node.wrong(format!("the zone `{name}` is not known: write a place such as \"America/Denver\" or an offset such as \"-06:00\""))
        })
    }

    /// A date, or a date and time. `about` is the width, if the source gives one.
    pub(super) fn when(&self, node: &Node, about: Option<&Node>) -> Read<When> {
        let written = node.label("at")?;
        let width = about.map(width).transpose()?;
        let shown = |text: String| match &width {
            None => text,
            Some(width) => format!("{text} ±{width}"),
        };
        if let Some(coarse) = coarse(&written) {
            return Ok(When {
                ms: self.millis(coarse, node)?,
                shown: shown(written),
            });
        }
        if let Ok(exact) = written.replace(' ', "T").parse::<jiff::Timestamp>() {
            return Ok(When {
                ms: exact.as_millisecond(),
                shown: shown(written),
            });
        }
        let clock: civil::DateTime = written.replace(' ', "T").parse().map_err(|_| {
            node.wrong(format!(
                "`{written}` is not a time: write 2021, 2021-10, 2021-10-21, 2021-10-21T13:40 or 2021-10-21T13:40-06:00"
            ))
        })?;
        let zoned = self
            .0
            .to_zoned(clock)
            .map_err(|fault| node.wrong(format!("`{written}` is not a time: {fault}")))?;
        let text = zoned.strftime("%Y-%m-%dT%H:%M%:z").to_string();
        Ok(When {
            ms: zoned.timestamp().as_millisecond(),
            shown: shown(text),
        })
    }

    /// A day and a time of day such as `06:30`, ms UTC.
    pub(super) fn on_day(&self, day: civil::Date, clock: &Node, what: &str) -> Read<Millis> {
        let written = clock.text(what)?;
        let time: civil::Time = written.parse().map_err(|_| {
            clock.wrong(format!(
                "`{what}` must be a time of day such as \"06:30\", not `{written}`"
            ))
        })?;
        self.millis(day.to_datetime(time), clock)
    }

    /// An instant as people on the place read it.
    pub(super) fn show(&self, ms: Millis) -> String {
        jiff::Timestamp::from_millisecond(ms).map_or_else(
            |_| ms.to_string(),
            |at| {
                at.to_zoned(self.0.clone())
                    .strftime("%Y-%m-%d %H:%M")
                    .to_string()
            },
        )
    }

    fn millis(&self, clock: civil::DateTime, node: &Node) -> Read<Millis> {
        let zoned = self
            .0
            .to_zoned(clock)
            .map_err(|fault| node.wrong(format!("this is not a time: {fault}")))?;
        Ok(zoned.timestamp().as_millisecond())
    }
}

/// A day such as `2021-10-21`.
pub(super) fn day(node: &Node) -> Read<civil::Date> {
    let written = node.text("a day")?;
    written
        .parse()
        .map_err(|_| node.wrong(format!("`{written}` is not a day: write it as 2021-10-21")))
}

/// A length such as `15 min`, `2 h`, `15 s` or `3 days`, in ms; a bare number is ms.
pub(super) fn length(node: &Node, what: &str) -> Read<Millis> {
    use super::tree::Value;
    if let Value::Whole(ms) = node.value {
        return Ok(ms);
    }
    let written = node.text(what)?;
    let wrong = || {
        node.wrong(format!(
            "`{written}` is not a length: write it as \"15 s\", \"15 min\", \"2 h\" or \"3 days\""
        ))
    };
    let text = written.trim().trim_start_matches(['±', '~']).trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: Millis = number.parse().map_err(|_| wrong())?;
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => MINUTE,
        "h" => 60 * MINUTE,
        "d" | "day" | "days" => DAY,
        "week" | "weeks" => 7 * DAY,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).ok_or_else(wrong)
}

/// A width as written, once it is known to be one.
fn width(node: &Node) -> Read<String> {
    length(node, "about")?;
    Ok(node
        .text("about")?
        .trim()
        .trim_start_matches(['±', '~'])
        .trim()
        .to_owned())
}

fn fixed(name: &str) -> Option<jiff::tz::Offset> {
    let (sign, rest) = match name.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => {
            return if name == "Z" || name == "UTC" {
                Some(jiff::tz::Offset::UTC)
            } else {
                None
            };
        }
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    jiff::tz::Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
}

/// Noon of a day; of the first of a month; of the first of January.
fn coarse(written: &str) -> Option<civil::DateTime> {
    let whole = match written.len() {
        4 => format!("{written}-01-01"),
        7 => format!("{written}-01"),
        10 => written.to_owned(),
        _ => return None,
    };
    let day: civil::Date = whole.parse().ok()?;
    Some(day.at(12, 0, 0, 0))
}
