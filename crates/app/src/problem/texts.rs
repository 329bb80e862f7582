//! The sentence that a person reads for each code: what happened, then what to do next.

use kernel::Language;

use super::Code;

/// (title, detail) in the language, English where there is no other.
#[must_use]
pub fn text(code: Code, language: &Language) -> (&'static str, &'static str) {
    if language.is_chinese() { chinese(code) } else { english(code) }
}

const fn english(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadRequest => ("Not understood", "The request could not be read. Reload the page and try again."),
        Code::NotFound => ("Not here", "There is nothing at this address, or it is not yours to see."),
        Code::MethodNotAllowed => (
            "Not done that way",
            "This address takes another method. The Allow header and the API's description name it.",
        ),
        Code::Invalid => ("Please check", "Some of what was entered cannot be taken. Each field says why."),
        Code::TooLarge => ("Too large", "That is more than can be taken at once. Send less."),
        Code::SlowDown => ("One moment", "That was a little fast. Wait a moment, then try again."),
        Code::Busy => ("Very busy", "Many people are here right now. Try again in a second."),
        Code::Internal => ("Our mistake", "Something broke on our side and was written down. Try again."),
        Code::IdempotencyKeyReused => {
            ("Key used before", "This Idempotency-Key came with another request. Use a new one.")
        }
        Code::IdempotencyKeyMissing => ("Key missing", "This request needs an Idempotency-Key header of its own."),
        Code::ChangedMeanwhile => {
            ("Changed meanwhile", "Somebody else changed this. Reload to see it, then change it again.")
        }
        Code::ForeignOrigin => {
            ("Foreign page", "This request came from another site. Open the shop itself and try again.")
        }
        Code::ViewerNeeded => ("Not a viewer yet", "Reload the page to enter the room."),
        Code::TicketExpired => ("Ticket is over", "This ticket into the room has expired. Ask for a new one."),
        Code::SignInFirst => ("Sign in first", "Sign in, then try again."),
        Code::SignInFailed => ("Not signed in", "The address and the password do not belong together. Check both."),
        Code::NotAllowed => ("Not allowed", "Your role does not include this. Ask the owner of the house for it."),
        Code::LinkUsedOrExpired => ("Link is over", "This link or code was used or has expired. Ask for a new one."),
        Code::AlreadySetUp => ("Already set up", "This house has an owner already. Sign in instead."),
        Code::LastOwner => ("Last owner", "A house needs an owner. Make somebody else owner first."),
        Code::PictureNotReadable => (
            "Not a picture",
            "This file cannot be read as a picture. Send a JPEG, PNG, WebP or GIF under its own name.",
        ),
        Code::PictureTooLarge => {
            ("Picture too large", "A picture has at most 36 megapixels and 20 MB. Send a smaller one.")
        }
        Code::ImportHasErrors => {
            ("Sheet has errors", "Nothing was imported. Check the sheet again, correct what it names, then apply it.")
        }
        Code::ImportApplied => ("Already imported", "This sheet was applied before. Send it again to change products."),
        Code::ShowIsLive => ("The show is live", "This cannot be done while the show is live. End it first."),
        Code::ShowHasEnded => ("The show has ended", "An ended show stays as it was. Duplicate it to plan the next."),
        Code::ShowNotLive => ("Not live", "The show is not live. Go live first."),
        Code::ShowNotRehearsing => ("No rehearsal", "Nobody is rehearsing this show. Reload to see where it stands."),
        Code::HostIsElsewhere => {
            ("Host is busy", "The host is live in another show. End that one, or choose another host.")
        }
        Code::EndNotConfirmed => ("Confirm the end", "Ending cannot be undone. Confirm it in the second step."),
        Code::StreamKeyUnknown => (
            "Key not known",
            "This stream key opens no show here. Copy it again from the studio, or scan the code again.",
        ),
        Code::AlreadyPublishing => {
            ("Somebody is on camera", "Another camera or encoder sends to this show. Stop it first, then try again.")
        }
        Code::OfferNotReadable => (
            "Offer not understood",
            "What your encoder offered is no WebRTC offer. Send application/sdp as WHIP asks for.",
        ),
        Code::PictureNotOffered => {
            ("No picture", "Your encoder offers no picture. Turn the camera on, then try again.")
        }
        Code::PictureCodecNotTaken => {
            ("Picture must be H.264", "Your encoder cannot send H.264. Set it to H.264, or use another browser.")
        }
        Code::SoundCodecNotTaken => ("Sound must be Opus", "Your encoder does not offer Opus. Set its sound to Opus."),
        Code::SeveralPicturesOffered => {
            ("One picture only", "Your encoder offers several pictures or qualities. Send one, and turn simulcast off.")
        }
        Code::RestartNotTaken => {
            ("Connect anew", "A connection is not restarted in place. End this session and publish again.")
        }
        Code::PictureNotInOrder => {
            ("Shown with more delay", "This picture has B-frames, which cannot be shown so fast. It is shown as usual.")
        }
        Code::PictureNotShown => {
            ("Shown with more delay", "This browser cannot show the picture so fast. It is shown as usual.")
        }
        Code::BasketFull => {
            ("Basket is full", "A basket holds 50 different things. Buy these first, or take some out.")
        }
        Code::BasketChanged => ("Basket changed", "The basket changed meanwhile. Look at it again, then buy."),
        Code::SoldOut => ("Sold out", "Somebody was faster: there are not enough left. Take it out, or choose fewer."),
        Code::SaleStopped => {
            ("Sale stopped", "The shop has stopped this sale for now. Take it out, or wait for the host.")
        }
        Code::NotSoldInCurrency => {
            ("Not in this currency", "This is not sold in your currency. Choose another currency.")
        }
        Code::NotShipped => {
            ("Not sent there", "The shop does not send to this country in this currency. Choose another.")
        }
        Code::PriceChanged => ("Price changed", "The total is another one now. Look at the new prices, then buy."),
        Code::PaymentUnavailable => {
            ("Payment not answering", "The payment service does not answer. Your order waits: try again.")
        }
        Code::PaymentMethodNotOffered => {
            ("Not payable that way", "This cannot be paid that way in your currency. Choose another way to pay.")
        }
        Code::AmountTooLarge => (
            "Too much for this",
            "This way to pay ends below your total. Choose another, or ask the shop for an invoice.",
        ),
        Code::AmountTooSmall => {
            ("Too little for this", "This way to pay begins above your total. Choose another way to pay.")
        }
        Code::PaymentDeclined => {
            ("Payment declined", "The bank said no, and nothing was charged. Choose another way to pay.")
        }
        Code::CardExpired => ("Card has expired", "This saved card has expired. Choose another way to pay."),
        Code::BadSignature => {
            ("Signature wrong", "The message is not signed by the payment provider. Check the secret.")
        }
        Code::AllPaidFor => {
            ("All are paid for", "Every piece that lies there is paid for. Count the stock again in the office.")
        }
        Code::NotPaid => ("Not paid", "This order is not paid. Send it once it is."),
        Code::NothingToSend => ("Nothing to send", "Everything in this order has been sent already."),
        Code::AlreadySent => {
            ("Already sent", "Part of this order has left the house. Take it back as a return instead.")
        }
        Code::NothingToRefund => {
            ("Nothing to give back", "This order did not pay more than today's price, or has it back already.")
        }
        Code::PiecesNotThere => (
            "Not so many pieces",
            "The order does not have so many of these pieces for this. Look at it again and choose anew.",
        ),
        Code::ReturnNotAtThatStep => {
            ("Not at that step", "This return was not received yet, or was decided already. Look at it again.")
        }
        Code::WithdrawalOver => (
            "The time to withdraw is over",
            "Fourteen days have passed since the last delivery. Write to the shop if a piece is faulty.",
        ),
        Code::NothingToWithdraw => (
            "Nothing to withdraw from",
            "Nothing of this order can be withdrawn from: it was sold without that right, has come back, or was not paid.",
        ),
        Code::OfferUsedUp => (
            "Offer is used up",
            "Somebody used the last of this offer, or you have used it before. Look at the new total.",
        ),
        Code::DropNotOpen => ("Not open yet", "This drop has not opened. Wait for the countdown, then claim."),
        Code::DropEnded => ("Drop is over", "This drop has ended and cannot start again. Look out for the next one."),
        Code::DropNotPlanned => ("Already armed", "An armed drop cannot be changed. End it, and plan another one."),
        Code::DropNotArmed => ("Not armed", "Arm the drop first, which sets its pieces aside, then fire it."),
        Code::NotEnoughStock => {
            ("Too few pieces", "Fewer pieces are free than this drop takes. Lower its quantity, or add stock.")
        }
        Code::ClaimLimit => ("Your limit", "One buyer may claim no more of this drop. Pay for what you hold."),
        Code::ClaimOver => ("No longer held", "This piece is not held for you any more. Look at your tab again."),
        Code::ClaimsBarred => (
            "Claims were not paid",
            "Pieces that you claimed were not paid for, so drops are closed to you for a while. Buy from the tray, or ask us.",
        ),
        Code::TriviaRunning => (
            "Another question is asked",
            "One question is asked at a time. Wait until the other is decided, or end it.",
        ),
        Code::NotInMarket => {
            ("Not for this country", "This edition is not sold to the country that you deliver to. Look out for yours.")
        }
    }
}

const fn chinese(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadRequest => ("无法识别", "无法读取该请求。请刷新页面后重试。"),
        Code::NotFound => ("未找到", "此地址没有内容，或您无权查看。"),
        Code::MethodNotAllowed => ("方法不对", "此地址不接受该方法，请查看 Allow 标头或接口说明。"),
        Code::Invalid => ("请检查", "部分内容无法接受，各字段旁有说明。"),
        Code::TooLarge => ("内容过大", "一次提交的内容过多，请减少后再试。"),
        Code::SlowDown => ("请稍候", "操作有点快，请稍等片刻再试。"),
        Code::Busy => ("人数较多", "当前访问人数较多，请稍后再试。"),
        Code::Internal => ("系统出错", "我们这边出了问题，已记录。请重试。"),
        Code::IdempotencyKeyReused => ("幂等键重复", "该 Idempotency-Key 已用于其他请求，请换一个。"),
        Code::IdempotencyKeyMissing => ("缺少幂等键", "该请求需要带上自己的 Idempotency-Key。"),
        Code::ChangedMeanwhile => ("内容已更新", "其他人刚刚修改过。请刷新查看后再修改。"),
        Code::ForeignOrigin => ("来源不符", "该请求来自其他网站。请打开本店页面后重试。"),
        Code::ViewerNeeded => ("尚未进入", "请刷新页面以进入直播间。"),
        Code::TicketExpired => ("凭证已过期", "进入直播间的凭证已过期，请重新获取。"),
        Code::SignInFirst => ("请先登录", "请登录后再试。"),
        Code::SignInFailed => ("登录失败", "账号与密码不匹配，请检查后重试。"),
        Code::NotAllowed => ("没有权限", "您的角色不包含此操作，请联系店铺所有者。"),
        Code::LinkUsedOrExpired => ("链接已失效", "此链接或验证码已使用或过期，请重新获取。"),
        Code::AlreadySetUp => ("已完成设置", "店铺已有所有者，请直接登录。"),
        Code::LastOwner => ("最后一位所有者", "店铺必须有一位所有者，请先指定他人。"),
        Code::PictureNotReadable => ("无法识别图片", "此文件不是可读取的图片，请上传 JPEG、PNG、WebP 或 GIF。"),
        Code::PictureTooLarge => ("图片过大", "图片最多 3600 万像素、20 MB，请上传较小的图片。"),
        Code::ImportHasErrors => ("表格有误", "没有导入任何内容。请重新检查表格，更正后再应用。"),
        Code::ImportApplied => ("已导入", "此表格已应用过。如需更改商品，请重新上传。"),
        Code::ShowIsLive => ("正在直播", "直播进行中无法执行此操作，请先结束直播。"),
        Code::ShowHasEnded => ("直播已结束", "已结束的直播保持原样，可复制后安排下一场。"),
        Code::ShowNotLive => ("尚未开播", "该场次尚未开播，请先开播。"),
        Code::ShowNotRehearsing => ("未在彩排", "该场次未在彩排，请刷新查看当前状态。"),
        Code::HostIsElsewhere => ("主播忙碌", "主播正在另一场直播中，请先结束那一场或更换主播。"),
        Code::EndNotConfirmed => ("请确认结束", "结束后无法撤销，请在第二步确认。"),
        Code::StreamKeyUnknown => ("推流密钥无效", "该推流密钥不对应任何场次，请从直播台重新复制或重新扫码。"),
        Code::AlreadyPublishing => ("已有画面", "另一台设备正在向该场次推流，请先停止它再重试。"),
        Code::OfferNotReadable => {
            ("无法识别请求", "编码器发送的内容不是 WebRTC 请求，请按 WHIP 发送 application/sdp。")
        }
        Code::PictureNotOffered => ("没有画面", "编码器没有提供画面，请打开摄像头后重试。"),
        Code::PictureCodecNotTaken => ("画面须为 H.264", "编码器无法发送 H.264，请改用 H.264 或换一个浏览器。"),
        Code::SoundCodecNotTaken => ("声音须为 Opus", "编码器未提供 Opus，请将声音设为 Opus。"),
        Code::SeveralPicturesOffered => {
            ("只能有一路画面", "编码器提供了多路画面或多档清晰度，请只发送一路并关闭联播。")
        }
        Code::RestartNotTaken => ("请重新连接", "连接不支持原地重启，请结束本次推流后重新推流。"),
        Code::PictureNotInOrder => ("以常规延迟播放", "画面含 B 帧，无法以最低延迟播放，已照常播放。"),
        Code::PictureNotShown => ("以常规延迟播放", "此浏览器无法以最低延迟播放画面，已照常播放。"),
        Code::BasketFull => ("购物袋已满", "购物袋最多放 50 种商品，请先结算或移除一些。"),
        Code::BasketChanged => ("购物袋已变化", "购物袋内容刚刚变化，请重新查看后再购买。"),
        Code::SoldOut => ("已售罄", "有人抢先一步，库存不足。请移除或减少数量。"),
        Code::SaleStopped => ("已暂停销售", "店铺暂停了该商品的销售，请移除或等待主播通知。"),
        Code::NotSoldInCurrency => ("不支持该货币", "该商品不以您的货币出售，请选择其他货币。"),
        Code::NotShipped => ("无法送达", "店铺不以该货币配送到此国家或地区，请另选。"),
        Code::PriceChanged => ("价格有变动", "总价已变化，请查看新价格后再购买。"),
        Code::PaymentUnavailable => ("支付未响应", "支付服务没有响应，订单已为您保留，请重试。"),
        Code::PaymentMethodNotOffered => ("无法如此支付", "该货币不支持此支付方式，请选择其他方式。"),
        Code::AmountTooLarge => ("金额超限", "总额超过此支付方式的上限，请选择其他方式，或向店铺索取账单。"),
        Code::AmountTooSmall => ("金额过低", "总额低于此支付方式的下限，请选择其他方式。"),
        Code::PaymentDeclined => ("付款被拒", "银行拒绝了这笔付款，没有扣款。请选择其他支付方式。"),
        Code::CardExpired => ("卡已过期", "保存的这张卡已过期，请选择其他支付方式。"),
        Code::BadSignature => ("签名错误", "该消息不是支付服务签名的，请检查密钥。"),
        Code::AllPaidFor => ("均已付款", "现有的每一件都已有人付款，请在后台重新盘点库存。"),
        Code::NotPaid => ("尚未付款", "订单尚未付款，付款后才能发货。"),
        Code::NothingToSend => ("没有待发商品", "该订单的商品均已发出。"),
        Code::AlreadySent => ("已经发货", "该订单已有商品发出，请改走退货流程。"),
        Code::NothingToRefund => ("无需退款", "该订单的付款没有高于现价，或已经退还。"),
        Code::PiecesNotThere => ("件数不符", "该订单没有这么多件商品可供此操作，请刷新后重新选择。"),
        Code::ReturnNotAtThatStep => ("退货状态不符", "该退货尚未收到，或已处理完毕，请刷新后再试。"),
        Code::WithdrawalOver => ("撤销期限已过", "最后一次送达已超过十四天。如商品有质量问题，请联系店铺。"),
        Code::NothingToWithdraw => ("没有可撤销的商品", "该订单没有可以撤销的商品：不适用撤销权、已退回，或未付款。"),
        Code::OfferUsedUp => ("优惠已用完", "该优惠已被领完，或您已使用过。请查看新的总价。"),
        Code::DropNotOpen => ("尚未开抢", "限量抢购还未开始，请等倒计时结束后再抢。"),
        Code::DropEnded => ("抢购已结束", "这场抢购已经结束，不能重新开始。请留意下一场。"),
        Code::DropNotPlanned => ("已备好货", "备好货的抢购不能修改。请先结束它，再另行安排。"),
        Code::DropNotArmed => ("尚未备货", "请先备货，把商品留出来，再开抢。"),
        Code::NotEnoughStock => ("库存不足", "可用库存少于抢购数量，请减少数量或补充库存。"),
        Code::ClaimLimit => ("已达上限", "您在这场抢购中已不能再抢，请先为已留的商品付款。"),
        Code::ClaimOver => ("保留已失效", "该商品已不再为您保留，请重新查看待付清单。"),
        Code::ClaimsBarred => ("曾有未付款", "您抢到的商品多次未付款，暂时不能参加抢购。可直接选购，或联系店铺。"),
        Code::TriviaRunning => ("另一题正在进行", "同一时间只能进行一道题。请等待揭晓，或先结束它。"),
        Code::NotInMarket => ("不在发售地区", "该版本不在您的收货国家或地区发售，请留意当地的发售。"),
    }
}
