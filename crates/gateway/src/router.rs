//! The table of contents: every address that the house answers at.

use app::Code;
use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Refused;
use crate::routes::{
    air, basket, brands, buyers, checkouts, corrections, disputes, drops, floor, house, imports, me, media, messages,
    offers, office_orders, office_products, one_tap, orders, parcel_sheets, payments, people, problems, products,
    refunds, replays, reports, returns, room, sandbox, sessions, shipping, shows, status, studio, studio_drops,
    studio_moderation, studio_trivia, tabs, trust, wallet, whep, whip, withdrawals,
};
use crate::state::Gateway;
use crate::{client, headers, identity, language, measure, once, openapi, web};

/// Bodies are JSON of a page's size; uploads set their own limit on their route.
pub(crate) const BODY_BYTES: usize = 256 * 1024;
/// A file of 20 MB and the form around it.
const UPLOAD_BYTES: usize = 20 * 1024 * 1024 + 64 * 1024;

/// `/api/v1`, as it stands in the OpenAPI document.
pub(crate) fn api() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        // People
        .routes(routes!(me::mint_viewer))
        .routes(routes!(me::me))
        .routes(routes!(sessions::set_up))
        .routes(routes!(sessions::sign_in))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(buyers::send_link))
        .routes(routes!(buyers::send_code))
        .routes(routes!(buyers::by_link))
        .routes(routes!(buyers::by_code))
        .routes(routes!(people::list))
        .routes(routes!(people::set_memberships))
        .routes(routes!(people::list_invitations, people::invite))
        .routes(routes!(people::withdraw))
        .routes(routes!(people::accept))
        .routes(routes!(people::list_tokens, people::create_token))
        .routes(routes!(people::revoke_token))
        .routes(routes!(people::audit_trail))
        .routes(routes!(house::get, house::save))
        .routes(routes!(house::blocked_words, house::block_words))
        // Shows
        .routes(routes!(shows::list, studio::create))
        .routes(routes!(shows::show, studio::update, studio::remove))
        .routes(routes!(shows::calendar_file))
        .routes(routes!(studio::list))
        .routes(routes!(studio::show))
        .routes(routes!(studio::duplicate))
        .routes(routes!(studio::arrange))
        .routes(routes!(studio::add_item))
        .routes(routes!(floor::list_on_air))
        .routes(routes!(floor::stop_sale))
        .routes(routes!(floor::resume_sale))
        .routes(routes!(floor::reprice))
        .routes(routes!(floor::sold_in_shop))
        .routes(routes!(studio::rehearse))
        .routes(routes!(studio::stop_rehearsal))
        .routes(routes!(studio::go_live))
        .routes(routes!(studio::end))
        .routes(routes!(studio::show_stream_key))
        .routes(routes!(studio::rotate_stream_key))
        .routes(routes!(whip::publish))
        .routes(routes!(whep::watch))
        .routes(routes!(whip::trickle, whip::leave))
        .routes(routes!(replays::show, replays::save))
        .routes(routes!(replays::log))
        .routes(routes!(replays::studio))
        .routes(routes!(replays::hold))
        .routes(routes!(replays::download))
        .routes(routes!(replays::download_of_order))
        .routes(routes!(room::choose_name))
        // Room
        .routes(routes!(room::open_socket))
        .routes(routes!(room::issue_ticket))
        .routes(routes!(room::stream_events))
        .routes(routes!(room::send_command))
        .routes(routes!(reports::report))
        .routes(routes!(reports::mine))
        .routes(routes!(reports::appeal))
        // Drops
        .routes(routes!(drops::claim_in))
        .routes(routes!(drops::of_product))
        .routes(routes!(drops::leave_line))
        .routes(routes!(drops::let_go))
        .routes(routes!(tabs::show))
        .routes(routes!(tabs::quote))
        .routes(routes!(studio_drops::list, studio_drops::create))
        .routes(routes!(studio_drops::update, studio_drops::remove))
        .routes(routes!(studio_drops::arm))
        .routes(routes!(studio_drops::fire))
        .routes(routes!(studio_drops::end))
        .routes(routes!(studio_trivia::list, studio_trivia::create))
        .routes(routes!(studio_trivia::update, studio_trivia::remove))
        .routes(routes!(studio_trivia::arm))
        .routes(routes!(studio_trivia::fire))
        .routes(routes!(studio_trivia::end))
        .routes(routes!(studio_trivia::answers))
        .routes(routes!(studio_moderation::queue))
        .routes(routes!(studio_moderation::settle_report))
        .routes(routes!(studio_moderation::settle_appeal))
        .routes(routes!(studio_drops::list_tabs))
        .routes(routes!(studio_drops::put_aside))
        .routes(routes!(studio_drops::extend))
        .routes(routes!(studio_drops::nudge))
        .routes(routes!(studio_drops::let_go))
        .routes(routes!(studio_drops::unbar))
        // Till
        .routes(routes!(basket::show))
        .routes(routes!(basket::put_line, basket::remove_line))
        .routes(routes!(basket::accept_prices))
        .routes(routes!(basket::quote))
        .routes(routes!(checkouts::create))
        .routes(routes!(one_tap::offered, one_tap::pay))
        .routes(routes!(wallet::show))
        .routes(routes!(wallet::forget_address))
        .routes(routes!(wallet::forget_method))
        .routes(routes!(orders::show))
        .routes(routes!(orders::confirm))
        .routes(routes!(orders::mine))
        .routes(routes!(returns::ask))
        .routes(routes!(withdrawals::look))
        .routes(routes!(withdrawals::withdraw))
        .routes(routes!(shipping::list, shipping::keep))
        .routes(routes!(shipping::address_form))
        .routes(routes!(sandbox::look, sandbox::decide))
        .routes(routes!(payments::methods))
        .routes(routes!(payments::webhook))
        // Office
        .routes(routes!(office_orders::list))
        .routes(routes!(office_orders::show))
        .routes(routes!(office_orders::send))
        .routes(routes!(office_orders::delivered))
        .routes(routes!(office_orders::cancel))
        .routes(routes!(office_orders::figures))
        .routes(routes!(disputes::list))
        .routes(routes!(offers::list, offers::create))
        .routes(routes!(offers::change))
        .routes(routes!(offers::stop))
        .routes(routes!(refunds::preview))
        .routes(routes!(refunds::pieces))
        .routes(routes!(refunds::amount))
        .routes(routes!(refunds::take_elsewhere))
        .routes(routes!(returns::list))
        .routes(routes!(returns::receive))
        .routes(routes!(returns::refuse))
        .routes(routes!(returns::accept))
        .routes(routes!(refunds::list))
        .routes(routes!(refunds::ask_again))
        .routes(routes!(corrections::list, corrections::correct))
        .routes(routes!(messages::list))
        // Catalogue
        .routes(routes!(products::list))
        .routes(routes!(products::get))
        .routes(routes!(products::answers))
        .routes(routes!(office_products::list))
        .routes(routes!(office_products::get))
        .routes(routes!(office_products::create))
        .routes(routes!(office_products::update))
        .routes(routes!(office_products::set_status))
        .routes(routes!(office_products::set_prices))
        .routes(routes!(office_products::price_history))
        .routes(routes!(office_products::set_stock))
        .routes(routes!(brands::list, brands::create))
        .routes(routes!(brands::get, brands::update))
        .routes(routes!(brands::list_sellers, brands::create_seller))
        .routes(routes!(brands::update_seller))
        .routes(routes!(brands::list_locations, brands::create_location))
        .routes(routes!(imports::apply))
        .merge(uploads().layer(DefaultBodyLimit::max(UPLOAD_BYTES)))
}

/// Addresses that take a file.
pub(crate) fn uploads() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(media::add))
        .routes(routes!(imports::check))
        .routes(routes!(parcel_sheets::check))
        .routes(routes!(parcel_sheets::send))
}

/// Everything: API, status, pages.
pub fn router(gateway: Gateway) -> Router {
    let (api, document) = openapi::described().split_for_parts();
    api.route("/api/v1/openapi.json", get(move || async move { Json(document) }))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .route("/air/{programme}/{name}", get(air::fetch).layer(middleware::from_fn(air::for_any_page)))
        .route(
            "/replays/{show}/{name}",
            get(replays::fetch).layer(replays::squeezed()).layer(middleware::from_fn(air::for_any_page)),
        )
        .route("/media/{id}/{file}", get(media::pixels))
        .route("/trust", get(trust::page))
        .route("/trust/house.crt", get(trust::certificate))
        .route("/problems/{code}", get(problems::page))
        .route("/metrics", get(measure::page))
        .route("/healthz", get(status::alive))
        .route("/readyz", get(status::ready))
        .method_not_allowed_fallback(async || Refused::from(Code::MethodNotAllowed))
        .fallback(web::page)
        .layer(middleware::from_fn_with_state(gateway.clone(), once::once))
        .layer(middleware::from_fn_with_state(gateway.clone(), identity::guard))
        .layer(middleware::from_fn_with_state(gateway.clone(), client::meet))
        .layer(middleware::from_fn(language::tell))
        .layer(CatchPanicLayer::custom(|_panic| Refused::from(Code::Internal).into_response()))
        .layer(middleware::map_response(headers::protect))
        .layer(middleware::from_fn(measure::requests))
        .layer(TraceLayer::new_for_http())
        .with_state(gateway)
}
