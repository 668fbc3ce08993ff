//! `GET /invite`: whoever may let people in makes a link and shows its code. The phone makes the secret and signs.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;

use crate::desk::{DutyChoice, InviteView};
use crate::part::shell::{Page, shell};
use crate::session::Looking;
use crate::site::Shared;
use crate::{limit, pages};

/// Duties shown without a tap: a phone's height of large buttons, with the role still in sight.
const DUTIES_IN_VIEW: usize = 6;

pub(crate) async fn page(State(site): State<Shared>, looking: Looking) -> Response {
    let view = match site.desk.inviting(&looking.viewer) {
        Ok(view) => view,
        Err(trouble) => return pages::trouble(&site, &trouble, None),
    };
    let head = site.desk.head();
    let set = site.desk.set(None, &looking.viewer).ok();
    // The record's own clock says when the link runs out, not the phone's.
    let data = json!({ "act": view.act, "now": head.at });
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "invite",
            title: "Let someone in",
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: set.as_ref().map(|set| set.unit.id.as_str()),
            place: String::new(),
            stops: set.as_ref().map_or(&[], |set| &set.stops),
            lead: html! {},
            body: html! {
                h1 { "Let someone in" }
                p.sub { "Their phone makes its own key from a code on this screen. You cannot be the second of anyone you let in." }
                form #invite .plainform.invite data-view=(data.to_string()) { (fields(&view)) }
                section #invited .card.invited tabindex="-1" aria-live="polite" hidden {}
                noscript { p { "Making a link needs this page's script." } }
            },
        }),
    )
}

fn duties(duties: &[DutyChoice]) -> Markup {
    html! {
        div.buttons {
            @for duty in duties {
                button.ghost type="button" aria-pressed="false" data-value=(duty.value) data-department=(duty.department) { (duty.label) }
            }
        }
    }
}

fn fields(view: &InviteView) -> Markup {
    let (often, rest) = view
        .duties
        .split_at_checked(DUTIES_IN_VIEW)
        .unwrap_or((&view.duties, &[]));
    html! {
        div.field role="group" aria-labelledby="duties-words" {
            span #duties-words { "What they answer for" small { " one or more" } }
            div #duties {
                (duties(often))
                @if !rest.is_empty() {
                    details { summary { span { "Other duties" } } (duties(rest)) }
                }
            }
        }
        label {
            "Role on the boards, never a name"
            input #role type="text" maxlength=(limit::ROLE_CHARS_MAX) autocomplete="off" autocapitalize="off" required placeholder="performer C";
        }
        details #department {
            summary { span { "Department" } b #department-words { "choose" } }
            div.buttons {
                @for department in &view.departments {
                    button.ghost type="button" aria-pressed="false" data-value=(department.value.as_str().unwrap_or_default()) { (department.label) }
                }
            }
        }
        div.field role="group" aria-labelledby="lives-words" {
            span #lives-words { "The code is good for" }
            div.buttons.lives #lives {
                @for (place, (minutes, words)) in limit::LINK_LIVES.into_iter().enumerate() {
                    button.ghost type="button" aria-pressed=(place == 0) data-minutes=(minutes) { (words) }
                }
            }
        }
        label {
            span { "Name" small { " if you like: kept on the node, outside the record" } }
            input #name type="text" maxlength=(limit::NAME_CHARS_MAX) autocomplete="off";
        }
        div #invite-pin {}
        p #invite-said role="status" aria-live="polite" {}
        button.hold-to type="submit" { "Sign and show the code" }
    }
}
