//! Packets over TCP, each behind its length (RFC 4571), for networks that let no UDP through (RFC 6544).

use std::net::SocketAddr;
use std::sync::Arc;

use media::rtc::Protocol;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::switchboard::Switchboard;
use crate::limits::{PACKET_BYTES, PACKETS_OUT, TCP_SILENCE, WRITE_WITHIN};

/// Reads until the connection ends, is silent, or says what belongs to no session.
pub(super) async fn serve(board: &Arc<Switchboard>, socket: TcpStream, peer: SocketAddr) {
    let _ = socket.set_nodelay(true);
    let (reader, writer) = socket.into_split();
    let (sender, receiver) = mpsc::channel(PACKETS_OUT);
    board.connected(peer, sender);
    let writing = tokio::spawn(write(writer, receiver));
    let mut reader = BufReader::new(reader);
    let mut packet = vec![0; PACKET_BYTES];
    loop {
        let read = tokio::select! {
            biased;
            () = board.stop.cancelled() => break,
            read = timeout(TCP_SILENCE, read(&mut reader, &mut packet)) => read,
        };
        let Ok(Some(length)) = read else { break };
        if !board.hand(Protocol::Tcp, peer, &packet[..length]) {
            break;
        }
    }
    board.disconnected(peer);
    let _ = writing.await;
}

/// One packet's length; none at the end, and for one that is longer than any is.
async fn read(reader: &mut (impl AsyncRead + Unpin), packet: &mut [u8]) -> Option<usize> {
    let length = usize::from(reader.read_u16().await.ok()?);
    reader.read_exact(packet.get_mut(..length)?).await.ok()?;
    Some(length)
}

async fn write(mut writer: OwnedWriteHalf, mut packets: mpsc::Receiver<Vec<u8>>) {
    while let Some(packet) = packets.recv().await {
        let Ok(length) = u16::try_from(packet.len()) else { continue };
        let framed = [&length.to_be_bytes()[..], &packet].concat();
        if !matches!(timeout(WRITE_WITHIN, writer.write_all(&framed)).await, Ok(Ok(()))) {
            break;
        }
    }
}
