// The same question answered in JavaScript over rows of the facts: for live counters, simulated days, and as the oracle that SQL is tested against.
import type { Atom, Expression } from './catalogue.ts'
import { atomsByFact, isDefaultScope, type Measurement } from './compile.ts'
import { DIMENSIONS, isTime, narrows, type Filter } from './dimensions.ts'
import type { FactName, Row } from './facts.ts'
import { placeOf, placesOf } from './spine.ts'

export type CellValue = string | number | null
/** One cell of an answer: its dimensions (day and slot as the numbers of the spine) and its measures. */
export type AnswerCell = Record<string, CellValue>

/** Values of the atoms by their place in `names`; null: a maximum of nothing. */
type Values = (number | null)[]
/** An atom made ready for being asked of millions of rows. */
interface Counter { at: number; fn: Atom['fn']; column: string | undefined; inboundOnly: boolean; where: [column: string, values: readonly unknown[]][] }

/** Evaluates a measurement over all rows of each fact. Cells come in no particular order. */
export function evaluate(m: Measurement, rowsOf: (fact: FactName) => Iterable<Row>): AnswerCell[] {
  const tally = new Tally(m)
  for (const fact of tally.facts) for (const row of rowsOf(fact)) tally.add(fact, row)
  return tally.cells()
}

/** A measurement that is added up row by row, in any order; it keeps no row. */
export class Tally {
  /** The facts it is computed from. */
  readonly facts: readonly FactName[]
  readonly #m: Measurement
  readonly #counters: ReadonlyMap<FactName, readonly Counter[]>
  readonly #places: ReadonlyMap<string, number>
  readonly #none: Values
  readonly #cells = new Map<string, { key: CellValue[]; values: Values }>()
  readonly #filtered: boolean

  constructor(m: Measurement) {
    const byFact = atomsByFact(m)
    const names = [...byFact.values()].flat()
    const places = new Map(names.map((a, i) => [a, i]))
    this.#m = m
    this.#places = places
    this.#counters = new Map([...byFact].map(([fact, atoms]) => [fact, atoms.map((a) => counterOf(m, m.atoms[a]!, places.get(a)!))]))
    this.#none = names.map((a) => (m.atoms[a]!.fn === 'max' ? null : 0))
    this.#filtered = Object.keys(m.filters).length > 0
    this.facts = [...byFact.keys()]
    if (!m.dimensions.every(isTime)) return
    if (m.dimensions.length === 0) this.#cellAt([])
    else for (const place of placesOf(m.spine)) this.#cellAt(m.dimensions.map((d) => place[d as 'day' | 'slot']))
  }

  add(fact: FactName, of: Row): void {
    const counters = this.#counters.get(fact)
    if (!counters) return
    const row = of as Record<string, unknown>
    const place = placeOf(this.#m.spine, row['b15'] as number)
    if (!place || (this.#filtered && !passes(this.#m, fact, row))) return
    let values: Values | undefined
    for (const c of counters) {
      if (!counts(c, row)) continue
      values ??= this.#cellAt(this.#m.dimensions.map((d) => (isTime(d) ? place[d] : row[DIMENSIONS[d].column!] as CellValue)))
      add(values, c, this.#m.thresholdMs, row)
    }
  }

  /** The answer so far. */
  cells(): AnswerCell[] {
    const { dimensions, measures } = this.#m
    return [...this.#cells.values()].map(({ key, values }) => ({
      ...Object.fromEntries(dimensions.map((d, i) => [d, key[i]!])),
      ...Object.fromEntries(Object.entries(measures).map(([id, e]) => [id, compute(e, (atom) => values[this.#places.get(atom)!]!)])),
    }))
  }

  #cellAt(key: CellValue[]): Values {
    const id = key.length === 0 ? '' : JSON.stringify(key)
    let cell = this.#cells.get(id)
    if (!cell) this.#cells.set(id, (cell = { key, values: [...this.#none] }))
    return cell.values
  }
}

const counterOf = (m: Measurement, atom: Atom, at: number): Counter =>
  ({ at, fn: atom.fn, column: atom.column, inboundOnly: atom.scope === 'inbound' && isDefaultScope(m), where: Object.entries(atom.where ?? {}) as Counter['where'] })

function passes(m: Measurement, fact: FactName, row: Record<string, unknown>): boolean {
  return (Object.entries(m.filters) as [Filter, string[]][]).every(([f, wanted]) => {
    const how = narrows(fact, f)
    if (how === null) return true
    return how === 'column' ? wanted.includes(row[DIMENSIONS[f].column] as string) : (row['skill_groups'] as string[]).some((g) => wanted.includes(g))
  })
}

function counts({ inboundOnly, where }: Counter, row: Record<string, unknown>): boolean {
  if (inboundOnly && row['session_type'] !== 'inbound') return false
  for (const [column, values] of where) if (!values.includes(row[column])) return false
  return true
}

function add(values: Values, { at, fn, column }: Counter, thresholdMs: number, row: Record<string, unknown>): void {
  const x = column === undefined ? 1 : row[column] as number | null
  if (x === null) return
  const before = values[at]!
  switch (fn) {
    case 'count': values[at] = before + 1; return
    case 'sum': values[at] = before + x; return
    case 'max': values[at] = before === null ? x : Math.max(before, x); return
    case 'within': if (x <= thresholdMs) values[at] = before + 1; return
    case 'over': if (x > thresholdMs) values[at] = before + 1; return
  }
}

function compute(e: Expression, valueOf: (atom: string) => number | null): number | null {
  if (typeof e === 'string') return valueOf(e)
  const [a, b] = ('quotient' in e ? e.quotient : e.difference).map((x) => compute(x, valueOf))
  if (a === null || b === null) return null
  return 'difference' in e ? a! - b! : b === 0 ? null : a! / b!
}
