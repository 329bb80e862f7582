//! Decoder configurations, and the init segments that are made of those that pass.

use std::sync::Arc;

use bytes::Bytes;
use kernel::Timestamp;
use media::aac::AacSetup;
use media::audio::AudioSetup;
use media::avc::VideoSetup;
use media::programme::{AudioUnit, Unit, VideoUnit};

use crate::player::Player;

pub fn run(data: &[u8]) {
    let Some((&audio_length, data)) = data.split_first() else { return };
    let (audio, video) = data.split_at(usize::from(audio_length).min(data.len()));
    let audio = AacSetup::parse(audio);
    let Ok(setup) = VideoSetup::parse(&Bytes::copy_from_slice(video)) else { return };
    let (width, height) = setup.size();
    assert!(width > 0 && height > 0 && setup.codec().len() == 11);
    let _ = setup.is_key(video);

    let at = Timestamp::from_unix_millis(1_795_374_000_000);
    let mut player = Player::new();
    if let Ok(setup) = audio {
        assert_eq!(AacSetup::parse(&setup.config()), Ok(setup));
        player.push(Unit::Audio(AudioUnit {
            setup: AudioSetup::Aac(setup),
            at,
            samples: 1_024,
            data: Bytes::from_static(&[0x21]),
        }));
    }
    let data = Bytes::from_static(&[0x65]);
    player.push(Unit::Video(VideoUnit { setup: Arc::new(setup), decode_at: at, composition_ms: 0, key: true, data }));
    player.publisher_left();
}
