//! Times as people read them, always with their zone.

use crate::desk::Zone;

const MINUTE_MS: i64 = 60_000;
const DAY_S: i64 = 86_400;

/// `14:02:11 MDT`; the zone is left to [`Zone`].
pub(crate) fn time(at_ms: i64, zone: &Zone) -> String {
    format!("{} {}", bare(at_ms, zone), zone.name)
}

/// `14:02:11`, where the zone stands elsewhere on the page.
pub(crate) fn bare(at_ms: i64, zone: &Zone) -> String {
    let local_s = (at_ms + i64::from(zone.offset_minutes) * MINUTE_MS)
        .div_euclid(1000)
        .rem_euclid(DAY_S);
    format!(
        "{:02}:{:02}:{:02}",
        local_s / 3600,
        local_s / 60 % 60,
        local_s % 60
    )
}

/// `1,204`
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_zone_of_the_production() {
        let zone = Zone {
            name: "MDT".to_owned(),
            offset_minutes: -360,
        };
        assert_eq!(time(1_634_846_531_000, &zone), "14:02:11 MDT");
        assert_eq!(
            bare(
                -1,
                &Zone {
                    name: String::new(),
                    offset_minutes: 0
                }
            ),
            "23:59:59"
        );
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1204, 1_000_000].map(number),
            ["0", "999", "1,204", "1,000,000"]
        );
    }
}
