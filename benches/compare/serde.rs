//! serde-pickle's `Value`, both ways: a tree, without sharing, cycles or classes.

use serde_pickle::{DeOptions, SerOptions, value_from_slice, value_to_vec};

use crate::child::{Outcome, answer_all};
use crate::job::{Job, Task};

/// The child. It dumps at protocol 2 or 3, as it can.
pub(crate) fn serve(job: &Job, stream: &[u8]) -> Outcome {
    let load = || value_from_slice(stream, DeOptions::new());
    match job.task {
        Task::Load | Task::Hold => answer_all(job.task, || Ok(load()?)),
        Task::Dump => {
            let value = load()?;
            let options =
                if job.protocol <= 2 { SerOptions::new().proto_v2() } else { SerOptions::new() };
            answer_all(job.task, || Ok(value_to_vec(&value, options.clone())?))
        }
        Task::DeepCopy => Err("it has no objects to copy".into()),
    }
}
