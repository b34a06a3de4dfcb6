// The rows of the facts kept in memory, as the fold's changes make them: for logs read from a file, live counters and tests.
import { FACT_NAMES, keyOf, type Change, type FactName, type Row } from './facts.ts'

/** Every fact's rows by key. */
export class FactTable {
  readonly #rows = new Map<FactName, Map<string, Row>>(FACT_NAMES.map((f) => [f, new Map<string, Row>()]))

  /** Takes over what changed; returns itself. */
  take(changes: Iterable<Change>): this {
    for (const { fact, row, gone } of changes) {
      const rows = this.#rows.get(fact)!
      if (gone) rows.delete(keyOf(fact, row))
      else rows.set(keyOf(fact, row), row)
    }
    return this
  }

  readonly rowsOf = <F extends FactName>(fact: F): Iterable<Row<F>> => this.#rows.get(fact)!.values() as Iterable<Row<F>>
}
