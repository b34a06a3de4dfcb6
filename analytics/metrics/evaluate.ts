// The same question answered in JavaScript over rows of the facts: for live counters, simulated days, and as the oracle that SQL is tested against.
import type { Expression } from './catalogue.ts'
import { atomsByFact, isDefaultScope, type Measurement } from './compile.ts'
import { DIMENSIONS, isTime, narrows, type Filter } from './dimensions.ts'
import type { FactName, Row } from './facts.ts'
import { placeOf, placesOf } from './spine.ts'

export type CellValue = string | number | null
/** One cell of an answer: its dimensions (day and slot as the numbers of the spine) and its measures. */
export type AnswerCell = Record<string, CellValue>

/** A row as its columns; no column is missing. */
type Columns = Readonly<Record<string, unknown>>
/** A cell while it is added up: the values of the atoms by their place. */
interface Cell { key: CellValue[]; values: Float64Array }
/** Where rows of some time go: to one cell, or by the values of the other dimensions, one after the other, to one of many. */
type Branch = Cell | Map<CellValue, Branch>

// A row is asked millions of times, so what it is asked is arranged beforehand: atoms under the same condition share one
// look at it, and atoms of one column share one look at that.
interface Counting { narrowings: readonly Narrowing[]; shared: readonly Condition[]; groups: readonly Group[] }
/** A filter as it applies to a fact. */
interface Narrowing { column: string; membership: boolean; wanted: ReadonlySet<unknown> }
/** Atoms that count the same rows. */
interface Group { where: readonly Condition[]; counters: readonly Counter[] }
interface Condition { column: string; values: readonly unknown[] }
/** What is counted of a column where it is not null (or of the rows, without one): the places of the atoms, -1 where nobody asks. */
interface Counter { column: string | null; count: number; sum: number; max: number; within: number; over: number }

/** A maximum of nothing. */
const NOTHING = -Infinity
type Place = NonNullable<ReturnType<typeof placeOf>>
/** The place of rows where time does not matter. */
const NOWHERE: Place = { day: 0, slot: 0 }

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
  readonly #countings = new Map<FactName, Counting>()
  /** The place of each atom among the values of a cell. */
  readonly #places = new Map<string, number>()
  /** The values of a cell of which no row is known. */
  readonly #none: Float64Array
  /** Columns of the dimensions other than time. */
  readonly #columns: readonly string[]
  readonly #cells: Cell[] = []
  /** What the quarter-hours of the range, from `#first` on, are added to. */
  readonly #branches: (Branch | undefined)[] = []
  readonly #first: number

  constructor(m: Measurement) {
    const byFact = atomsByFact(m)
    this.#m = m
    this.facts = [...byFact.keys()]
    for (const name of [...byFact.values()].flat()) this.#places.set(name, this.#places.size)
    this.#none = Float64Array.from(this.#places.keys(), (a) => (m.atoms[a]!.fn === 'max' ? NOTHING : 0))
    for (const [fact, atoms] of byFact) this.#countings.set(fact, { narrowings: narrowingsOf(m, fact), ...sharing(groupsOf(m, atoms, this.#places)) })
    this.#columns = m.dimensions.filter((d) => !isTime(d)).map((d) => DIMENSIONS[d].column!)
    this.#first = m.spine.stretches[0]?.first ?? 0
    this.#plant()
  }

  /** Adds a row, unless it lies outside the range. */
  add(fact: FactName, of: Row): void {
    const counting = this.#countings.get(fact)
    if (!counting) return
    const row = of as Columns
    const { narrowings, shared, groups } = counting
    if (narrowings.length > 0 && !passes(narrowings, row)) return
    if (!holds(shared, row)) return
    let values: Float64Array | undefined
    for (let g = 0; g < groups.length; g++) {
      const { where, counters } = groups[g]!
      if (!holds(where, row)) continue
      // A row that an atom counts makes its cell, also where the value is not known.
      if (values === undefined) {
        const cell = this.#cellOf(of.b15!, row)
        if (cell === undefined) return
        values = cell.values
      }
      for (let i = 0; i < counters.length; i++) {
        const counter = counters[i]!
        const x = counter.column === null ? 1 : row[counter.column] as number | null
        if (x !== null) add(values, counter, x, this.#m.thresholdMs)
      }
    }
  }

  /** The answer so far. */
  cells(): AnswerCell[] {
    const { dimensions, measures } = this.#m
    return this.#cells.map(({ key, values }) => {
      const valueOf = (atom: string): number | null => {
        const x = values[this.#places.get(atom)!]!
        return x === NOTHING ? null : x
      }
      return {
        ...Object.fromEntries(dimensions.map((d, i) => [d, key[i]!])),
        ...Object.fromEntries(Object.entries(measures).map(([id, e]) => [id, compute(e, valueOf)])),
      }
    })
  }

  /** Makes the branch of every quarter-hour; those of one day or slot of the answer share it. */
  #plant(): void {
    const { spine, dimensions } = this.#m
    const times = dimensions.filter(isTime)
    const known = new Map<string, Branch>()
    const branchOf = (place: Place): Branch => {
      const id = times.map((d) => place[d]).join()
      let branch = known.get(id)
      if (!branch) known.set(id, (branch = this.#columns.length > 0 ? new Map() : this.#newCell(place, {})))
      return branch
    }
    // Split by time alone, every slot of the range has a cell, also one in which nothing happened; not split at all, there is one.
    for (const place of times.length > 0 ? placesOf(spine) : [NOWHERE]) branchOf(place)
    for (const s of spine.stretches) {
      for (let b = s.first; b < s.past; b++) this.#branches[b - this.#first] = branchOf(times.length > 0 ? placeOf(spine, b)! : NOWHERE)
    }
  }

  #cellOf(b15: number, row: Columns): Cell | undefined {
    const quarter = b15 - this.#first
    if (!(quarter >= 0 && quarter < this.#branches.length)) return undefined
    let branch = this.#branches[quarter]!
    for (let i = 0; i < this.#columns.length; i++) {
      const branches = branch as Map<CellValue, Branch>
      const value = row[this.#columns[i]!] as CellValue
      let next = branches.get(value)
      if (!next) branches.set(value, (next = i + 1 < this.#columns.length ? new Map() : this.#newCell(placeOf(this.#m.spine, b15)!, row)))
      branch = next
    }
    return branch as Cell
  }

  #newCell(place: Place, row: Columns): Cell {
    const cell = { key: this.#m.dimensions.map((d) => (isTime(d) ? place[d] : row[DIMENSIONS[d].column!] as CellValue)), values: this.#none.slice() }
    this.#cells.push(cell)
    return cell
  }
}

function narrowingsOf(m: Measurement, fact: FactName): Narrowing[] {
  return (Object.entries(m.filters) as [Filter, string[]][]).flatMap(([f, wanted]) => {
    const how = narrows(fact, f)
    return how === null ? [] : [{ column: how === 'column' ? DIMENSIONS[f].column : 'skill_groups', membership: how === 'membership', wanted: new Set(wanted) }]
  })
}

function groupsOf(m: Measurement, atoms: readonly string[], places: ReadonlyMap<string, number>): Group[] {
  const groups = new Map<string, { where: Condition[]; columns: Map<string | null, Counter[]> }>()
  for (const name of atoms) {
    const { fn, column = null, where = {}, scope } = m.atoms[name]!
    const conditions: [string, readonly unknown[]][] = Object.entries(where)
    if (scope === 'inbound' && isDefaultScope(m)) conditions.unshift(['session_type', ['inbound']])
    const id = JSON.stringify(conditions)
    let group = groups.get(id)
    if (!group) groups.set(id, (group = { where: conditions.map(([of, values]) => ({ column: of, values })), columns: new Map() }))
    let counters = group.columns.get(column)
    if (!counters) group.columns.set(column, (counters = []))
    // Two atoms may ask the same under two names: each has a place of its own.
    let counter = counters.find((c) => c[fn] < 0)
    if (!counter) counters.push((counter = { column, count: -1, sum: -1, max: -1, within: -1, over: -1 }))
    counter[fn] = places.get(name)!
  }
  return [...groups.values()].map(({ where, columns }) => ({ where, counters: [...columns.values()].flat() }))
}

/** Conditions that all groups have are looked at once. */
function sharing(groups: readonly Group[]): Omit<Counting, 'narrowings'> {
  const has = (g: Group, c: Condition): boolean => g.where.some((w) => w.column === c.column && w.values.join() === c.values.join())
  const shared = groups[0]!.where.filter((c) => groups.every((g) => has(g, c)))
  return { shared, groups: groups.map(({ where, counters }) => ({ where: where.filter((c) => !shared.some((x) => x.column === c.column && x.values.join() === c.values.join())), counters })) }
}

const passes = (narrowings: readonly Narrowing[], row: Columns): boolean =>
  narrowings.every(({ column, membership, wanted }) => (membership ? (row[column] as string[]).some((g) => wanted.has(g)) : wanted.has(row[column])))

function holds(where: readonly Condition[], row: Columns): boolean {
  for (let i = 0; i < where.length; i++) if (!isAmong(where[i]!.values, row[where[i]!.column])) return false
  return true
}

function isAmong(values: readonly unknown[], x: unknown): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] === x) return true
  return false
}

function add(values: Float64Array, c: Counter, x: number, thresholdMs: number): void {
  if (c.count >= 0) values[c.count]!++
  if (c.sum >= 0) values[c.sum]! += x
  if (c.max >= 0 && x > values[c.max]!) values[c.max] = x
  if (c.within >= 0 && x <= thresholdMs) values[c.within]!++
  if (c.over >= 0 && x > thresholdMs) values[c.over]!++
}

function compute(e: Expression, valueOf: (atom: string) => number | null): number | null {
  if (typeof e === 'string') return valueOf(e)
  const [a, b] = ('quotient' in e ? e.quotient : e.difference).map((x) => compute(x, valueOf))
  if (a === null || b === null) return null
  return 'difference' in e ? a! - b! : b === 0 ? null : a! / b!
}
