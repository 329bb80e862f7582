export interface Taken {
  name: string;
  size: string;
  language: string;
  file: string;
}

/** All pictures on one page: a row for each page of the product, a column for each size and language. */
export function contactSheet(taken: Taken[]): string {
  const names = [...new Set(taken.map(({ name }) => name))];
  const rows = names.map((name) => {
    const cells = taken
      .filter((shot) => shot.name === name)
      .map(
        ({ file, size, language }) =>
          `<figure class="${size}"><a href="${file}"><img src="${file}" alt=""></a>` +
          `<figcaption>${size} ${language}</figcaption></figure>`,
      );
    return `<section><h2>${name}</h2><div>${cells.join("")}</div></section>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>
    body { font: 14px system-ui; margin: 24px; background: #ddd }
    section > div { display: flex; gap: 16px; flex-wrap: wrap }
    figure { margin: 0 } img { display: block; border: 1px solid #999 }
    .phone img { width: 260px } .desktop img { width: 640px }
  </style>${rows.join("\n")}`;
}
