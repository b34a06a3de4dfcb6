// Tables: columns as data, sorted by a press on a heading, told apart when empty, loading or broken, scrolled sideways on a phone.
import { signal, type Signal } from '@preact/signals'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { lang, locale } from './i18n.ts'
import { t } from './text.ts'

export interface Column<Row> {
  /** Stays the same in all languages. */
  key: string
  title: () => ComponentChildren
  cell: (row: Row) => ComponentChildren
  /** What to sort by; a column without it is not sorted. */
  sort?: (row: Row) => string | number | null
  /** Numbers and lengths of time stand at the right. */
  numeric?: boolean
}
export interface SortOrder { key: string; down: boolean }

export const sortOrder = (key: string, down = false): Signal<SortOrder> => signal({ key, down })

/** The rows in this order; rows without a value come last both ways. Stable. */
export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], { key, down }: SortOrder, language: string): Row[] {
  const by = columns.find((column) => column.key === key)?.sort
  if (!by) return [...rows]
  const collator = new Intl.Collator(language, { numeric: true })
  return rows.map((row) => ({ row, value: by(row) })).sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
    const order = typeof a.value === 'number' && typeof b.value === 'number' ? a.value - b.value : collator.compare(String(a.value), String(b.value))
    return down ? -order : order
  }).map(({ row }) => row)
}

interface TableProps<Row> {
  name: string
  columns: readonly Column<Row>[]
  /** null while loading. */
  rows: readonly Row[] | null
  rowKey: (row: Row) => string
  order: Signal<SortOrder>
  /** What to show instead of rows when there are none. */
  empty: ComponentChildren
}

export function Table<Row>({ name, columns, rows, rowKey, order, empty }: TableProps<Row>) {
  const { key, down } = order.value
  const shown = rows && sorted(rows, columns, order.value, locale.value)
  const press = (column: Column<Row>) => { order.value = { key: column.key, down: column.key === key ? !down : Boolean(column.numeric) } }
  return (
    <div class="table-scroll" role="region" aria-label={name} tabIndex={0}>
      <table class="table" aria-busy={rows === null} lang={lang.value}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" class={column.numeric ? 'numeric' : ''} aria-sort={column.key === key ? (down ? 'descending' : 'ascending') : undefined}>
                {column.sort
                  ? <button type="button" onClick={() => press(column)}>{column.title()}<SortMark sorted={column.key === key} down={down} /></button>
                  : column.title()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown?.map((row) => (
            <tr key={rowKey(row)}>{columns.map((column) => <td key={column.key} class={column.numeric ? 'numeric' : ''}>{column.cell(row)}</td>)}</tr>
          ))}
          {rows === null && [0, 1, 2, 3].map((line) => <tr key={line} class="skeleton">{columns.map((column) => <td key={column.key}><span /></td>)}</tr>)}
        </tbody>
      </table>
      {rows === null && <p class="unseen" role="status">{t('shell.loading')}</p>}
      {rows?.length === 0 && <div class="table-empty">{empty}</div>}
    </div>
  )
}

function SortMark({ sorted: here, down }: { sorted: boolean; down: boolean }) {
  const Icon = here ? (down ? ArrowDown : ArrowUp) : ChevronsUpDown
  return <Icon size={13} aria-hidden="true" class={here ? 'sorted' : 'unsorted'} />
}
