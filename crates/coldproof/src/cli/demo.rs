//! `coldproof demo`: seeds the day, prints what to open, serves it.

use super::args::{Demo, Form};
use super::exit::{Exit, Failure};
use super::serve::{Listen, serve};
use super::{lan, qr};
use coldproof::demo::{self, Day, Live, Who};
use coldproof::desk::Nag;
use domain::words::Department;
use node::{Link, Newcomer, Node, Opening, Shelf, SystemClock};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The PIN of both people who have a key on the cart; a demonstration's is no secret.
const PIN: &str = "258025";
/// What to try first.
const TRY: &str = "\
Enrol the first two and open tag 01 on each. It came empty: choose the Full check and answer Empty six times, or
load six dummies from lot D1 first. Neither sees the other's answers until both are in.
Tags 02 to 09 stand in a line. Anyone may press STOP.
";

pub(crate) fn run(args: &Demo, form: Form) -> Result<Exit, Failure> {
    // The port first: nothing is seeded for an address that is taken.
    let listener = if args.no_serve {
        None
    } else {
        Some(listen(args)?)
    };
    let folder = Folder::of(args.data.as_deref())?;
    let (mut node, first) = create(folder.path())?;
    let day = demo::tell(&mut Live::new(&node, first))
        .map_err(|error| Failure::fault(format!("{error:#}")))?;
    let links = Links::make(&node, &day)?;
    let Some(listener) = listener else {
        seeded(&node, folder.path(), form);
        return Ok(Exit::Done);
    };
    let port = listener.local_addr()?.port();
    node.run_clock()?;
    let address = if args.local { None } else { lan::address() };
    greet(&links, port, address, form);
    let listen = Listen {
        listener,
        public_url: address.map_or_else(
            || format!("http://localhost:{port}"),
            |address| format!("http://{address}:{port}"),
        ),
        ca_pem: None,
        tls: None,
    };
    // Nobody expects a copy of a demonstration.
    let nag = Nag {
        copy_after_ms: None,
        ..Nag::default()
    };
    serve(Arc::new(node), vec![listen], nag)?;
    Ok(Exit::Done)
}

fn listen(args: &Demo) -> Result<TcpListener, Failure> {
    let on = if args.local {
        Ipv4Addr::LOCALHOST
    } else {
        Ipv4Addr::UNSPECIFIED
    };
    TcpListener::bind((on, args.port)).map_err(|error| {
        Failure::fault(format!("port {} cannot be used: {error}", args.port))
            .help("`--port 0` takes any that is free")
    })
}

fn create(folder: &Path) -> Result<(Node, Link), Failure> {
    let opening = Opening {
        studio: "demo.example".to_owned(),
        production: demo::PRODUCTION.to_owned(),
        unit: demo::UNIT.to_owned(),
        watermark: demo::WATERMARK.to_owned(),
        packs: demo::PACKS.iter().map(|name| (*name).to_owned()).collect(),
        administrator: Who::Producer.role().to_owned(),
    };
    let book = Box::new(Shelf(protocol::shipped()));
    Ok(Node::create(folder, &opening, book, Box::new(SystemClock))?)
}

/// A folder of the caller's, or one that goes away.
enum Folder {
    Kept(PathBuf),
    Passing(tempfile::TempDir),
}

impl Folder {
    fn of(kept: Option<&Path>) -> Result<Self, Failure> {
        match kept {
            Some(path) => Ok(Self::Kept(path.to_owned())),
            None => Ok(Self::Passing(
                tempfile::Builder::new()
                    .prefix("coldproof-demo-")
                    .tempdir()?,
            )),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }
}

/// Paths that make a browser somebody's phone.
struct Links {
    armorer: String,
    second: String,
    administrator: String,
}

impl Links {
    /// Three links for phones, and keys on the cart for two people.
    fn make(node: &Node, day: &Day) -> Result<Self, Failure> {
        let link = |who: Who| {
            let person = day.people.get(&who).copied();
            let newcomer = Newcomer {
                role: who.role().to_owned(),
                department: Department::Other,
                duties: vec![],
                for_person: person,
                name: String::new(),
            };
            node.invite(&newcomer)
        };
        for who in [Who::Armorer, Who::PropertyMaster] {
            node.cart_enrol(&link(who)?.secret, PIN)?;
        }
        Ok(Self {
            armorer: link(Who::Armorer)?.path(),
            second: link(Who::FirstAd)?.path(),
            administrator: link(Who::Producer)?.path(),
        })
    }
}

/// What there is when nothing is served.
fn seeded(node: &Node, folder: &Path, form: Form) {
    let size = node.seen().size;
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"folder": folder, "origin": node.origin(), "entries": size})
        ),
        Form::Plain => println!(
            "folder {}\norigin {}\nentries {size}",
            folder.display(),
            node.origin()
        ),
        Form::Human => println!(
            "Seeded {size} entries of {} in `{}`.",
            node.origin(),
            folder.display()
        ),
    }
}

fn greet(links: &Links, port: u16, address: Option<IpAddr>, form: Form) {
    let board = format!("http://localhost:{port}");
    let armorer = format!("http://phone1.localhost:{port}{}", links.armorer);
    let second = format!("http://phone2.localhost:{port}{}", links.second);
    let administrator = format!("http://phone3.localhost:{port}{}", links.administrator);
    let lan = address.map(|address| format!("http://{address}:{port}"));
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"board": board, "cart": format!("{board}/cart"), "lan": lan, "armorer": armorer, "second": second, "administrator": administrator, "pin": PIN})
        ),
        Form::Plain => {
            println!("board {board}\ncart {board}/cart\npin {PIN}");
            if let Some(lan) = lan {
                println!("lan {lan}");
            }
            println!("administrator {administrator}\narmorer {armorer}\nsecond {second}");
        }
        Form::Human => {
            println!(
                "{}, a fictional ranch day. Nobody here is real; DEMO stands on every page.\n",
                demo::PRODUCTION
            );
            println!("board    {board}");
            println!("cart     {board}/cart   (armorer and property master, PIN {PIN})\n");
            println!("Three phones, each a browser window of its own; the links are good once:");
            println!("armorer  {armorer}");
            println!("second   {second}");
            println!("admin    {administrator}   (lets people in)\n");
            println!("{TRY}");
            if let Some(lan) = lan {
                println!(
                    "A phone on this network reads and stops at {lan} (it cannot sign there: plain http)."
                );
                println!("{}", qr::square(&lan));
            } else {
                println!("{}", qr::square(&board));
            }
            println!("Ctrl-C ends it.");
        }
    }
}
