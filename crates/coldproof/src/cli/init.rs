//! `coldproof init`: a new production.

use super::args::{Form, Init};
use super::exit::{Exit, Failure};
use super::settings::{Certificates, Settings, year};
use super::{lan, qr};
use node::{Node, Opening, Shelf, SystemClock};

pub(crate) fn run(args: &Init, form: Form) -> Result<Exit, Failure> {
    let year = year();
    let mut settings = Settings {
        name: args.name.clone(),
        production: args.production.clone(),
        port: args.port,
        read_port: args.read_port,
        ca_year: year,
        leaf_year: 0,
        addresses: Vec::new(),
        backup: None,
    };
    if !settings.name_lasts() {
        return Err(Failure::invalid(format!("`{}` is no name that lasts", args.name))
            .help("give `--name` a name with a dot that stays for the life of the production: a phone's key belongs to it"));
    }
    let opening = Opening {
        studio: args.studio.clone(),
        production: args.production.clone(),
        unit: args.unit.clone(),
        packs: args.packs.clone(),
        ..Opening::default()
    };
    let book = Box::new(Shelf(protocol::shipped()));
    let (node, link) = Node::create(&args.dir, &opening, book, Box::new(SystemClock))?;
    let certificates = Certificates::of(&args.dir);
    certificates.make_ca(&args.production, &args.name, year)?;
    certificates.leaf(&mut settings, lan::address(), year)?;
    settings.write(&args.dir)?;
    let phone = format!("https://{}:{}{}", settings.name, settings.port, link.path());
    let here = format!("http://localhost:{}{}", settings.read_port, link.path());
    let vkey = node.verifier().to_string();
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"folder": args.dir, "origin": node.origin(), "vkey": vkey, "administrator": {"phone": phone, "here": here, "until": link.until}, "packs": node.packs()})
        ),
        Form::Plain => {
            println!(
                "origin {}\nvkey {vkey}\nadministrator {phone}\nhere {here}",
                node.origin()
            );
        }
        Form::Human => {
            println!("A new production in `{}`.\n", args.dir.display());
            println!("log            {}\npublic key     {vkey}", node.origin());
            println!(
                "               write the public key down elsewhere: it tells this log from any other\n"
            );
            println!("administrator  {phone}\non this laptop {here}");
            println!(
                "               good once, for twelve hours; hand it over face to face\n\n{}",
                qr::square(&phone)
            );
            println!(
                "Next: coldproof doctor {0}\n      coldproof serve {0}",
                args.dir.display()
            );
        }
    }
    Ok(Exit::Done)
}
