//! Medians and percentiles.

/// `median [lower quartile–upper quartile]` with so many digits.
pub(crate) fn of(values: impl Iterator<Item = f64>, digits: usize) -> String {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    format!(
        "{:.digits$} [{:.digits$}–{:.digits$}]",
        at(&sorted, 50),
        at(&sorted, 25),
        at(&sorted, 75)
    )
}

/// The value below which `percent` of the sorted values lie; 0 if there are none.
pub(crate) fn at(sorted: &[f64], percent: usize) -> f64 {
    let index = (sorted.len().saturating_sub(1) * percent).div_ceil(100);
    sorted.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_lies_in_the_middle() {
        assert_eq!(of([5.0, 3.0, 1.0, 2.0, 4.0].into_iter(), 0), "3 [2–4]");
        assert!((at(&[1.0, 2.0, 3.0, 4.0], 100) - 4.0).abs() < f64::EPSILON);
    }
}
