export const en = {
  skip: "Skip to the content",
  search: "Search",
  searchHint: "Search pieces",
  basket: "Basket",
  basketCount: (n: number) => `Basket, ${n} in it`,
  account: "Account",
  home: "Home",
  imprint: "Live shopping, from our shop to yours.",
  demo: "A demonstration: nothing is sold or sent.",
  notFound: "This page is not here",
  notFoundMore: "The link may be old, or the piece is gone.",
  toHome: "To the programme",
};
