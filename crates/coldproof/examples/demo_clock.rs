//! The demonstration with a clock that stories move: each line of standard input is a number of milliseconds by which the
//! wall clock and the boot-time clock go on together, as if that time had passed. `e2e/real/time.test.js` waits out a lease
//! with it. The node, its record and its pages are those of `coldproof demo`; only the clock is held in the hand.

use std::io::BufRead as _;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use coldproof::demo::{self, Live, Who};
use coldproof::desk::NodeDesk;
use domain::time::Millis;
use domain::words::Department;
use node::{Clock, Newcomer, Node, Opening, Shelf, SystemClock};
use web::{Site, router};

#[derive(Clone, Default)]
struct Moved(Arc<AtomicI64>);

impl Clock for Moved {
    fn wall_ms(&self) -> Millis {
        SystemClock.wall_ms() + self.0.load(Relaxed)
    }

    fn boot_ms(&self) -> Millis {
        SystemClock.boot_ms() + self.0.load(Relaxed)
    }
}

fn main() -> anyhow::Result<()> {
    let clock = Moved::default();
    let folder = tempfile::tempdir()?;
    let opening = Opening {
        studio: "demo.example".to_owned(),
        production: demo::PRODUCTION.to_owned(),
        unit: demo::UNIT.to_owned(),
        watermark: demo::WATERMARK.to_owned(),
        packs: demo::PACKS.iter().map(|name| (*name).to_owned()).collect(),
        administrator: Who::Producer.role().to_owned(),
    };
    let book = Box::new(Shelf(protocol::shipped()));
    let (mut node, first) = Node::create(folder.path(), &opening, book, Box::new(clock.clone()))?;
    let day = demo::tell(&mut Live::new(&node, first))?;
    let link = |who: Who| {
        node.invite(&Newcomer {
            role: who.role().to_owned(),
            department: Department::Other,
            duties: vec![],
            for_person: day.people.get(&who).copied(),
            name: String::new(),
        })
    };
    let (armorer, second) = (link(Who::Armorer)?, link(Who::FirstAd)?);
    node.run_clock()?;

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    println!(
        "board http://localhost:{port}\narmorer http://phone1.localhost:{port}{}\nsecond http://phone2.localhost:{port}{}",
        armorer.path(),
        second.path()
    );
    let handle = axum_server::Handle::new();
    let ending = handle.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if let Ok(ms) = line.trim().parse::<Millis>() {
                clock.0.fetch_add(ms, Relaxed);
            }
        }
        web::shut(&ending);
    });
    let site = Site {
        desk: Arc::new(NodeDesk::new(Arc::new(node), NodeDesk::zone_here())),
        public_url: format!("http://localhost:{port}"),
        ca_pem: None,
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(web::serve(listener, router(site), None, handle))?;
    Ok(())
}
