//! Faults as plain sentences that say what to do, in English and Chinese.

use kernel::Language;

use super::Fault;

impl Fault {
    /// One sentence for a person; Chinese for any `zh`, English for all else.
    #[must_use]
    pub fn sentence(self, language: &Language) -> String {
        if language.is_chinese() { self.chinese() } else { self.english() }
    }

    fn english(self) -> String {
        match self {
            Self::Required => "Fill this in.".into(),
            Self::TooLong { most } => format!("Shorten this to at most {most} characters."),
            Self::TooMany { most } => format!("Keep at most {most} of these."),
            Self::Negative => "Give zero or more.".into(),
            Self::NotPositive => "Give an amount above zero.".into(),
            Self::TooLarge { most } => format!("Give at most {most}."),
            Self::TooFine { currency } => {
                format!("{currency} has {} decimals; give no more.", currency.decimals())
            }
            Self::NotANumber => "Write digits with at most one point, such as 198.00.".into(),
            Self::NotWhole => "Write a whole number in digits, such as 12.".into(),
            Self::UnknownCurrency => "Use the three letters of a currency, such as USD.".into(),
            Self::UnknownCountry => "Use the two letters of a country, such as US.".into(),
            Self::UnknownLanguage => "Use a language such as en or zh.".into(),
            Self::NotAChoice { choices } => format!("Choose one of: {choices}."),
            Self::BadShape { like } => format!("Write it like {like}."),
            Self::Duplicate => "This stands here twice; keep one.".into(),
            Self::NotFound => "Nothing here has that name; choose one that exists.".into(),
            Self::WrongCount { wanted } => format!("Give exactly {wanted} here."),
            Self::OneOfAKind => "A one-of-a-kind piece has one variant and at most one unit.".into(),
            Self::Taken => "Another product already uses this; choose another.".into(),
            Self::Contradicts => "An earlier row of the same product says otherwise; make them agree.".into(),
            Self::MissingColumn => "The sheet needs this column; add it to the first line.".into(),
            Self::UnknownColumn => "No column has this name; correct or remove it.".into(),
            Self::NotUtf8 => "Save the sheet as CSV in UTF-8 and send it again.".into(),
            Self::UnclosedQuote => "A quotation mark opens here and never closes; close it.".into(),
            Self::NothingToSend => "This order waits for no parcel; remove the line.".into(),
        }
    }

    fn chinese(self) -> String {
        match self {
            Self::Required => "请填写此项。".into(),
            Self::TooLong { most } => format!("请缩短到 {most} 个字符以内。"),
            Self::TooMany { most } => format!("最多保留 {most} 项。"),
            Self::Negative => "请填写零或更大的数。".into(),
            Self::NotPositive => "金额必须大于零。".into(),
            Self::TooLarge { most } => format!("最大为 {most}。"),
            Self::TooFine { currency } => format!("{currency} 最多 {} 位小数。", currency.decimals()),
            Self::NotANumber => "请只写数字，最多一个小数点，例如 198.00。".into(),
            Self::NotWhole => "请填写整数，例如 12。".into(),
            Self::UnknownCurrency => "请使用三个字母的货币代码，例如 USD。".into(),
            Self::UnknownCountry => "请使用两个字母的国家或地区代码，例如 US。".into(),
            Self::UnknownLanguage => "请使用语言代码，例如 en 或 zh。".into(),
            Self::NotAChoice { choices } => format!("请选择其一：{choices}。"),
            Self::BadShape { like } => format!("请按此格式填写：{like}。"),
            Self::Duplicate => "此项重复，请只保留一个。".into(),
            Self::NotFound => "没有找到对应的内容，请选择已有的。".into(),
            Self::WrongCount { wanted } => format!("此处必须正好有 {wanted} 项。"),
            Self::OneOfAKind => "孤品只能有一个规格，且库存最多一件。".into(),
            Self::Taken => "其他商品已在使用，请换一个。".into(),
            Self::Contradicts => "与同一商品前面的行不一致，请改成一致。".into(),
            Self::MissingColumn => "表格缺少这一列，请在第一行补上。".into(),
            Self::UnknownColumn => "没有这个列名，请更正或删除。".into(),
            Self::NotUtf8 => "请将表格另存为 UTF-8 编码的 CSV 后重新上传。".into(),
            Self::UnclosedQuote => "此处的引号没有闭合，请补上。".into(),
            Self::NothingToSend => "该订单没有待发商品，请删除此行。".into(),
        }
    }
}
