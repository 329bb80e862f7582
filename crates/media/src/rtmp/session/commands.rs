//! What an encoder asks for before it publishes, and what it is answered (§7.2).

use bytes::BytesMut;

use super::super::amf0::{self, Value};
use super::{Event, KIND_COMMAND, KIND_PEER_BANDWIDTH, KIND_WINDOW, Session, State, WINDOW_BYTES};
use crate::Closed;

/// Commands on one connection, at most; publishing takes about six.
const MAX_COMMANDS: u32 = 64;
/// The longest stream key or application name that is looked at.
const MAX_NAME_BYTES: usize = 256;
const STREAM_COMMAND: u8 = 3;
/// The one message stream that `createStream` hands out.
const MESSAGE_STREAM: u32 = 1;

impl Session {
    pub(super) fn command(&mut self, payload: &[u8]) -> Result<(), Closed> {
        self.commands += 1;
        if self.commands > MAX_COMMANDS {
            return Err(Closed::TooManyCommands);
        }
        let values = amf0::read_all(payload)?;
        let name = values.first().and_then(Value::as_text).unwrap_or_default();
        let transaction = values.get(1).and_then(Value::as_number).unwrap_or(0.0);
        match name {
            "connect" => {
                let application = values.get(2).and_then(|v| v.field("app")).and_then(Value::as_text);
                let application = application.unwrap_or_default().trim_matches('/');
                if application.is_empty() || application.len() > MAX_NAME_BYTES {
                    let info = status("error", "NetConnection.Connect.Rejected", "The address needs an application.");
                    self.reply("_error", transaction, Value::Null, info);
                    return Err(Closed::UnknownApplication);
                }
                application.clone_into(&mut self.application);
                self.connected(transaction);
            }
            "createStream" => {
                self.reply("_result", transaction, Value::Null, Value::Number(f64::from(MESSAGE_STREAM)));
            }
            "releaseStream" | "FCPublish" => self.reply("_result", transaction, Value::Null, Value::Null),
            "publish" if matches!(self.state, State::Talking) => {
                let key = values.get(3).and_then(Value::as_text).unwrap_or_default();
                let stream_key = if key.len() > MAX_NAME_BYTES { String::new() } else { key.to_owned() };
                self.state = State::Asking;
                self.event(Event::Publish { application: self.application.clone(), stream_key });
            }
            "play" | "play2" => {
                self.status("error", "NetStream.Play.Failed", "This server does not play over RTMP; watch by HLS.");
                return Err(Closed::PlayNotOffered);
            }
            "FCUnpublish" | "deleteStream" | "closeStream" if matches!(self.state, State::Publishing) => {
                return Err(Closed::Unpublished);
            }
            _ => {}
        }
        Ok(())
    }

    /// E-RTMP: an encoder that asks which codecs are taken reads them here
    /// (<https://veovera.org/docs/enhanced/enhanced-rtmp-v2>, "Enhancing NetConnection connect Command").
    fn connected(&mut self, transaction: f64) {
        const CAN_DECODE_AND_FORWARD: f64 = 5.0;
        self.control(KIND_WINDOW, &WINDOW_BYTES.to_be_bytes());
        self.control(KIND_PEER_BANDWIDTH, &[&WINDOW_BYTES.to_be_bytes()[..], &[2]].concat());
        let about = Value::object([
            ("fmsVer", Value::text("FMS/3,5,7,7009")),
            ("capabilities", Value::Number(31.0)),
            ("mode", Value::Number(1.0)),
        ]);
        let Value::Object(mut info) =
            status("status", "NetConnection.Connect.Success", "Connected; publish with your stream key.")
        else {
            return;
        };
        info.extend([
            ("objectEncoding".to_owned(), Value::Number(0.0)),
            ("fourCcList".to_owned(), Value::List(vec![Value::text("avc1"), Value::text("mp4a")])),
            ("videoFourCcList".to_owned(), Value::List(vec![Value::text("avc1")])),
            ("videoFourCcInfoMap".to_owned(), Value::object([("avc1", Value::Number(CAN_DECODE_AND_FORWARD))])),
            ("audioFourCcInfoMap".to_owned(), Value::object([("mp4a", Value::Number(CAN_DECODE_AND_FORWARD))])),
        ]);
        self.reply("_result", transaction, about, Value::Object(info));
    }

    fn reply(&mut self, name: &str, transaction: f64, about: Value, info: Value) {
        let mut payload = BytesMut::new();
        amf0::write_all(&[Value::text(name), Value::Number(transaction), about, info], &mut payload);
        self.send(STREAM_COMMAND, KIND_COMMAND, 0, payload.freeze());
    }

    pub(super) fn status(&mut self, level: &str, code: &str, description: &str) {
        let mut payload = BytesMut::new();
        let values = [Value::text("onStatus"), Value::Number(0.0), Value::Null, status(level, code, description)];
        amf0::write_all(&values, &mut payload);
        self.send(STREAM_COMMAND, KIND_COMMAND, MESSAGE_STREAM, payload.freeze());
    }
}

fn status(level: &str, code: &str, description: &str) -> Value {
    Value::object([
        ("level", Value::text(level)),
        ("code", Value::text(code)),
        ("description", Value::text(description)),
    ])
}
