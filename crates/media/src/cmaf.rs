//! Fragmented MP4 (ISO/IEC 14496-12, CMAF's ISO/IEC 23000-19): one muxed rendition, track 1 picture, track 2 sound.

use bytes::Bytes;
use mp4_atom::{
    Audio, Avc1, Codec, Dinf, Dops, Dref, DrefEntry, Encode, Esds, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Mfhd, Minf, Moof,
    Moov, Mp4a, Mvex, Mvhd, Opus, Smhd, Stbl, Stco, Stsc, Stsd, Stsz, Stts, Tfdt, Tfhd, Tkhd, Traf, Trak, Trex, Trun,
    TrunEntry, Url, Visual, Vmhd, esds,
};

use crate::aac::AacSetup;
use crate::audio::AudioSetup;
use crate::avc::VideoSetup;
use crate::opus;

/// Ticks of a second in the picture's track.
pub(crate) const VIDEO_TIMESCALE: u32 = 90_000;
const VIDEO_TRACK: u32 = 1;
const AUDIO_TRACK: u32 = 2;
/// `sample_depends_on = 2` (an I picture), ISO/IEC 14496-12, 8.8.3.1.
const FLAGS_KEY: u32 = 0x0200_0000;
/// `sample_depends_on = 1`, `sample_is_non_sync_sample`.
const FLAGS_DELTA: u32 = 0x0101_0000;
const MDAT_HEADER_BYTES: usize = 8;
const ENCODES: &str = "every value was checked when the codec header was read, so the box has a form";

/// One picture of a part.
#[derive(Clone, Debug)]
pub(crate) struct VideoSample {
    pub(crate) duration_ms: u32,
    pub(crate) composition_ms: i32,
    pub(crate) key: bool,
    pub(crate) data: Bytes,
}

/// One frame of sound.
#[derive(Clone, Debug)]
pub(crate) struct AudioSample {
    /// How long it lasts, in samples of its rate.
    pub(crate) samples: u32,
    pub(crate) data: Bytes,
}

/// What one moof and mdat carry.
#[derive(Debug)]
pub(crate) struct Fragment<'a> {
    pub(crate) number: u32,
    /// Milliseconds since the programme's origin.
    pub(crate) video_start_ms: u64,
    pub(crate) video: &'a [VideoSample],
    /// Samples since the programme's origin.
    pub(crate) audio_start: u64,
    pub(crate) audio: &'a [AudioSample],
}

/// The init segment.
pub(crate) fn init(video: &VideoSetup, audio: AudioSetup) -> Bytes {
    let mut out = Vec::with_capacity(1_024);
    let ftyp = Ftyp {
        major_brand: b"iso6".into(),
        minor_version: 1,
        compatible_brands: vec![b"iso6".into(), b"cmfc".into(), b"mp41".into()],
    };
    ftyp.encode(&mut out).expect(ENCODES);
    let trex = |track_id| Trex { track_id, default_sample_description_index: 1, ..Trex::default() };
    let moov = Moov {
        mvhd: Mvhd { rate: 1.into(), volume: 1.into(), next_track_id: 3, ..Mvhd::default() },
        mvex: Some(Mvex { mehd: None, trex: vec![trex(VIDEO_TRACK), trex(AUDIO_TRACK)] }),
        trak: vec![video_track(video), audio_track(audio)],
        ..Moov::default()
    };
    moov.encode(&mut out).expect(ENCODES);
    Bytes::from(out)
}

fn video_track(setup: &VideoSetup) -> Trak {
    let (width, height) = setup.size();
    let codec = Avc1 {
        visual: Visual { data_reference_index: 1, width, height, ..Visual::default() },
        avcc: setup.record().clone(),
        ..Avc1::default()
    };
    let minf = Minf { vmhd: Some(Vmhd::default()), ..minf(codec.into()) };
    let tkhd = Tkhd {
        track_id: VIDEO_TRACK,
        enabled: true,
        in_movie: true,
        width: width.into(),
        height: height.into(),
        ..Tkhd::default()
    };
    track(tkhd, VIDEO_TIMESCALE, b"vide".into(), minf)
}

fn audio_track(setup: AudioSetup) -> Trak {
    let audio = Audio {
        data_reference_index: 1,
        channel_count: u16::from(setup.channels()),
        sample_size: 16,
        // 44,100 and 48,000 both fit.
        sample_rate: u16::try_from(setup.rate()).unwrap_or(u16::MAX).into(),
    };
    let codec = match setup {
        AudioSetup::Aac(aac) => mp4a(audio, aac).into(),
        AudioSetup::Opus => opus_entry(audio).into(),
    };
    let minf = Minf { smhd: Some(Smhd::default()), ..minf(codec) };
    let tkhd = Tkhd {
        track_id: AUDIO_TRACK,
        enabled: true,
        in_movie: true,
        alternate_group: 1,
        volume: 1.into(),
        ..Tkhd::default()
    };
    track(tkhd, setup.rate(), b"soun".into(), minf)
}

/// Opus in ISO BMFF ("Encapsulation of Opus in ISO Base Media File Format", 4.3). Sound is taken up in the middle, so nothing
/// is skipped at its beginning.
fn opus_entry(audio: Audio) -> Opus {
    let dops = Dops {
        output_channel_count: opus::CHANNELS,
        pre_skip: 0,
        input_sample_rate: opus::RATE,
        output_gain: 0,
        channel_mapping: None,
    };
    Opus { audio, dops, btrt: None }
}

fn mp4a(audio: Audio, setup: AacSetup) -> Mp4a {
    Mp4a {
        audio,
        esds: Esds {
            es_desc: esds::EsDescriptor {
                es_id: 2,
                dec_config: esds::DecoderConfig {
                    object_type_indication: 0x40,
                    stream_type: 5,
                    dec_specific: Some(esds::DecoderSpecific {
                        raw: setup.config().to_vec(),
                        ..esds::DecoderSpecific::default()
                    }),
                    ..esds::DecoderConfig::default()
                },
                ..esds::EsDescriptor::default()
            },
        },
        btrt: None,
        taic: None,
    }
}

fn minf(codec: Codec) -> Minf {
    Minf {
        dinf: Dinf { dref: Dref { entries: vec![DrefEntry::Url(Url::default())] } },
        stbl: Stbl {
            stsd: Stsd { codecs: vec![codec] },
            stts: Stts::default(),
            stsc: Stsc::default(),
            stsz: Stsz::default(),
            stco: Some(Stco::default()),
            ..Stbl::default()
        },
        ..Minf::default()
    }
}

fn track(tkhd: Tkhd, timescale: u32, handler: FourCC, minf: Minf) -> Trak {
    Trak {
        tkhd,
        mdia: Mdia {
            mdhd: Mdhd { timescale, language: "und".to_owned(), ..Mdhd::default() },
            hdlr: Hdlr { handler, name: String::new() },
            minf,
        },
        ..Trak::default()
    }
}

/// One moof and its mdat. This is the only place where a frame's bytes are copied on their way to viewers.
pub(crate) fn fragment(fragment: &Fragment<'_>) -> Bytes {
    let video_bytes: usize = fragment.video.iter().map(|sample| sample.data.len()).sum();
    let audio_bytes: usize = fragment.audio.iter().map(|sample| sample.data.len()).sum();
    // The offsets count from the moof's first byte; its length does not depend on their values.
    let mut head = Vec::with_capacity(512);
    moof(fragment, 0, 0).encode(&mut head).expect(ENCODES);
    let at = head.len() + MDAT_HEADER_BYTES;
    head.clear();
    moof(fragment, at, at + video_bytes).encode(&mut head).expect(ENCODES);

    let payload = video_bytes + audio_bytes;
    let mut out = Vec::with_capacity(at + payload);
    out.extend_from_slice(&head);
    out.extend_from_slice(&u32::try_from(payload + MDAT_HEADER_BYTES).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(b"mdat");
    fragment.video.iter().for_each(|sample| out.extend_from_slice(&sample.data));
    fragment.audio.iter().for_each(|sample| out.extend_from_slice(&sample.data));
    Bytes::from(out)
}

fn moof(fragment: &Fragment<'_>, video_at: usize, audio_at: usize) -> Moof {
    let ticks_per_ms = VIDEO_TIMESCALE / 1_000;
    let offset = |at: usize| Some(i32::try_from(at).unwrap_or(i32::MAX));
    let size = |data: &Bytes| Some(u32::try_from(data.len()).unwrap_or(u32::MAX));
    let video = fragment
        .video
        .iter()
        .map(|sample| TrunEntry {
            duration: Some(sample.duration_ms * ticks_per_ms),
            size: size(&sample.data),
            flags: Some(if sample.key { FLAGS_KEY } else { FLAGS_DELTA }),
            cts: Some(i64::from(sample.composition_ms) * i64::from(ticks_per_ms)),
        })
        .collect::<Vec<_>>();
    let mut traf = vec![Traf {
        tfhd: Tfhd { track_id: VIDEO_TRACK, default_base_is_moof: true, ..Tfhd::default() },
        tfdt: Some(Tfdt { base_media_decode_time: fragment.video_start_ms * u64::from(ticks_per_ms) }),
        trun: vec![Trun { data_offset: offset(video_at), samples: video.into() }],
        ..Traf::default()
    }];
    if let Some(first) = fragment.audio.first() {
        let alike = fragment.audio.iter().all(|sample| sample.samples == first.samples);
        let audio = fragment.audio.iter().map(|sample| TrunEntry {
            duration: (!alike).then_some(sample.samples),
            size: size(&sample.data),
            ..TrunEntry::default()
        });
        traf.push(Traf {
            tfhd: Tfhd {
                track_id: AUDIO_TRACK,
                default_base_is_moof: true,
                default_sample_duration: Some(first.samples),
                default_sample_flags: Some(FLAGS_KEY),
                ..Tfhd::default()
            },
            tfdt: Some(Tfdt { base_media_decode_time: fragment.audio_start }),
            trun: vec![Trun { data_offset: offset(audio_at), samples: audio.collect::<Vec<_>>().into() }],
            ..Traf::default()
        });
    }
    Moof { mfhd: Mfhd { sequence_number: fragment.number }, traf }
}
