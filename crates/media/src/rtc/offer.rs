//! What an offer has to hold, so that its refusal can name what is missing. str0m reads the rest.

/// An offer is a few kilobytes; browsers with many codecs write twenty.
pub const MAX_OFFER_BYTES: usize = 64 << 10;
/// Candidates of one fragment, at most; the rest is not looked at.
const MAX_CANDIDATES: usize = 32;

/// Why an offer is not taken; the sentence is for whoever set up the encoder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferRefusal {
    #[error("the offer cannot be read: {0}")]
    Unreadable(String),
    #[error("the offer sends no picture; offer one track of H.264")]
    NoPicture,
    #[error("the offer sends {0} pictures; offer one")]
    SeveralPictures(usize),
    #[error("the picture is offered in several qualities; turn simulcast off")]
    Simulcast,
    #[error("the picture is offered as {0}; offer H.264")]
    VideoCodec(String),
    #[error("the sound is offered as {0}; offer Opus")]
    AudioCodec(String),
    #[error("the offer takes no picture in H.264; watch by HLS")]
    NotShown,
}

impl OfferRefusal {
    /// A short, permanent name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::NoPicture => "no-picture",
            Self::SeveralPictures(_) => "several-pictures",
            Self::Simulcast => "simulcast",
            Self::VideoCodec(_) => "video-codec",
            Self::AudioCodec(_) => "audio-codec",
            Self::NotShown => "not-shown",
        }
    }
}

#[derive(Debug, Default)]
struct Section<'a> {
    kind: &'a str,
    sends: bool,
    takes: bool,
    simulcast: bool,
    codecs: Vec<&'a str>,
}

impl Section<'_> {
    fn offers(&self, codec: &str) -> bool {
        self.codecs.iter().any(|name| name.eq_ignore_ascii_case(codec))
    }

    fn named(&self) -> String {
        if self.codecs.is_empty() { "nothing that has a name".to_owned() } else { self.codecs.join(", ") }
    }
}

fn sections(offer: &str) -> Vec<Section<'_>> {
    let mut all: Vec<Section<'_>> = Vec::new();
    for line in offer.lines().map(str::trim_end) {
        if let Some(media) = line.strip_prefix("m=") {
            let mut words = media.split(' ');
            let (kind, port) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            all.push(Section { kind, sends: port != "0", takes: port != "0", ..Section::default() });
            continue;
        }
        let Some(section) = all.last_mut() else { continue };
        match line.strip_prefix("a=") {
            Some("recvonly") => section.sends = false,
            Some("sendonly") => section.takes = false,
            Some("inactive") => (section.sends, section.takes) = (false, false),
            Some(attribute) if attribute.starts_with("simulcast:") => section.simulcast = true,
            Some(attribute) => {
                let mapped = attribute.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '));
                let name = mapped.and_then(|(_, codec)| codec.split('/').next());
                // What repairs or carries others is no codec of its own.
                let helper =
                    |name: &&str| ["rtx", "red", "ulpfec", "flexfec-03", "telephone-event", "CN"].contains(name);
                section.codecs.extend(name.filter(|name| !helper(name) && !name.is_empty()));
                section.codecs.dedup();
            }
            None => {}
        }
    }
    all
}

/// Whether somebody who watches takes a picture in H.264; without sound it is shown all the same.
///
/// # Errors
/// [`OfferRefusal::Unreadable`] and [`OfferRefusal::NotShown`].
pub(super) fn check_viewer(offer: &str) -> Result<(), OfferRefusal> {
    if offer.len() > MAX_OFFER_BYTES {
        return Err(OfferRefusal::Unreadable(format!("it has more than {MAX_OFFER_BYTES} bytes")));
    }
    let taken = sections(offer).iter().any(|one| one.kind == "video" && one.takes && one.offers("H264"));
    if taken { Ok(()) } else { Err(OfferRefusal::NotShown) }
}

/// Whether there is one picture in H.264 and, if there is sound, Opus.
///
/// # Errors
/// [`OfferRefusal`], which says what to offer.
pub(super) fn check(offer: &str) -> Result<(), OfferRefusal> {
    if offer.len() > MAX_OFFER_BYTES {
        return Err(OfferRefusal::Unreadable(format!("it has more than {MAX_OFFER_BYTES} bytes")));
    }
    let sections = sections(offer);
    let sent = |kind: &'static str| sections.iter().filter(move |section| section.kind == kind && section.sends);
    match sent("video").count() {
        0 => return Err(OfferRefusal::NoPicture),
        1 => {}
        more => return Err(OfferRefusal::SeveralPictures(more)),
    }
    if let Some(picture) = sent("video").find(|section| !section.offers("H264")) {
        return Err(OfferRefusal::VideoCodec(picture.named()));
    }
    if sent("video").any(|section| section.simulcast) {
        return Err(OfferRefusal::Simulcast);
    }
    match sent("audio").find(|section| !section.offers("opus")) {
        Some(sound) => Err(OfferRefusal::AudioCodec(sound.named())),
        None => Ok(()),
    }
}

fn attribute<'a>(fragment: &'a str, name: &str) -> Option<&'a str> {
    fragment.lines().find_map(|line| line.trim_end().strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':'))
}

/// The credentials, name then password, that an offer or a fragment (RFC 8840) names.
#[must_use]
pub fn credentials(fragment: &str) -> Option<(&str, &str)> {
    attribute(fragment, "ice-ufrag").zip(attribute(fragment, "ice-pwd"))
}

/// The candidates of a fragment, as they are written.
pub fn candidates(fragment: &str) -> impl Iterator<Item = &str> {
    let lines = fragment.lines().map(str::trim_end);
    lines.filter_map(|line| line.strip_prefix("a=").filter(|line| line.starts_with("candidate:"))).take(MAX_CANDIDATES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(kind: &str, direction: &str, codec: &str) -> String {
        format!(
            "m={kind} 9 UDP/TLS/RTP/SAVPF 96 97\r\na={direction}\r\na=rtpmap:96 {codec}\r\na=rtpmap:97 rtx/90000\r\n"
        )
    }

    #[test]
    fn a_refusal_names_what_was_offered() {
        let picture = media("video", "sendonly", "H264/90000");
        let sound = media("audio", "sendonly", "opus/48000/2");
        for (offer, expected) in [
            (picture.clone() + &sound, "taken"),
            (picture.clone(), "taken"),
            (picture.clone() + &media("audio", "recvonly", "PCMU/8000"), "taken"),
            (sound.clone(), "the offer sends no picture; offer one track of H.264"),
            (media("video", "recvonly", "H264/90000"), "the offer sends no picture; offer one track of H.264"),
            (picture.clone() + &picture, "the offer sends 2 pictures; offer one"),
            (media("video", "sendrecv", "VP8/90000"), "the picture is offered as VP8; offer H.264"),
            (picture.clone() + &media("audio", "sendonly", "PCMA/8000"), "the sound is offered as PCMA; offer Opus"),
            (picture + "a=simulcast:send h;l\r\n", "the picture is offered in several qualities; turn simulcast off"),
            (" ".repeat(MAX_OFFER_BYTES + 1), "the offer cannot be read: it has more than 65536 bytes"),
        ] {
            let said = check(&offer).map_or_else(|refusal| refusal.to_string(), |()| "taken".to_owned());
            assert_eq!(said, expected, "{offer:.80}");
        }
    }

    #[test]
    fn a_fragment_is_read() {
        let fragment = "a=ice-ufrag:EsAw\r\na=ice-pwd:a-password-of-more-than-22\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
                        a=candidate:1 1 UDP 1 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n";
        assert_eq!(credentials(fragment), Some(("EsAw", "a-password-of-more-than-22")));
        assert_eq!(candidates(fragment).collect::<Vec<_>>(), ["candidate:1 1 UDP 1 192.0.2.1 61764 typ host"]);
        assert_eq!((credentials(""), candidates("a=mid:0").count()), (None, 0));
    }
}
