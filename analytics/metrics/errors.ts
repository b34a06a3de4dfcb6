// What a question about metrics can be refused for: a code, and a sentence in each language.

/** A question that cannot be answered as it was asked. */
export class QueryError extends Error {
  readonly code: string
  readonly zh: string
  readonly en: string

  constructor(code: string, zh: string, en: string) {
    super(en)
    this.code = code
    this.zh = zh
    this.en = en
  }
}
