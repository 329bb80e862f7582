//! Where the `type` of a problem leads: what the code means, for whoever follows it.

use app::{Code, problem};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use crate::body::Path;
use crate::language::Reader;
use crate::problem::{Refused, status};

/// One code's page, in the reader's language. The words are our own and hold no markup.
pub(crate) async fn page(Reader(language): Reader, Path(code): Path<String>) -> Result<Response, Refused> {
    let code = Code::parse(&code).ok_or(Code::NotFound)?;
    let (title, detail) = problem::texts::text(code, &language);
    let written_in = if language.is_chinese() { "zh" } else { "en" };
    let (status, code) = (status(code).as_u16(), code.as_str());
    let page = format!(
        "<!doctype html>\n<html lang=\"{written_in}\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<p>{detail}</p>\n<p><code>{code}</code> · HTTP {status}</p>\n</body>\n</html>\n"
    );
    Ok(([(header::VARY, "accept-language")], Html(page)).into_response())
}
