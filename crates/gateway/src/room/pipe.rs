//! The connection of a viewer without a task that waits for it: whoever has something to write tries, plain or through TLS.

use std::future::poll_fn;
use std::io::{ErrorKind, IoSlice, Read, Result, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use rustls::ServerConnection;
use tokio::net::TcpStream;

use crate::stream::Stream;

/// What TLS keeps of what the socket did not take.
const SEALED: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct Pipe {
    tcp: TcpStream,
    session: Option<Box<Mutex<Session>>>,
}

#[derive(Debug)]
struct Session {
    tls: ServerConnection,
    /// Something that was opened may lie there unread, and the socket does not tell of it.
    unread: bool,
}

/// The socket as TLS sees it.
struct Raw<'a>(&'a TcpStream);

impl Read for Raw<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        self.0.try_read(into)
    }
}

impl Write for Raw<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> Result<usize> {
        self.0.try_write_vectored(slices)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Session {
    /// Everything sealed goes out, or `WouldBlock`.
    fn drain(&mut self, tcp: &TcpStream) -> Result<()> {
        while self.tls.wants_write() {
            self.tls.write_tls(&mut Raw(tcp))?;
        }
        Ok(())
    }

    fn read(&mut self, tcp: &TcpStream, into: &mut [u8]) -> Result<usize> {
        loop {
            match self.tls.reader().read(into) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => {
                    self.unread = read.as_ref().is_ok_and(|read| *read == into.len());
                    return read;
                }
            }
            self.unread = false;
            if self.tls.read_tls(&mut Raw(tcp))? == 0 {
                return Ok(0);
            }
            self.tls.process_new_packets().map_err(std::io::Error::other)?;
            // Such as another key, which the next frame would take along too.
            let _later = self.drain(tcp);
        }
    }
}

impl From<Stream> for Pipe {
    fn from(stream: Stream) -> Self {
        match stream {
            Stream::Plain(tcp) => Self { tcp, session: None },
            Stream::Secure(stream) => {
                let (tcp, mut tls) = stream.into_inner();
                tls.set_buffer_limit(Some(SEALED));
                Self { tcp, session: Some(Box::new(Mutex::new(Session { tls, unread: true }))) }
            }
        }
    }
}

impl Pipe {
    fn session(&self) -> Option<MutexGuard<'_, Session>> {
        self.session.as_ref().map(|session| session.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) const fn tcp(&self) -> &TcpStream {
        &self.tcp
    }

    /// What was taken is on its way, the last of it maybe still sealed here: see [`Pipe::try_flush`].
    pub(crate) fn try_write(&self, bytes: &[u8]) -> Result<usize> {
        match self.session() {
            None => self.tcp.try_write(bytes),
            Some(session) => self.seal(session, |tls| tls.writer().write(bytes)),
        }
    }

    /// As [`Pipe::try_write`], of several at once.
    pub(crate) fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> Result<usize> {
        match self.session() {
            None => self.tcp.try_write_vectored(slices),
            Some(session) => self.seal(session, |tls| tls.writer().write_vectored(slices)),
        }
    }

    fn seal(
        &self,
        mut session: MutexGuard<'_, Session>,
        write: impl FnOnce(&mut ServerConnection) -> Result<usize>,
    ) -> Result<usize> {
        session.drain(&self.tcp)?;
        let written = write(&mut session.tls)?;
        match session.drain(&self.tcp) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(written),
        }
    }

    /// `WouldBlock` while something that was taken has not gone out.
    pub(crate) fn try_flush(&self) -> Result<()> {
        self.session().map_or(Ok(()), |mut session| session.drain(&self.tcp))
    }

    pub(crate) fn try_read(&self, into: &mut [u8]) -> Result<usize> {
        match self.session() {
            None => self.tcp.try_read(into),
            Some(mut session) => session.read(&self.tcp, into),
        }
    }

    /// Until reading is worth a try.
    pub(crate) async fn readable(&self) -> Result<()> {
        poll_fn(|context| self.poll_readable(context)).await
    }

    fn poll_readable(&self, context: &mut Context<'_>) -> Poll<Result<()>> {
        if self.session().is_some_and(|session| session.unread) {
            return Poll::Ready(Ok(()));
        }
        self.tcp.poll_read_ready(context)
    }

    /// All of it, and waits until it is out.
    pub(crate) async fn write_all(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match self.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.tcp.writable().await?,
                Err(error) => return Err(error),
            }
        }
        loop {
            match self.try_flush() {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.tcp.writable().await?,
                flushed => return flushed,
            }
        }
    }
}
