//! Payment providers keep the port's promises: the sandbox, and Stripe in each of its methods.

mod banks;
mod stripe;
mod webhooks;
mod wild;

use app::conformance::payments::check;
use shop::payment::Method;

use banks::{SandboxBank, StripeBank};

#[tokio::test]
async fn the_sandbox_keeps_its_promises() {
    check(&SandboxBank::open()).await;
}

#[tokio::test]
async fn stripe_keeps_its_promises_with_cards() {
    check(&StripeBank::open(Method::Card).await).await;
}

#[tokio::test]
async fn stripe_keeps_its_promises_with_alipay() {
    check(&StripeBank::open(Method::Alipay).await).await;
}

#[tokio::test]
async fn stripe_keeps_its_promises_with_wechat_pay() {
    check(&StripeBank::open(Method::WechatPay).await).await;
}
