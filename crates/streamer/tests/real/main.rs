//! Proofs with real encoders over real sockets.

mod goes_on;
mod hostile;
mod proof;
mod publish;
mod recorded;
mod refused;
mod watched;
mod webrtc;
