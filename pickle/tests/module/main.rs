//! The Python-visible modules, called as Python-shaped code calls them. What is expected was measured on 2.7.18 and 3.13.0.

mod cpickle;
mod documented;
mod hostile;
mod pickle;
mod python3;
mod support;
