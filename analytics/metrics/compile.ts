// A question becomes SQL that a person can read: one scan per fact, put together, then the formulas. evaluate.ts answers the same in JavaScript.
import { ATOMS, atomsIn, METRICS, type Atom, type Expression } from './catalogue.ts'
import { DIMENSIONS, isTime, narrows, type Dimension, type Filter, type Filters } from './dimensions.ts'
import type { FactName } from './facts.ts'
import type { CheckedQuery } from './query.ts'
import type { Spine } from './spine.ts'

/** A question in terms of the facts: what is measured, over which atoms, split and narrowed how. Identities ask in these terms too. */
export interface Measurement {
  measures: Readonly<Record<string, Expression>>
  atoms: Readonly<Record<string, Atom>>
  dimensions: readonly Dimension[]
  filters: Filters
  spine: Spine
  thresholdMs: number
}

/** What a checked query measures: its metrics under their ids. */
export const measurementOf = (q: CheckedQuery): Measurement => ({
  measures: Object.fromEntries(q.metrics.map((m) => [m, METRICS[m].formula])), atoms: ATOMS,
  dimensions: q.dimensions, filters: q.filters, spine: q.spine, thresholdMs: q.thresholdMs,
})

/** Names of the atoms that a measurement needs, by fact, in a stable order. */
export function atomsByFact(m: Measurement): Map<FactName, string[]> {
  const byFact = new Map<FactName, string[]>()
  for (const name of new Set(Object.values(m.measures).flatMap((e) => atomsIn(e)))) {
    const { fact } = m.atoms[name]!
    byFact.set(fact, [...(byFact.get(fact) ?? []), name])
  }
  return byFact
}

/** Whether the query leaves inbound as the default scope: it does not choose the session types itself. */
export const isDefaultScope = (m: Measurement): boolean => m.filters.session_type === undefined

const quote = (s: string): string => `'${s.replaceAll('\'', '\'\'')}'`
const name = (s: string): string => `"${s.replaceAll('"', '""')}"`
const literal = (v: string | boolean): string => (typeof v === 'string' ? quote(v) : String(v))
const oneOf = (column: string, values: readonly (string | boolean)[]): string =>
  (values.length === 1 ? `${column} = ${literal(values[0]!)}` : `${column} IN (${values.map(literal).join(', ')})`)

/** SQL over the facts as tables or views of these names; one row per cell with the dimensions and the measures as columns. */
export function compile(m: Measurement): string {
  const byFact = atomsByFact(m)
  const keys = m.dimensions.map(name)
  const scans = [...byFact].map(([fact, atoms]) => `of_${fact} AS (\n${scan(m, fact, atoms)}\n)`)
  const union = [...byFact.keys()].map((fact) => `FROM of_${fact}`).join(' UNION ALL BY NAME ')
  const atoms = [...byFact.values()].flat()
  const cells = `cells AS (
  SELECT ${[...keys, ...atoms.map((a) => (m.atoms[a]!.fn === 'max' ? `max(${a})::BIGINT AS ${a}` : `coalesce(sum(${a}), 0)::BIGINT AS ${a}`))].join(',\n    ')}
  FROM (${union})${keys.length > 0 ? `\n  GROUP BY ${keys.join(', ')}` : ''}
)`
  // Split by time alone, every slot of the range is a row, also one in which nothing happened.
  const everySlot = keys.length > 0 && m.dimensions.every(isTime)
  const from = everySlot ? `(SELECT DISTINCT ${keys.join(', ')} FROM spine) LEFT JOIN cells USING (${keys.join(', ')})` : 'cells'
  const value = (a: string): string => (everySlot && m.atoms[a]!.fn !== 'max' ? `coalesce(${a}, 0)` : a)
  const measures = Object.entries(m.measures).map(([id, e]) => `${formula(e, value)} AS ${name(id)}`)
  return `WITH ${[spineSql(m.spine), ...scans, cells].join(',\n')}
SELECT ${[...keys, ...measures].join(',\n  ')}
FROM ${from}`
}

function spineSql({ tz, width, stretches }: Spine): string {
  const rows = stretches.map((s) => `(${s.first}, ${s.past}, ${s.shift}, ${s.again ? 1440 : 0})`).join(', ')
  return `spine AS ( -- ${tz}: UTC quarter-hours of the range, their local day (from 1970-01-01) and slot (minutes from midnight; + 1440: for the second time)
  SELECT b15, (b15 + shift) // 96 AS day, (b15 + shift) % 96 // ${width} * ${width * 15} + again AS slot
  FROM (SELECT unnest(range(first, past)) AS b15, shift, again FROM (VALUES ${rows}) AS stretch(first, past, shift, again))
)`
}

function scan(m: Measurement, fact: FactName, atoms: string[]): string {
  const keys = m.dimensions.map((d) => (isTime(d) ? d : `${DIMENSIONS[d].column} AS ${name(d)}`))
  const where = (Object.entries(m.filters) as [Filter, string[]][]).flatMap(([f, values]) => {
    const how = narrows(fact, f)
    return how === null ? [] : how === 'column' ? [oneOf(DIMENSIONS[f].column, values)] : [`list_has_any(skill_groups, [${values.map(quote).join(', ')}])`]
  })
  // Conditions that all atoms of the scan share are the scan's.
  const conditions = atoms.map((a) => conditionsOf(m, m.atoms[a]!))
  const shared = conditions[0]!.filter((c) => conditions.every((all) => all.includes(c)))
  const owns = conditions.map((all) => all.filter((c) => !shared.includes(c)))
  const columns = atoms.map((a, i) =>
    `${aggregate(m, m.atoms[a]!)}${owns[i]!.length > 0 ? ` FILTER (WHERE ${owns[i]!.join(' AND ')})` : ''} AS ${a}`)
  // A row that no atom counts makes no cell.
  const some = owns.some((own) => own.length === 0) ? [] : [`(${[...new Set(owns.map((own) => own.join(' AND ')))].join(' OR ')})`]
  const narrow = [...where, ...shared, ...some]
  return `  SELECT ${[...keys, ...columns].join(',\n    ')}
  FROM ${fact} JOIN spine USING (b15)${narrow.length > 0 ? `\n  WHERE ${narrow.join(' AND ')}` : ''}${keys.length > 0 ? '\n  GROUP BY ALL' : ''}`
}

function conditionsOf(m: Measurement, atom: Atom): string[] {
  const conditions = Object.entries(atom.where ?? {}).map(([c, values]) => oneOf(c, values))
  if (atom.scope === 'inbound' && isDefaultScope(m)) conditions.unshift(`session_type = 'inbound'`)
  return conditions
}

function aggregate(m: Measurement, { fn, column }: Atom): string {
  switch (fn) {
    case 'count': return `count(${column ?? '*'})`
    case 'within': return `count_if(${column} <= ${m.thresholdMs})`
    case 'over': return `count_if(${column} > ${m.thresholdMs})`
    default: return `${fn}(${column})`
  }
}

function formula(e: Expression, value: (atom: string) => string): string {
  if (typeof e === 'string') return value(e)
  const [a, b] = 'quotient' in e ? e.quotient : e.difference
  return 'quotient' in e ? `${formula(a, value)} / nullif(${formula(b, value)}, 0)` : `(${formula(a, value)} - ${formula(b, value)})`
}
