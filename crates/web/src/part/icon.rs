//! The shapes of the states, once a page, used by `<use href="#s-…">`.

use maud::{Markup, html};

/// All symbols. Colours come from the stylesheet, so that both themes and printing work.
pub(crate) fn sprite() -> Markup {
    html! {
        svg.sprite width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                symbol id="s-locked" viewBox="0 0 24 24" {
                    circle.line cx="12" cy="12" r="9.6" {}
                    circle.fill cx="12" cy="10" r="2.6" {}
                    path.fill d="M10.7 11.5h2.6l1 5.5H9.7z" {}
                }
                symbol id="s-check" viewBox="0 0 24 24" {
                    path.diamond d="M12 1 23 12 12 23 1 12z" {}
                    path.onfill d="M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.3" {}
                    circle.dot cx="12" cy="17.3" r="1.3" {}
                }
                symbol id="s-cold" viewBox="0 0 24 24" {
                    rect.fill x="2" y="2" width="20" height="20" rx="4" {}
                    path.cut d="M12 5v14M6 8.5l12 7M18 8.5l-12 7" {}
                }
                symbol id="s-cold-last" viewBox="0 0 24 24" {
                    path.fill d="M12 1.2 22.8 12 12 22.8 1.2 12z" {}
                    path.cut d="M12 6.5v11M7.2 9.2l9.6 5.6M16.8 9.2l-9.6 5.6" {}
                }
                symbol id="s-none" viewBox="0 0 24 24" { rect.line x="3" y="3" width="18" height="18" rx="4" {} }
                symbol id="s-dull" viewBox="0 0 24 24" {
                    rect.line x="3" y="3" width="18" height="18" rx="4" {}
                    rect.fill x="6.5" y="9.8" width="11" height="4.4" rx="2.2" {}
                }
                symbol id="s-hot" viewBox="0 0 24 24" {
                    path.line d="M12 2.5 22.5 21h-21z" {}
                    path.line d="M12 9v6M12 17.2v1.8" {}
                }
                symbol id="s-hold" viewBox="0 0 24 24" {
                    path.line d="M7 13V6.2a1.5 1.5 0 0 1 3 0V11V4a1.5 1.5 0 0 1 3 0v7V5a1.5 1.5 0 0 1 3 0v7.5l.3-2.4a1.5 1.5 0 0 1 3 .4l-.8 6C18 20 16 22 12.8 22 10 22 8.600 21 7.300 18.700L4.200 13.600a1.500 1.500 0 0 1 2.500-1.600z" {}
                }
                symbol id="s-grounded" viewBox="0 0 24 24" {
                    circle.line cx="12" cy="12" r="9.6" {}
                    path.line d="M5.4 12h13.200" {}
                }
                symbol id="s-stop" viewBox="0 0 24 24" { path.fill d="M7.4 1.500h9.200L22.500 7.400v9.200L16.600 22.500H7.400L1.500 16.600V7.400z" {} }
                symbol id="s-old" viewBox="0 0 24 24" {
                    path.line d="M2.500 4.500h19v15h-19z" {}
                    path.line d="M2.500 19.500 12 4.500M9 19.500 18.500 4.500M15.500 19.500l6-9.500" {}
                }
            }
        }
    }
}

/// One shape. Text beside it carries the meaning for a screen reader.
pub(crate) fn icon(id: &str) -> Markup {
    html! { svg.mark aria-hidden="true" focusable="false" { use href=(format!("#{id}")) {} } }
}
