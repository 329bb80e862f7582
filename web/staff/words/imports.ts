import { texts } from "../../ui/i18n/index.ts";

/** Reading a catalogue from a file. */
const en = {
  imports: "Imports",
  importsLead: "A file is first read without changing anything. It is applied as a whole, or not at all.",
  chooseFile: "Choose a CSV file",
  dropFile: "or drop it here",
  importLimits: "Up to 20 MB and 50,000 rows.",
  format: "Format",
  formats: { trunkshow: "Trunkshow CSV", shopify: "Shopify product CSV" },
  reading: "Reading",
  readNothing: "Choose a file to see what it would change.",
  wouldChange: (products: number, variants: number, rows: number) =>
    `${rows} rows: ${products} products with ${variants} variants.`,
  noErrors: "No errors. It can be applied.",
  errorsFound: (n: number) => (n === 1 ? "1 error. Nothing is applied until it is gone." : `${n} errors. Nothing is applied until they are gone.`),
  moreErrors: (n: number) => `And ${n} more. Correct these first, then read the file again.`,
  line: "Line",
  columnName: "Column",
  problem: "What is wrong",
  warningsTitle: "Worth a look",
  apply: "Apply the import",
  applied: (created: number, changed: number) => `Done: ${created} products created, ${changed} changed.`,
  seeProducts: "See the products",
  tooLargeFile: "This file has more than 20 MB. Split it.",
};

const zh: typeof en = {
  imports: "导入",
  importsLead: "先试读文件，不做任何修改。要么全部应用，要么都不应用。",
  chooseFile: "选择 CSV 文件",
  dropFile: "或拖到这里",
  importLimits: "最大 20 MB、5 万行。",
  format: "格式",
  formats: { trunkshow: "Trunkshow CSV", shopify: "Shopify 商品 CSV" },
  reading: "正在读取",
  readNothing: "选择文件，查看将产生的变化。",
  wouldChange: (products, variants, rows) => `共 ${rows} 行：${products} 件商品、${variants} 个规格。`,
  noErrors: "没有错误，可以应用。",
  errorsFound: (n) => `${n} 处错误。全部修正前不会应用。`,
  moreErrors: (n) => `另有 ${n} 处。请先修正以上错误，再重新读取文件。`,
  line: "行",
  columnName: "列",
  problem: "问题",
  warningsTitle: "请留意",
  apply: "应用导入",
  applied: (created, changed) => `完成：新建 ${created} 件，更新 ${changed} 件。`,
  seeProducts: "查看商品",
  tooLargeFile: "文件超过 20 MB，请拆分后再导入。",
};

export const imports = texts({ en, zh });
