//! What pages share: the frame, states, drawings, buttons.

pub(crate) mod care;
pub(crate) mod clock;
pub(crate) mod cylinder;
pub(crate) mod file;
pub(crate) mod icon;
pub(crate) mod offer;
pub(crate) mod record;
pub(crate) mod shell;
pub(crate) mod state;
