//! What a connection is told, and the name of the reason for which it ends.

use bytes::{Bytes, BytesMut};
use kernel::{Millis, Timestamp};
use media::Closed;
use media::programme::Run;
use media::rtmp::{Event, Message, Output, RefusalCode, Session, Value, read_all, write_all, write_message};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);
const CONFIG: &[u8] = &[
    0x17, 0, 0, 0, 0, 1, 100, 0, 31, 0xFF, 0xE1, 0, 28, 103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2,
    128, 0, 0, 3, 0, 128, 0, 0, 30, 7, 140, 24, 205, 1, 0, 5, 104, 233, 123, 44, 139, 0xFD, 0xF8, 0xF8, 0,
];
const KEY: &[u8] = &[0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x88];
const DELTA: &[u8] = &[0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 0x9A];

/// A connection whose shell knows one key, `good`.
struct Connection {
    session: Session,
    run: Run,
    now: Timestamp,
    said: Vec<u8>,
    closed: Option<Closed>,
}

impl Connection {
    fn new() -> Self {
        Self { session: Session::new(START, [7; 32]), run: Run::new(START), now: START, said: Vec::new(), closed: None }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.session.handle_input(self.now, bytes);
        self.drain();
    }

    fn wait(&mut self, ms: i64) {
        self.now = self.now + Millis(ms);
        self.session.handle_timeout(self.now);
        self.drain();
    }

    fn drain(&mut self) {
        while self.closed.is_none() {
            let taken = match self.session.poll_output() {
                Output::Wait(_) => return,
                Output::Close(closed) => {
                    self.closed = Some(closed);
                    return;
                }
                Output::Send(bytes) => {
                    self.said.extend_from_slice(&bytes);
                    continue;
                }
                Output::Event(Event::Publish { application, stream_key }) => {
                    assert_eq!(application, "live");
                    match stream_key.as_str() {
                        "good" => self.session.accept(self.now),
                        _ => self.session.refuse(RefusalCode::Unauthorized, "unknown key", Closed::Refused(stream_key)),
                    }
                    continue;
                }
                Output::Event(Event::Video { timestamp, body }) => self.run.video(self.now, timestamp, &body),
                Output::Event(Event::Audio { timestamp, body }) => self.run.audio(self.now, timestamp, &body),
            };
            if let Err(end) = taken {
                self.session.refuse(RefusalCode::Rejected, &end.to_string(), end.into());
            }
        }
    }

    fn shake_hands(&mut self) {
        self.send(&[3]);
        self.send(&[0; 3_072]);
        assert_eq!((self.said[0], self.said.len()), (3, 3_073));
        self.said.clear();
    }

    fn message(&mut self, kind: u8, timestamp: u32, payload: &[u8]) {
        let mut out = BytesMut::new();
        let payload = Bytes::copy_from_slice(payload);
        write_message(4, &Message { kind, timestamp, stream: 1, payload }, &mut out);
        self.send(&out);
    }

    fn command(&mut self, values: &[Value]) {
        let mut payload = BytesMut::new();
        write_all(values, &mut payload);
        self.message(20, 0, &payload);
    }

    fn connect(&mut self, application: &str) {
        let about = Value::object([("app", Value::text(application))]);
        self.command(&[Value::text("connect"), Value::Number(1.0), about]);
    }

    fn publish(&mut self, key: &str) {
        self.shake_hands();
        self.connect("live");
        for name in ["releaseStream", "FCPublish", "createStream"] {
            self.command(&[Value::text(name), Value::Number(2.0), Value::Null, Value::text(key)]);
        }
        self.command(&[Value::text("publish"), Value::Number(5.0), Value::Null, Value::text(key), Value::text("live")]);
    }

    fn pictures(&mut self, stamps: impl Iterator<Item = u32>, tag: &[u8], pace: i64) {
        for stamp in stamps {
            self.now = self.now + Millis(pace);
            self.message(9, stamp, tag);
        }
    }

    fn do_what(&mut self, what: &str) {
        match what {
            "speaks HTTP" => self.send(b"GET / HTTP/1.1\r\n\r\n"),
            "stops in the handshake" => {
                self.send(&[3; 700]);
                self.wait(5_000);
            }
            "never publishes" => {
                self.shake_hands();
                self.wait(10_000);
            }
            "claims 16 MB" => {
                self.shake_hands();
                self.send(&[4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 9, 1, 0, 0, 0]);
            }
            "continues what never began" => {
                self.shake_hands();
                self.send(&[0xC4]);
            }
            "sends no AMF" => {
                self.shake_hands();
                self.message(20, 0, &[0xFF; 9]);
            }
            "names no application" => {
                self.shake_hands();
                self.connect("");
            }
            "repeats commands" => {
                self.shake_hands();
                (0..70).for_each(|_| self.command(&[Value::text("createStream"), Value::Number(2.0)]));
            }
            "wants to play" => {
                self.shake_hands();
                self.connect("live");
                self.command(&[Value::text("play"), Value::Number(0.0), Value::Null, Value::text("good")]);
            }
            "has a wrong key" => self.publish("guess"),
            "goes silent" => {
                self.publish("good");
                self.wait(10_000);
            }
            "ends" => {
                self.publish("good");
                self.command(&[Value::text("FCUnpublish"), Value::Number(0.0), Value::Null, Value::text("good")]);
            }
            "hangs up" => {
                self.publish("good");
                self.session.handle_end();
                self.drain();
            }
            "sends HEVC" => {
                self.publish("good");
                self.message(9, 0, b"\x90hvc1\x01\x02\x03");
            }
            "sends MP3" => {
                self.publish("good");
                self.message(8, 0, &[0x2F, 0xFF, 0xFB]);
            }
            "cuts a tag" => {
                self.publish("good");
                self.message(9, 0, &[0x17]);
            }
            "sends no keyframe" => {
                self.publish("good");
                self.message(9, 0, CONFIG);
                self.pictures((0..300).map(|picture| picture * 40), DELTA, 40);
            }
            "stops sending keyframes" => {
                self.publish("good");
                self.message(9, 0, CONFIG);
                self.message(9, 0, KEY);
                self.pictures((1..800).map(|picture| picture * 40), DELTA, 40);
            }
            "runs backwards" => {
                self.publish("good");
                self.message(9, 9_000, CONFIG);
                self.message(9, 9_000, KEY);
                self.pictures((1..20).map(|picture| 9_000 - picture * 40), DELTA, 40);
            }
            "runs ahead" => {
                self.publish("good");
                self.message(9, 0, CONFIG);
                self.pictures((0..400).map(|picture| picture * 40), KEY, 1);
            }
            "wraps its clock" => {
                self.publish("good");
                self.message(9, 0xFFFF_FF00, CONFIG);
                self.pictures((0..100u32).map(|picture| 0xFFFF_FF00u32.wrapping_add(picture * 40)), KEY, 40);
            }
            other => panic!("{other}?"),
        }
    }
}

#[test]
fn every_end_has_its_name() {
    for (what, name) in [
        ("speaks HTTP", Some("not-rtmp")),
        ("stops in the handshake", Some("handshake-timeout")),
        ("never publishes", Some("publish-timeout")),
        ("claims 16 MB", Some("message-too-large")),
        ("continues what never began", Some("bad-chunk")),
        ("sends no AMF", Some("bad-command")),
        ("names no application", Some("unknown-application")),
        ("repeats commands", Some("too-many-commands")),
        ("wants to play", Some("play-not-offered")),
        ("has a wrong key", Some("refused")),
        ("goes silent", Some("idle")),
        ("ends", Some("unpublished")),
        ("hangs up", Some("lost")),
        ("sends HEVC", Some("video-codec")),
        ("sends MP3", Some("audio-codec")),
        ("cuts a tag", Some("bad-tag")),
        ("sends no keyframe", Some("no-keyframe")),
        ("stops sending keyframes", Some("no-keyframe")),
        ("runs backwards", Some("time-backwards")),
        ("runs ahead", Some("ahead-of-time")),
        ("wraps its clock", None),
    ] {
        let mut connection = Connection::new();
        connection.do_what(what);
        assert_eq!(connection.closed.as_ref().map(Closed::name), name, "{what}: {:?}", connection.closed);
    }
}

#[test]
fn an_encoder_reads_that_it_may_publish_and_with_which_codecs() {
    let mut connection = Connection::new();
    connection.publish("good");
    let mut reader = media::rtmp::ChunkReader::default();
    let mut input = connection.said.as_slice();
    let mut codes = Vec::new();
    while let Some(message) = reader.read(&mut input).expect("our own chunks") {
        if message.kind != 20 {
            continue;
        }
        let values = read_all(&message.payload).expect("our own AMF");
        let name = values[0].as_text().unwrap_or_default().to_owned();
        let code = values.get(3).and_then(|info| info.field("code")).and_then(Value::as_text).unwrap_or_default();
        if let Some(list) = values.get(3).and_then(|info| info.field("videoFourCcList")) {
            assert_eq!(*list, Value::List(vec![Value::text("avc1")]));
        }
        codes.push(format!("{name} {code}"));
    }
    assert_eq!(
        codes,
        [
            "_result NetConnection.Connect.Success",
            "_result ",
            "_result ",
            "_result ",
            "onStatus NetStream.Publish.Start",
        ]
    );
}
