//! The tables of migration 0040 as entities.

pub(crate) mod show {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "show")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub version: i64,
        pub brand_id: String,
        pub host_id: String,
        pub title: String,
        pub description: String,
        pub cover_id: Option<String>,
        pub starts_at: i64,
        pub time_zone: String,
        pub state: String,
        pub lifecycle: String,
        pub next_number: i64,
        pub stream_key_hash: String,
        pub stream_key_sealed: String,
        pub created_at: i64,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod run_item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub show_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub position: i64,
        pub product_id: String,
        pub talking_points: String,
        pub sale: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
