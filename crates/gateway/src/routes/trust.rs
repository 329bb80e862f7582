//! How to trust a house that signs its own certificate: a page for whoever cannot look at any other yet.

use app::Code;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use kernel::Language;

use crate::language::Reader;
use crate::problem::Refused;
use crate::state::{Authority, Gateway};

/// The page's words in one language.
struct Words {
    title: &'static str,
    why: &'static str,
    download: &'static str,
    compare: &'static str,
    steps: [(&'static str, &'static str); 3],
    go_on: &'static str,
    remove: &'static str,
}

const EN: Words = Words {
    title: "Trust this house",
    why: "A phone gives a page its camera only over a connection that it trusts. This house is on your own network and signs its \
          certificate itself, so each phone that is to broadcast has to be told once that this is right. Viewers elsewhere need \
          nothing of this.",
    download: "1. Download the house's certificate",
    compare: "2. Before you install it, compare its fingerprint (SHA-256) with the one on the control desk:",
    steps: [
        (
            "iPhone, iPad",
            "Allow the download in Safari. Open Settings → General → VPN & Device Management, tap the profile and install it. Then \
             Settings → General → About → Certificate Trust Settings, and switch it on.",
        ),
        (
            "Android",
            "Open Settings, search for “CA certificate”, choose “Install anyway” and the file that you downloaded.",
        ),
        ("Computer", "Import the file into the authorities (root certificates) of your system or browser."),
    ],
    go_on: "3. Open the house",
    remove: "You can remove it there again at any time; until then this phone believes whatever this house signs. Do not install \
             it for a house that you do not know.",
};

const ZH: Words = Words {
    title: "信任本店",
    why: "手机只在可信的连接上把摄像头交给网页。本店在您自己的网络里，证书由本店自己签发，所以每部要直播的手机都需要确认一次。\
          其他地方的观众不需要这样做。",
    download: "1. 下载本店的证书",
    compare: "2. 安装之前，请与控制台上显示的指纹（SHA-256）核对：",
    steps: [
        (
            "iPhone、iPad",
            "在 Safari 中允许下载。打开“设置”→“通用”→“VPN 与设备管理”，点按该描述文件并安装；再到“设置”→“通用”→“关于本机”→\
             “证书信任设置”，将其打开。",
        ),
        ("Android", "打开“设置”，搜索“CA 证书”，选择“仍然安装”，再选刚才下载的文件。"),
        ("电脑", "把该文件导入系统或浏览器的“受信任的根证书颁发机构”。"),
    ],
    go_on: "3. 打开本店",
    remove: "您可以随时在同一处移除它；在此之前，这部手机会相信本店签发的一切。不认识的店，请不要安装。",
};

fn authority(gateway: &Gateway) -> Result<&Authority, Refused> {
    gateway.settings.authority.as_ref().ok_or_else(|| Code::NotFound.into())
}

/// The page, by plain HTTP too. Its words are our own, and so are name and fingerprint: nothing holds markup.
pub(crate) async fn page(State(gateway): State<Gateway>, Reader(language): Reader) -> Result<Response, Refused> {
    let page = written(authority(&gateway)?, &gateway.settings.public_url, &language);
    Ok(([(header::VARY, "accept-language"), (header::CACHE_CONTROL, "no-store")], Html(page)).into_response())
}

fn written(authority: &Authority, url: &str, language: &Language) -> String {
    let (words, written_in) = if language.is_chinese() { (&ZH, "zh") } else { (&EN, "en") };
    let Words { title, why, download, compare, steps, go_on, remove } = words;
    let steps: String = steps.iter().map(|(what, how)| format!("<dt>{what}</dt>\n<dd>{how}</dd>\n")).collect();
    let Authority { name, fingerprint, .. } = authority;
    format!(
        "<!doctype html>\n<html lang=\"{written_in}\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>{title}</title>\n\
         <style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#0E0E10;\
         background:#FAF8F5}}code{{overflow-wrap:anywhere}}dt{{font-weight:600;margin-top:.75rem}}dd{{margin:0}}\
         a{{display:inline-block;min-height:44px;line-height:44px;color:inherit;font-weight:600}}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<p>{why}</p>\n<p><a href=\"/trust/house.crt\">{download}</a><br />{name}</p>\n\
         <p>{compare}<br /><code>{fingerprint}</code></p>\n<dl>\n{steps}</dl>\n\
         <p><a href=\"{url}/\">{go_on}</a></p>\n<p>{remove}</p>\n</body>\n</html>\n"
    )
}

/// The certificate as phones take it.
pub(crate) async fn certificate(State(gateway): State<Gateway>) -> Result<Response, Refused> {
    let told = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"house.crt\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((told, authority(&gateway)?.certificate.clone()).into_response())
}
