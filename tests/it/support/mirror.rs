//! A server on this machine with the manners that a test gives it, one connection a request.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a server was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The first line and the headers, in lower case but for the first.
    pub(crate) lines: Vec<String>,
}

impl Asked {
    /// The first byte that is wanted, where not all are.
    pub(crate) fn from(&self) -> Option<usize> {
        let range = self.lines.iter().find_map(|line| line.strip_prefix("range: bytes="))?;
        range.trim_end_matches('-').parse().ok()
    }
}

/// What it does about it.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// These bytes go out.
    Send(Vec<u8>),
    /// Nothing goes out until the other side is tired of it.
    Stall,
}

/// The server; it ends with the test.
pub(crate) struct Mirror {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Mirror {
    /// A server that does what `manners` says to a request; it is also given the number of the request, from 0 on.
    pub(crate) fn new(manners: impl Fn(&Asked, usize) -> Vec<Deed> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on this machine");
        let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = request(&stream) else { continue };
                let number = {
                    let mut heard = heard.lock().expect("nobody panics with it");
                    heard.push(request.clone());
                    heard.len() - 1
                };
                let deeds = manners(&request, number);
                // A stalled one must not hold up the next.
                std::thread::spawn(move || act(stream, deeds));
            }
        });
        Self { address, asked }
    }

    /// One with good manners.
    pub(crate) fn good(body: Vec<u8>) -> Self {
        Self::new(move |asked, _| rest(&body, asked))
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("nobody panics with it").clone()
    }
}

fn request(mut stream: &TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 || head.len() > 1 << 16 {
            return None;
        }
        head.push(byte[0]);
    }
    let text = String::from_utf8(head).ok()?;
    let lower = |(at, line): (usize, &str)| if at == 0 { line.to_owned() } else { line.to_lowercase() };
    Some(Asked { lines: text.lines().enumerate().map(lower).collect() })
}

fn act(mut stream: TcpStream, deeds: Vec<Deed>) {
    for deed in deeds {
        match deed {
            Deed::Send(bytes) => {
                if stream.write_all(&bytes).is_err() {
                    return;
                }
            }
            Deed::Stall => {
                let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
                let _ = stream.read(&mut [0]);
            }
        }
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
    let _ = stream.read(&mut [0]);
}

/// An answer with its length.
pub(crate) fn whole(body: &[u8]) -> Vec<Deed> {
    vec![Deed::Send(head("200 OK", &[format!("Content-Length: {}", body.len())])), Deed::Send(body.to_vec())]
}

/// What good manners are: the rest where the rest is wanted.
pub(crate) fn rest(body: &[u8], asked: &Asked) -> Vec<Deed> {
    match asked.from() {
        None => whole(body),
        Some(from) if from >= body.len() => {
            vec![Deed::Send(head("416 Range Not Satisfiable", &["Content-Length: 0".to_owned()]))]
        }
        Some(from) => {
            let range = format!("Content-Range: bytes {from}-{}/{}", body.len() - 1, body.len());
            let length = format!("Content-Length: {}", body.len() - from);
            vec![Deed::Send(head("206 Partial Content", &[range, length])), Deed::Send(body[from..].to_vec())]
        }
    }
}

pub(crate) fn status(line: &str) -> Vec<Deed> {
    vec![Deed::Send(head(line, &["Content-Length: 0".to_owned()]))]
}

pub(crate) fn head(status: &str, headers: &[String]) -> Vec<u8> {
    let headers = headers.join("\r\n");
    let end = if headers.is_empty() { "" } else { "\r\n" };
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}{end}\r\n").into_bytes()
}

/// The same, cut off after so many bytes of the body.
pub(crate) fn cut(mut deeds: Vec<Deed>, after: usize) -> Vec<Deed> {
    if let Some(Deed::Send(body)) = deeds.get_mut(1) {
        body.truncate(after);
    }
    deeds
}
