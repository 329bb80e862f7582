//! The bodies of RTMP's video and audio messages: FLV tags ("Adobe Flash Video File Format", annex E.4) and their
//! enhanced form (<https://veovera.org/docs/enhanced/enhanced-rtmp-v2>).

use bytes::Bytes;

/// What a video message carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VideoTag {
    /// An AVCDecoderConfigurationRecord (ISO/IEC 14496-15).
    Config(Bytes),
    /// Length-prefixed NAL units; `composition_ms` is signed, to be added to the decoding time.
    Frame { flagged_key: bool, composition_ms: i32, data: Bytes },
    /// The encoder's end of stream, or something that carries no picture.
    Nothing,
}

/// What an audio message carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AudioTag {
    /// An AudioSpecificConfig (ISO/IEC 14496-3).
    Config(Bytes),
    /// One raw AAC frame.
    Frame(Bytes),
    Nothing,
}

/// A body that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    #[error("a tag ends in the middle")]
    Truncated,
    #[error("the picture is {0}; set the encoder to H.264")]
    VideoCodec(String),
    #[error("the sound is {0}; set the encoder to AAC")]
    AudioCodec(String),
    #[error("several tracks in one stream are not taken; send one picture and one sound")]
    Multitrack,
}

fn four_cc(body: &Bytes) -> Result<String, TagError> {
    let code = body.get(1..5).ok_or(TagError::Truncated)?;
    Ok(match code {
        b"hvc1" => "HEVC (H.265)".to_owned(),
        b"av01" => "AV1".to_owned(),
        b"vp08" => "VP8".to_owned(),
        b"vp09" => "VP9".to_owned(),
        b"vvc1" => "VVC (H.266)".to_owned(),
        b"Opus" => "Opus".to_owned(),
        b"ac-3" => "AC-3".to_owned(),
        b"ec-3" => "E-AC-3".to_owned(),
        b"fLaC" => "FLAC".to_owned(),
        b".mp3" => "MP3".to_owned(),
        other if other.iter().all(u8::is_ascii_graphic) => String::from_utf8_lossy(other).into_owned(),
        _ => "a codec without a name".to_owned(),
    })
}

fn signed_24(bytes: &[u8]) -> i32 {
    i32::from_be_bytes([bytes[0], bytes[1], bytes[2], 0]) >> 8
}

/// Reads a video message's body.
///
/// # Errors
/// [`TagError`]; the codec is named where it is another than H.264.
pub fn video_tag(body: &Bytes) -> Result<VideoTag, TagError> {
    let first = *body.first().ok_or(TagError::Truncated)?;
    let frame_type = (first >> 4) & 7;
    let flagged_key = frame_type == 1;
    if first & 0x80 != 0 {
        return match first & 15 {
            // Metadata (colour), a transport-stream header and the end say nothing of the picture.
            2 | 4 | 5 => Ok(VideoTag::Nothing),
            6 | 7 => Err(TagError::Multitrack),
            _ if body.get(1..5) != Some(b"avc1") => Err(TagError::VideoCodec(four_cc(body)?)),
            0 => Ok(VideoTag::Config(body.slice(5..))),
            1 => {
                let composition = body.get(5..8).ok_or(TagError::Truncated)?;
                Ok(VideoTag::Frame { flagged_key, composition_ms: signed_24(composition), data: body.slice(8..) })
            }
            3 => Ok(VideoTag::Frame { flagged_key, composition_ms: 0, data: body.slice(5..) }),
            _ => Ok(VideoTag::Nothing),
        };
    }
    if frame_type == 5 {
        return Ok(VideoTag::Nothing);
    }
    match first & 15 {
        7 => {}
        2 => return Err(TagError::VideoCodec("Sorenson H.263".to_owned())),
        3 | 6 => return Err(TagError::VideoCodec("Screen Video".to_owned())),
        4 | 5 => return Err(TagError::VideoCodec("VP6".to_owned())),
        12 => return Err(TagError::VideoCodec("HEVC (H.265)".to_owned())),
        other => return Err(TagError::VideoCodec(format!("FLV video codec {other}"))),
    }
    let header = body.get(1..5).ok_or(TagError::Truncated)?;
    Ok(match header[0] {
        0 => VideoTag::Config(body.slice(5..)),
        1 => VideoTag::Frame { flagged_key, composition_ms: signed_24(&header[1..]), data: body.slice(5..) },
        _ => VideoTag::Nothing,
    })
}

/// Reads an audio message's body.
///
/// # Errors
/// [`TagError`]; the codec is named where it is another than AAC.
pub fn audio_tag(body: &Bytes) -> Result<AudioTag, TagError> {
    // An empty audio message is how some encoders say "muted".
    let Some(first) = body.first() else { return Ok(AudioTag::Nothing) };
    let (packet_type, data) = match first >> 4 {
        10 => (*body.get(1).ok_or(TagError::Truncated)?, 2),
        9 => match first & 15 {
            2 | 4 => return Ok(AudioTag::Nothing),
            5 | 7 => return Err(TagError::Multitrack),
            _ if body.get(1..5) != Some(b"mp4a") => return Err(TagError::AudioCodec(four_cc(body)?)),
            packet_type => (packet_type, 5),
        },
        0 | 3 => return Err(TagError::AudioCodec("uncompressed".to_owned())),
        1 => return Err(TagError::AudioCodec("ADPCM".to_owned())),
        2 | 14 => return Err(TagError::AudioCodec("MP3".to_owned())),
        4..=6 => return Err(TagError::AudioCodec("Nellymoser".to_owned())),
        7 | 8 => return Err(TagError::AudioCodec("G.711".to_owned())),
        11 => return Err(TagError::AudioCodec("Speex".to_owned())),
        13 => return Err(TagError::AudioCodec("Opus".to_owned())),
        other => return Err(TagError::AudioCodec(format!("FLV audio codec {other}"))),
    };
    Ok(match packet_type {
        0 => AudioTag::Config(body.slice(data..)),
        1 if body.len() > data => AudioTag::Frame(body.slice(data..)),
        _ => AudioTag::Nothing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn video_bodies_are_told_apart() {
        let frame = |key, composition_ms, data: &'static [u8]| {
            Ok(VideoTag::Frame { flagged_key: key, composition_ms, data: Bytes::from_static(data) })
        };
        for (body, expected) in [
            (&[0x17, 0, 0, 0, 0, 1, 2][..], Ok(VideoTag::Config(Bytes::from_static(&[1, 2])))),
            (&[0x27, 1, 0xFF, 0xFF, 0xD8, 9], frame(false, -40, &[9])),
            (&[0x91, b'a', b'v', b'c', b'1', 0, 0, 40, 9], frame(true, 40, &[9])),
            (&[0xA3, b'a', b'v', b'c', b'1', 9], frame(false, 0, &[9])),
            (&[0x90, b'h', b'v', b'c', b'1', 9], Err(TagError::VideoCodec("HEVC (H.265)".to_owned()))),
            (&[0x1C, 0, 0, 0, 0], Err(TagError::VideoCodec("HEVC (H.265)".to_owned()))),
            (&[0x22, 0], Err(TagError::VideoCodec("Sorenson H.263".to_owned()))),
            (&[0x57, 0], Ok(VideoTag::Nothing)),
            (&[0x17, 1, 0], Err(TagError::Truncated)),
            (&[], Err(TagError::Truncated)),
        ] {
            assert_eq!(video_tag(&Bytes::from_static(body)), expected, "{body:?}");
        }
    }

    #[test]
    fn audio_bodies_are_told_apart() {
        for (body, expected) in [
            (&[0xAF, 0, 0x12, 0x10][..], Ok(AudioTag::Config(Bytes::from_static(&[0x12, 0x10])))),
            (&[0xAF, 1, 7], Ok(AudioTag::Frame(Bytes::from_static(&[7])))),
            (&[0x91, b'm', b'p', b'4', b'a', 7], Ok(AudioTag::Frame(Bytes::from_static(&[7])))),
            (&[0x91, b'O', b'p', b'u', b's', 7], Err(TagError::AudioCodec("Opus".to_owned()))),
            (&[0x2F, 7], Err(TagError::AudioCodec("MP3".to_owned()))),
            (&[0xAF], Err(TagError::Truncated)),
            (&[], Ok(AudioTag::Nothing)),
        ] {
            assert_eq!(audio_tag(&Bytes::from_static(body)), expected, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_readers(body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let body = Bytes::from(body);
            let _ = (video_tag(&body), audio_tag(&body));
        }
    }
}
