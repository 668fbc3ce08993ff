//! What the node said of a write, as HTTP. The one place where its errors become statuses.

use domain::id::StopId;
use node::{Entered, NotEntered};
use serde_json::json;
use tokio::sync::oneshot;
use web::desk::{Answer, Trouble};

/// Waits for the node's answer. `handed`: it was handed over at all.
pub(super) async fn heard(
    handed: bool,
    heard: oneshot::Receiver<Result<Entered, NotEntered>>,
) -> Answer {
    if !handed {
        return broke_off();
    }
    heard.await.map_or_else(|_| broke_off(), of)
}

/// The answer as it goes out; a refusal too is 200, it stands in the record.
pub(super) fn of(answer: Result<Entered, NotEntered>) -> Answer {
    match answer {
        Ok(entered) => Answer {
            status: 200,
            json: entered.json(),
        },
        Err(not) => Answer {
            status: status(&not),
            json: not.json(),
        },
    }
}

const fn status(not: &NotEntered) -> u16 {
    match not {
        NotEntered::Invalid { .. } => 400,
        NotEntered::Denied { .. } => 403,
        NotEntered::Fault { .. } => 503,
    }
}

/// For questions.
pub(super) fn trouble(not: &NotEntered) -> Trouble {
    match not {
        NotEntered::Invalid { .. } | NotEntered::Denied { .. } => Trouble::Denied(sentence(not)),
        NotEntered::Fault { .. } => Trouble::Fault(sentence(not)),
    }
}

fn sentence(not: &NotEntered) -> String {
    let says = not.to_string();
    let mut letters = says.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect::<String>() + "."
    })
}

pub(super) fn pressed(id: StopId, recorded: bool) -> Answer {
    Answer {
        status: 200,
        json: json!({ "id": id.to_string(), "recorded": recorded })
            .to_string()
            .into_bytes(),
    }
}

pub(super) fn broke_off() -> Answer {
    let json = json!({ "code": "broke_off", "message": "the node broke off; send it again, it is entered once" });
    Answer {
        status: 503,
        json: json.to_string().into_bytes(),
    }
}

pub(super) fn unknown_person() -> Answer {
    let json =
        json!({ "code": "no_cart_key", "message": "there is no key of this person on the cart" });
    Answer {
        status: 403,
        json: json.to_string().into_bytes(),
    }
}
