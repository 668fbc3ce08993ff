//! `coldproof serve`: the set node, on https for phones that sign and on http for the cart screen and for reading.

use super::args::{Form, Serve};
use super::exit::{Exit, Failure};
use super::settings::{Certificates, Settings, year};
use super::{backup, lan, qr};
use coldproof::asks::Asks;
use coldproof::desk::{Nag, NodeDesk};
use domain::words::{Department, Duty};
use node::{Around, Newcomer, Node, Shelf, SystemClock};
use std::net::TcpListener;
use std::sync::Arc;
use web::{Site, Tls, router};

/// One address to listen on.
pub(crate) struct Listen {
    pub(crate) listener: TcpListener,
    /// What posters and links say.
    pub(crate) public_url: String,
    pub(crate) ca_pem: Option<String>,
    pub(crate) tls: Option<Tls>,
}

pub(crate) fn run(args: &Serve, form: Form) -> Result<Exit, Failure> {
    let mut settings = Settings::read(&args.dir)?;
    if !settings.name_lasts() {
        return Err(Failure::invalid(format!("`{}` is no name that lasts", settings.name))
            .help("phones' keys belong to the name: make the production anew with a name that has a dot"));
    }
    let (port, read_port) = (
        args.port.unwrap_or(settings.port),
        args.read_port.unwrap_or(settings.read_port),
    );
    let bind = |port: u16| {
        TcpListener::bind((args.listen, port))
            .map_err(|error| Failure::fault(format!("port {port} cannot be used: {error}")))
    };
    let (phones, reading) = (bind(port)?, bind(read_port)?);
    let address = lan::address();
    let certificates = Certificates::of(&args.dir);
    let leaf = certificates.leaf(&mut settings, address, year())?;
    settings.write(&args.dir)?;
    let ca = certificates.ca()?;
    let around = Around {
        cosigners: Some(Arc::new(Asks::of(&args.dir).map_err(Failure::invalid)?)),
        ..Around::default()
    };
    let mut node = Node::open_with(
        &args.dir,
        Box::new(Shelf(protocol::shipped())),
        Box::new(SystemClock),
        around,
    )?;
    node.run_clock()?;
    let phone_url = format!("https://{}:{}", settings.name, phones.local_addr()?.port());
    let here = format!("http://localhost:{}", reading.local_addr()?.port());
    let read_url = address.map_or_else(
        || here.clone(),
        |address| format!("http://{address}:{}", settings.read_port),
    );
    let link = if args.new_admin_link {
        Some(admin_link(&node)?)
    } else {
        None
    };
    greet(&node, &phone_url, &here, &read_url, link.as_deref(), form);
    if form == Form::Human {
        println!("{}", backup::say(&args.dir, &settings));
    }
    backup::schedule(&args.dir);
    let listens = vec![
        Listen {
            listener: phones,
            public_url: phone_url,
            ca_pem: Some(ca.cert.clone()),
            tls: Some(Tls {
                chain_pem: leaf.cert,
                key_pem: leaf.key,
            }),
        },
        Listen {
            listener: reading,
            public_url: read_url,
            ca_pem: Some(ca.cert),
            tls: None,
        },
    ];
    serve(Arc::new(node), listens, nag(&settings))?;
    Ok(Exit::Done)
}

/// From when the board nags: four backups that did not come, an hour at least; without a schedule a day's work.
fn nag(settings: &Settings) -> Nag {
    let every = settings
        .backup
        .as_ref()
        .map(|backup| i64::from(backup.every_minutes))
        .filter(|minutes| *minutes > 0);
    Nag {
        copy_after_ms: Some(every.map_or(24 * 3_600_000, |minutes| {
            minutes.saturating_mul(4).max(60).saturating_mul(60_000)
        })),
        ..Nag::default()
    }
}

/// Whoever has the node's folder in hands may let an administrator in; it is an entry like any other.
fn admin_link(node: &Node) -> Result<String, Failure> {
    let newcomer = Newcomer {
        role: "administrator".to_owned(),
        department: Department::Production,
        duties: vec![Duty::Administrator],
        for_person: None,
        name: String::new(),
    };
    Ok(node.invite(&newcomer)?.path())
}

fn greet(node: &Node, phone_url: &str, here: &str, read_url: &str, link: Option<&str>, form: Form) {
    let frozen = node.frozen();
    let administrator = link.map(|path| format!("{phone_url}{path}"));
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"origin": node.origin(), "phones": phone_url, "cart": format!("{here}/cart"), "read": read_url, "administrator": administrator, "frozen": frozen})
        ),
        Form::Plain => {
            println!(
                "origin {}\nphones {phone_url}\ncart {here}/cart\nread {read_url}",
                node.origin()
            );
            if let Some(link) = administrator {
                println!("administrator {link}");
            }
            if let Some(why) = frozen {
                println!("frozen {why}");
            }
        }
        Form::Human => {
            println!("{}\n", node.origin());
            println!("phones that sign  {phone_url}");
            println!("cart screen       {here}/cart   (on this laptop)");
            println!("reading and STOP  {read_url}\n\n{}", qr::square(read_url));
            if let Some(link) = administrator {
                println!("administrator     {link}   (good once, for twelve hours)\n");
            }
            match frozen {
                Some(why) => println!(
                    "FROZEN: {why}. Every weapon is CHECK NEEDED and nothing is taken. Go on by paper."
                ),
                None => println!("The start ended every lease. Ctrl-C ends it."),
            }
        }
    }
}

/// Serves one node on several addresses until the program is told to end.
pub(crate) fn serve(node: Arc<Node>, listens: Vec<Listen>, nag: Nag) -> Result<(), Failure> {
    let desk = Arc::new(NodeDesk::new(node, NodeDesk::zone_here()).nagging(nag));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut ends = tokio::task::JoinSet::new();
        let mut handles = Vec::new();
        for listen in listens {
            let site = Site {
                desk: desk.clone(),
                public_url: listen.public_url,
                ca_pem: listen.ca_pem,
            };
            let handle = axum_server::Handle::new();
            handles.push(handle.clone());
            ends.spawn(web::serve(
                listen.listener,
                router(site),
                listen.tls,
                handle,
            ));
        }
        let first = tokio::select! {
            () = told_to_end() => None,
            end = ends.join_next() => end,
        };
        for handle in &handles {
            web::shut(handle);
        }
        if let Some(ended) = first {
            ended.map_err(Failure::fault)??;
        }
        while let Some(ended) = ends.join_next().await {
            ended.map_err(Failure::fault)??;
        }
        Ok(())
    })
}

/// Ctrl-C, or the system's request to end.
pub(crate) async fn told_to_end() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // Without the signal Ctrl-C remains.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
