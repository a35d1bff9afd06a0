//! Times of several workers, side by side.

use std::io;
use std::time::Duration;

use crate::timed::Timed;

/// So long should one measurement take, that the clock and the pipes do not matter.
const ENOUGH: Duration = Duration::from_millis(40);

/// So often is the job done at least for one measurement: a collector may be busy in every other one only.
const FEWEST: u64 = 3;

/// The median times of workers for one iteration, measured in turns.
///
/// # Errors
/// How a worker ended that should not.
pub(crate) fn medians(workers: &mut [Timed], rounds: usize) -> io::Result<Vec<Duration>> {
    let mut iterations = Vec::new();
    for worker in workers.iter_mut() {
        let once = worker.measure(1)?.max(Duration::from_nanos(1));
        iterations.push((ENOUGH.as_nanos() / once.as_nanos()).max(FEWEST.into()) as u64);
    }
    let mut times = vec![Vec::new(); workers.len()];
    for _ in 0..rounds {
        for ((worker, times), &count) in workers.iter_mut().zip(&mut times).zip(&iterations) {
            times.push(worker.measure(count)?.div_f64(count as f64));
        }
    }
    Ok(times.into_iter().map(median).collect())
}

/// The middle one.
pub(crate) fn median<T: Ord + Copy>(mut numbers: Vec<T>) -> T {
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}

/// The geometric mean.
pub(crate) fn geometric_mean(numbers: &[f64]) -> f64 {
    let logarithms: f64 = numbers.iter().map(|number| number.ln()).sum();
    (logarithms / numbers.len() as f64).exp()
}
