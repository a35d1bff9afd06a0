//! A to-do store: tasks that last from one run of a program to the next, and survive a crash in between.
//!
//! Each task is a dict in a shelf, a file that needs no server. What belongs together is changed in a transaction.

use std::error::Error;
use std::path::Path;

use halfsour::shelve::{Flag, Shelf, Walk};
use halfsour::{Context, Dict, Result, Runtime, Value};

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("todo-{}.shelf", std::process::id()));
    first_day(&path)?;
    second_day(&path)?;
    Ok(std::fs::remove_file(path)?)
}

fn first_day(path: &Path) -> std::result::Result<(), Box<dyn Error>> {
    let mut todo = Shelf::open(path, Flag::Create)?;
    Runtime::python3().try_enter(|ctx| {
        let tasks = ["Buy cucumbers", "Boil the brine", "Wait four days", "Label the jars"];
        for (number, title) in tasks.into_iter().enumerate() {
            todo.set(ctx, format!("task {number}"), task(ctx, title)?)?;
        }
        // What fails leaves the shelf as it was.
        let failed = todo.transaction(ctx, |todo| {
            todo.delete(ctx, "task 0")?;
            todo.delete(ctx, "task 9")
        });
        println!("Tasks 0 and 9 were deleted: {}", failed.is_ok());
        todo.close(ctx)
    })?;
    Ok(())
}

fn second_day(path: &Path) -> std::result::Result<(), Box<dyn Error>> {
    let mut todo = Shelf::open(path, Flag::Write)?;
    Runtime::python3().try_enter(|ctx| {
        let boil = todo.get_item(ctx, "task 1")?;
        boil.set_item(ctx, "done", true)?;
        todo.transaction(ctx, |todo| {
            todo.set(ctx, "task 1", boil)?;
            todo.delete(ctx, "task 3")
        })?;
        // A walk reads page by page, however many tasks there are.
        let mut walk = Walk::all();
        while let Some((_, task)) = walk.next_item(ctx, &mut todo)? {
            let mark = if task.get_item(ctx, "done")?.truth(ctx)? { "x" } else { " " };
            println!("[{mark}] {}", task.get_item(ctx, "title")?.to::<String>(ctx)?);
        }
        todo.close(ctx)
    })?;
    Ok(())
}

/// `{'title': title, 'done': False}`
fn task<'gc>(ctx: Context<'gc>, title: &str) -> Result<'gc> {
    let task = Value::from(Dict::new(ctx));
    task.set_item(ctx, "title", title)?;
    task.set_item(ctx, "done", false)?;
    Ok(task)
}
