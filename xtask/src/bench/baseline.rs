//! What others cost for the same encoders: nginx-rtmp, and mediamtx where it is on PATH.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::air::{INGESTS, cpu_of_ingests};
use super::encoders::Encoders;
use super::mediamtx::MediaMtx;
use crate::postgres::free_port;
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, cache, command, fail, run_or, stop, which};

/// A media server that is stopped when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.0, "TERM", Duration::from_secs(5));
    }
}

/// CPU seconds of nginx-rtmp with HLS on, in one process. It cuts segments of 2 s and makes no parts.
pub(crate) fn nginx(recording: &Path) -> Outcome<f64> {
    let packages = nginx_packages()?;
    let scratch = Scratch::new("nginx")?;
    let (folder, port) = (scratch.path(), free_port()?);
    let settings = format!(
        "daemon off; master_process off; error_log stderr error; pid {folder}/pid;\n\
         load_module {packages}/usr/lib/nginx/modules/ngx_rtmp_module.so;\n\
         events {{ worker_connections 256; }}\n\
         rtmp {{ access_log off; server {{ listen 127.0.0.1:{port}; chunk_size 4096;\n\
           application live {{ live on; hls on; hls_path {folder}/hls; hls_fragment 2s; hls_playlist_length 12s; }} }} }}\n",
        folder = folder.display(),
        packages = packages.display(),
    );
    fs::write(folder.join("nginx.conf"), settings).doing("write nginx.conf")?;
    fs::create_dir_all(folder.join("hls")).doing("make the folder for HLS")?;
    let mut nginx = command(packages.join("usr/sbin/nginx"), &["-p"]);
    nginx.arg(folder).arg("-c").arg(folder.join("nginx.conf")).stdin(Stdio::null()).stdout(Stdio::null());
    let server = Server(nginx.spawn().doing("start nginx")?);
    let cost = measure(server.0.id(), recording, &format!("rtmp://127.0.0.1:{port}/live"))?;
    let playlists = fs::read_dir(folder.join("hls")).doing("look at the HLS of nginx")?.flatten();
    let playlists = playlists.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "m3u8")).count();
    if playlists == INGESTS { Ok(cost) } else { fail(format!("nginx wrote {playlists} of {INGESTS} playlists"), "") }
}

/// CPU seconds of mediamtx, remuxing each stream to low-latency HLS all the time.
pub(crate) fn mediamtx(recording: &Path) -> Outcome<f64> {
    let server = MediaMtx::start(&mut command(MediaMtx::program()?, &[]))?;
    measure(server.pid(), recording, &server.rtmp())
}

fn measure(pid: u32, recording: &Path, address: &str) -> Outcome<f64> {
    std::thread::sleep(Duration::from_secs(1));
    let addresses: Vec<String> = (0..INGESTS).map(|number| format!("{address}/load{number}")).collect();
    cpu_of_ingests(pid, || Encoders::start(recording, &addresses))
}

/// nginx and its RTMP module, unpacked from Debian's packages into the cache: nothing is installed or started for good.
fn nginx_packages() -> Outcome<PathBuf> {
    let unpacked = cache()?.join("bench/nginx");
    if unpacked.join("usr/sbin/nginx").is_file() {
        return Ok(unpacked);
    }
    if which("apt-get").is_none() || which("dpkg").is_none() {
        return fail("nginx-rtmp comes from Debian's packages, and apt-get is not here", "compare on Debian");
    }
    let downloads = Scratch::new("packages")?;
    let mut download = command("apt-get", &["-q", "download", "nginx", "libnginx-mod-rtmp"]);
    run_or(download.current_dir(downloads.path()).stdout(Stdio::null()), "run `apt-get update` first")?;
    for package in fs::read_dir(downloads.path()).doing("look at the packages")?.flatten() {
        run_or(command("dpkg", &["-x"]).arg(package.path()).arg(&unpacked), "remove the cache and try again")?;
    }
    Ok(unpacked)
}
