//! What viewers asked about a product in its shows, and what the shop replied.

use kernel::ProductId;

use crate::ports::ProductAnswer;
use crate::{App, Problem};

/// Replies that are looked at for one product.
const LOOKED_AT: u32 = 500;
/// Answers that its page shows.
const SHOWN: usize = 20;

/// The newest answers about a product; the same question is answered once, by the newest reply.
pub async fn of_product(app: &App, product: ProductId) -> Result<Vec<ProductAnswer>, Problem> {
    let mut answers: Vec<ProductAnswer> = Vec::new();
    for answer in app.ports.answers.answers(product, LOOKED_AT).await? {
        let known =
            answers.iter().any(|known| room::plain(&known.reply.question) == room::plain(&answer.reply.question));
        if !known {
            answers.push(answer);
        }
        if answers.len() == SHOWN {
            break;
        }
    }
    Ok(answers)
}
