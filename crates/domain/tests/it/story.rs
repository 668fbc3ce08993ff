//! Days on a set, told one sentence a test.

mod ammunition;
mod check;
mod custody;
mod drawing;
mod event;
mod node;
mod papers;
mod people;
mod record;
mod stop;
mod transfer;
mod weapon;
