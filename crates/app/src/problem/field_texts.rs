//! The sentence that stands beside a field that cannot be taken, where no rule of the catalogue has one of its own.

use kernel::Language;

use super::FieldProblem;

/// (code, English, Chinese).
const SENTENCES: &[(&str, &str, &str)] = &[
    ("missing", "Fill this in.", "请填写此项。"),
    ("required", "Fill this in.", "请填写此项。"),
    ("too_short", "Make this longer.", "请填写得更长一些。"),
    ("too_long", "Make this shorter.", "请缩短此项。"),
    ("too_many", "That is more than can be taken here. Keep fewer.", "数量超出上限，请减少一些。"),
    ("too_large", "That is more than can be taken here. Give less.", "数值超出上限，请改小一些。"),
    ("out_of_range", "That is outside what can be taken here. Change it.", "超出允许的范围，请修改。"),
    ("negative", "Give zero or more.", "请填写零或更大的数。"),
    ("duplicate", "This stands here twice. Keep one.", "此项重复，请只保留一个。"),
    ("taken", "This is taken. Choose another.", "已被使用，请换一个。"),
    (
        "wrong_type",
        "Another kind of value belongs here. The API's description says which.",
        "此处的数据类型不对，请查看接口说明。",
    ),
    ("not_found", "Nothing here has that name. Choose one that exists.", "没有找到对应的内容，请选择已有的。"),
    ("not_a_choice", "Choose one of what is offered.", "请从选项中选择。"),
    (
        "not_an_id",
        "This is not the id of anything. Reload the page and choose again.",
        "编号无效，请刷新页面后重新选择。",
    ),
    ("not_an_email", "Write an e-mail address, such as name@example.com.", "请填写电子邮箱，例如 name@example.com。"),
    (
        "not_a_phone",
        "Write the number with its country, such as +44 7700 900123.",
        "请填写含国家代码的号码，例如 +86 138 0013 8000。",
    ),
    (
        "email_or_phone",
        "Give a phone number or an e-mail address, so that we can reach you.",
        "请填写手机号或电子邮箱，方便联系您。",
    ),
    ("not_like_that", "This country writes it in another way. Check it.", "与该国家或地区的格式不符，请检查。"),
    (
        "other_country",
        "Prices and delivery were for another country. Choose that one, or look at the new total.",
        "价格和运费按另一国家或地区计算，请改回或查看新的总价。",
    ),
    ("not_a_web_address", "Write a web address that begins with https://.", "请填写以 https:// 开头的网址。"),
    ("not_a_colour", "Write a colour such as #8A2B2B.", "请填写颜色，例如 #8A2B2B。"),
    ("not_a_key", "Use at most 64 plain characters.", "请使用最多 64 个普通字符。"),
    ("not_a_time", "Write a time such as 2027-01-01T19:00:00.000Z.", "请填写时间，例如 2027-01-01T19:00:00.000Z。"),
    (
        "reserved",
        "This name is the house's or one of its people's. Choose another one.",
        "该名称属于店铺或工作人员，请换一个。",
    ),
    ("not_staff", "Choose somebody of the staff.", "请选择一位工作人员。"),
    ("before_start", "This ends before it begins. Put the end behind the start.", "结束时间早于开始时间，请调整。"),
    ("not_its_number", "A product keeps the number that it was given.", "商品的编号一经分配不再更改。"),
    ("unknown_country", "Use the two letters of a country, such as US.", "请使用两个字母的国家或地区代码，例如 US。"),
    ("unknown_currency", "Use the three letters of a currency, such as USD.", "请使用三个字母的货币代码，例如 USD。"),
    ("unknown_language", "Use a language such as en or zh.", "请使用语言代码，例如 en 或 zh。"),
    ("unknown_time_zone", "Use a time zone such as Europe/Paris.", "请使用时区，例如 Europe/Paris。"),
    ("too_many_invitations", "So many invitations are open. Take one back first.", "未接受的邀请过多，请先撤回一个。"),
    (
        "too_many_brands",
        "A house has 200 brands at most. Rename one that is not used.",
        "品牌最多 200 个，请改用闲置的品牌。",
    ),
    (
        "too_many_sellers",
        "A house has 500 sellers at most. Change one that is not used.",
        "销售方最多 500 个，请改用闲置的销售方。",
    ),
    (
        "too_many_locations",
        "A house has 500 stock locations at most. Use one of them.",
        "库存地点最多 500 个，请使用已有地点。",
    ),
    ("too_many_tokens", "So many tokens stand. Revoke one first.", "令牌过多，请先吊销一个。"),
];
const OTHERWISE: (&str, &str) = ("This cannot be taken as it is. Change it.", "无法按此提交，请修改。");

impl FieldProblem {
    /// What to write instead, in the language, English where there is no other.
    #[must_use]
    pub fn sentence(&self, language: &Language) -> String {
        if let Some(fault) = self.fault {
            return fault.sentence(language);
        }
        let known = SENTENCES.iter().find(|(code, ..)| *code == self.code);
        let (english, chinese) = known.map_or(OTHERWISE, |(_, english, chinese)| (*english, *chinese));
        if language.is_chinese() { chinese.into() } else { english.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_what_to_write_instead() {
        let check = |code, language: Language, expected: &str| {
            let problem = FieldProblem { field: "contact.phone".into(), code, fault: None };
            assert_eq!(problem.sentence(&language), expected, "{code}");
        };
        check("email_or_phone", Language::chinese(), "请填写手机号或电子邮箱，方便联系您。");
        check("missing", Language::english(), "Fill this in.");
        check("a_code_of_tomorrow", Language::english(), OTHERWISE.0);
    }
}
