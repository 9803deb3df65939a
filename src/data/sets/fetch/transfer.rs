//! One file from one mirror, as far as it comes: into a part that another try, or another mirror, goes on with.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;

use ureq::http::{HeaderMap, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Timeout};

use super::{Patience, PublicFile};
use crate::support::number;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Redirects that are followed before they are taken for a circle.
const MOST_REDIRECTS: u32 = 5;

const NO_SUCH_MACHINE: &str = "there is no such machine, or no way to the internet";

/// How a transfer ended that did not fail for good.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// The mirror says that this is all. Whether it was put together from several transfers.
    All { pieced: bool },
    /// It broke off for this reason; what came is good as far as it goes.
    Partly(String),
    /// The mirror does not give the file, for this reason.
    Nothing(String),
    /// What it gives is something else, for this reason; nothing of it is to be kept.
    Other(String),
}

/// What asks a mirror: by the environment's proxy, unless that is this machine, which a proxy would take for itself; with the system's roots,
/// and only so much patience.
pub(super) fn agent(patience: &Patience, url: &str) -> Agent {
    let machine = host(url);
    let here = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| machine.strip_prefix(name).is_some_and(is_port));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).unversioned_rustls_crypto_provider(provider);
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(MOST_REDIRECTS)
        .user_agent(concat!("eigenscope/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(patience.answer))
        .timeout_connect(Some(patience.answer))
        .timeout_recv_response(Some(patience.answer))
        .timeout_per_read(Some(patience.answer))
        .tls_config(tls.build());
    let config = if here { config.proxy(None) } else { config };
    config.build().into()
}

/// What stands behind the name of a machine.
fn is_port(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(':')
}

/// A file on its way.
pub(super) struct Transfer<'a> {
    pub(super) agent: &'a Agent,
    pub(super) url: &'a str,
    pub(super) file: &'a PublicFile,
    /// The part, locked, and its path for messages.
    pub(super) part: &'a mut File,
    pub(super) path: &'a Path,
    pub(super) progress: &'a Progress<'a>,
    /// The share of the set that is done at a number of bytes of this file.
    pub(super) share: &'a dyn Fn(u64) -> f32,
}

impl Transfer<'_> {
    /// Goes on after what the part holds; a mirror that cannot begins anew.
    ///
    /// # Errors
    /// [`Error::Cancelled`], and [`Error::Io`] where the part cannot be written: no mirror helps against that.
    pub(super) fn run(&mut self) -> Result<Came> {
        let have = self.part.metadata().map_err(Error::io("read", self.path))?.len();
        let mut request = self.agent.get(self.url).header(header::ACCEPT_ENCODING, "identity");
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        self.progress.at((self.share)(have), &format!("asking {}", host(self.url)))?;
        let mut response = match request.call() {
            Ok(response) => response,
            Err(e) => return Ok(failed(e)),
        };
        let status = response.status();
        let start = match status.as_u16() {
            200 => 0,
            206 if begins_at(response.headers()) == Some(have) => have,
            // The part is no part of what lies there, or all of it: either way it is asked for anew.
            206 | 416 if have > 0 => {
                self.cut_to(0)?;
                return Ok(Came::Partly("it had no rest to what was there".to_owned()));
            }
            code => {
                let reason = status.canonical_reason().unwrap_or("no reason");
                return Ok(Came::Nothing(format!("it answered {code} {reason}")));
            }
        };
        let promised = length(response.headers()).map(|length| start.saturating_add(length));
        if let Some(promised) = promised.filter(|&promised| promised > self.most()) {
            return Ok(Came::Other(format!("it promised {promised} bytes where {} are expected", self.file.packed)));
        }
        self.cut_to(start)?;
        self.receive(start, promised, response.body_mut())
    }

    /// The most bytes that the file may be long: packed anew it is at most what it unpacks to, and a little.
    fn most(&self) -> u64 {
        self.file.unpacked + self.file.unpacked / 1000 + 1024
    }

    /// Takes in the body from byte `start` on; with it the file has `promised` bytes, where the mirror said so.
    fn receive(&mut self, start: u64, promised: Option<u64>, body: &mut ureq::Body) -> Result<Came> {
        let mut reader = body.as_reader();
        let (mut at, mut buffer) = (start, vec![0; 1 << 16]);
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Ok(Came::Partly(broken_off(e))),
            };
            at += count as u64;
            if at > self.most() {
                return Ok(Came::Other(format!(
                    "it sent more than {at} bytes where {} are expected",
                    self.file.packed
                )));
            }
            self.part.write_all(&buffer[..count]).map_err(Error::io("write", self.path))?;
            let note = format!("{}, {} from {}", self.file.name, number::bytes(at as usize), host(self.url));
            self.progress.at((self.share)(at), &note)?;
        }
        Ok(match promised {
            Some(promised) if at < promised => Came::Partly(format!("it broke off after {at} of {promised} bytes")),
            _ => Came::All { pieced: start > 0 },
        })
    }

    fn cut_to(&mut self, length: u64) -> Result<()> {
        let cut = self.part.set_len(length).and_then(|()| self.part.seek(SeekFrom::Start(length)));
        cut.map(drop).map_err(Error::io("write", self.path))
    }
}

/// The machine that an address names.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or(rest);
    // A name and password before it are nobody's business.
    host.rsplit_once('@').map_or(host, |(_, host)| host)
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// The first byte that a part of a file is said to have: that of `bytes 100-199/200`.
fn begins_at(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.trim().strip_prefix("bytes")?.trim().split('-').next()?.parse().ok()
}

fn failed(error: ureq::Error) -> Came {
    match error {
        ureq::Error::Io(e) if is_unknown_name(&e) => Came::Nothing(NO_SUCH_MACHINE.to_owned()),
        ureq::Error::Io(e) => Came::Partly(broken_off(e)),
        ureq::Error::Timeout(timeout) => Came::Partly(too_slow(timeout)),
        ureq::Error::Protocol(e) => Came::Partly(format!("what it answered is no HTTP: {e}")),
        ureq::Error::HostNotFound => Came::Nothing(NO_SUCH_MACHINE.to_owned()),
        ureq::Error::TooManyRedirects => Came::Nothing("its redirects go in a circle".to_owned()),
        ureq::Error::InvalidProxyUrl => Came::Nothing("the environment's proxy is no address".to_owned()),
        ureq::Error::ConnectProxyFailed(e) => Came::Nothing(format!("the environment's proxy refused: {e}")),
        e => Came::Nothing(e.to_string()),
    }
}

/// Whether a name was looked up in vain, for which there is no kind of error: the words are those of the standard library, the numbers Windows'.
fn is_unknown_name(error: &std::io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address information")
        || (cfg!(windows) && matches!(error.raw_os_error(), Some(11_001..=11_004)))
}

fn broken_off(error: std::io::Error) -> String {
    let timeout = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match (timeout, error.kind()) {
        (Some(ureq::Error::Timeout(timeout)), _) => too_slow(*timeout),
        (_, std::io::ErrorKind::ConnectionRefused) => "it takes no connection".to_owned(),
        _ => format!("the connection broke: {error}"),
    }
}

fn too_slow(timeout: Timeout) -> String {
    match timeout {
        Timeout::PerRead | Timeout::RecvBody => "it sent nothing more".to_owned(),
        Timeout::Resolve => "its name was not found in time".to_owned(),
        _ => "it did not answer in time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_called_by_its_machine_alone() {
        for (url, expected) in [
            ("https://a.example/b/c", "a.example"),
            ("http://127.0.0.1:80/", "127.0.0.1:80"),
            ("http://me:secret@proxy.example", "proxy.example"),
        ] {
            assert_eq!(host(url), expected);
        }
    }

    #[test]
    fn the_start_of_a_part_is_read_as_servers_write_it() {
        let start = |range: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_RANGE, header::HeaderValue::from_static(range));
            begins_at(&headers)
        };
        assert_eq!(start("bytes 100-199/200"), Some(100));
        assert_eq!(start("bytes 0-9/*"), Some(0));
        assert_eq!((start("bytes */200"), start("pages 1-2/3"), start("")), (None, None, None));
    }
}
