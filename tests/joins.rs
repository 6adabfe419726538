//! Joining of several files: what companions give to a line, and that reading them in parallel gives what nested loops give.

#[path = "joins/layouts.rs"]
mod layouts;
#[path = "joins/small.rs"]
mod small;
