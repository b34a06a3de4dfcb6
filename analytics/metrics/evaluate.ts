// The same question answered in JavaScript over rows of the facts: for live counters, simulated days, and as the oracle that SQL is tested against.
import type { Atom, Expression } from './catalogue.ts'
import { atomsByFact, isDefaultScope, type Measurement } from './compile.ts'
import { DIMENSIONS, isTime, narrows, type Filter } from './dimensions.ts'
import type { FactName, Row } from './facts.ts'
import { placeOf, placesOf } from './spine.ts'

export type CellValue = string | number | null
/** One cell of an answer: its dimensions (day and slot as the numbers of the spine) and its measures. */
export type AnswerCell = Record<string, CellValue>

type Values = Record<string, number | null>

/** Evaluates a measurement over all rows of each fact. Cells come in no particular order. */
export function evaluate(m: Measurement, rowsOf: (fact: FactName) => Iterable<Row>): AnswerCell[] {
  const byFact = atomsByFact(m)
  const atoms = [...byFact.values()].flat()
  const cells = new Map<string, { key: CellValue[]; values: Values }>()
  const cellAt = (key: CellValue[]): Values => {
    const id = JSON.stringify(key)
    let cell = cells.get(id)
    if (!cell) cells.set(id, (cell = { key, values: Object.fromEntries(atoms.map((a) => [a, m.atoms[a]!.fn === 'max' ? null : 0])) }))
    return cell.values
  }
  if (m.dimensions.every(isTime)) {
    if (m.dimensions.length === 0) cellAt([])
    else for (const place of placesOf(m.spine)) cellAt(m.dimensions.map((d) => place[d as 'day' | 'slot']))
  }
  for (const [fact, names] of byFact) {
    for (const row of rowsOf(fact) as Iterable<Record<string, unknown>>) {
      const place = placeOf(m.spine, row['b15'] as number)
      if (!place || !passes(m, fact, row)) continue
      let values: Values | undefined
      for (const a of names) {
        const atom = m.atoms[a]!
        if (!counts(m, atom, row)) continue
        values ??= cellAt(m.dimensions.map((d) => (isTime(d) ? place[d] : row[DIMENSIONS[d].column!] as CellValue)))
        add(values, a, atom, m.thresholdMs, row)
      }
    }
  }
  return [...cells.values()].map(({ key, values }) => ({
    ...Object.fromEntries(m.dimensions.map((d, i) => [d, key[i]!])),
    ...Object.fromEntries(Object.entries(m.measures).map(([id, e]) => [id, compute(e, values)])),
  }))
}

function passes(m: Measurement, fact: FactName, row: Record<string, unknown>): boolean {
  return (Object.entries(m.filters) as [Filter, string[]][]).every(([f, wanted]) => {
    const how = narrows(fact, f)
    if (how === null) return true
    return how === 'column' ? wanted.includes(row[DIMENSIONS[f].column] as string) : (row['skill_groups'] as string[]).some((g) => wanted.includes(g))
  })
}

function counts(m: Measurement, atom: Atom, row: Record<string, unknown>): boolean {
  if (atom.scope === 'inbound' && isDefaultScope(m) && row['session_type'] !== 'inbound') return false
  return Object.entries(atom.where ?? {}).every(([c, values]) => (values as readonly unknown[]).includes(row[c]))
}

function add(values: Values, name: string, { fn, column }: Atom, thresholdMs: number, row: Record<string, unknown>): void {
  const x = column === undefined ? 1 : row[column] as number | null
  if (x === null) return
  const before = values[name]!
  switch (fn) {
    case 'count': values[name] = before + 1; return
    case 'sum': values[name] = before + x; return
    case 'max': values[name] = before === null ? x : Math.max(before, x); return
    case 'within': values[name] = before + (x <= thresholdMs ? 1 : 0); return
    case 'over': values[name] = before + (x > thresholdMs ? 1 : 0); return
  }
}

function compute(e: Expression, values: Values): number | null {
  if (typeof e === 'string') return values[e]!
  const [a, b] = ('quotient' in e ? e.quotient : e.difference).map((x) => compute(x, values))
  if (a === null || b === null) return null
  return 'difference' in e ? a! - b! : b === 0 ? null : a! / b!
}
