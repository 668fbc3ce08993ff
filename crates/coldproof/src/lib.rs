//! What the one binary is made of, as far as tests call it.

pub mod asks;
pub mod demo;
pub mod desk;
pub mod replay;
