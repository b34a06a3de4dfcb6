// Order of table rows.
import { expect, test } from 'vitest'
import { sorted, type Column } from './table.tsx'

interface Row { name: string; waitMs: number | null }
const columns: Column<Row>[] = [
  { key: 'name', title: () => '', cell: () => '', sort: (row) => row.name },
  { key: 'wait', title: () => '', cell: () => '', sort: (row) => row.waitMs, numeric: true },
  { key: 'mark', title: () => '', cell: () => '' },
]
const rows: Row[] = [{ name: '王', waitMs: 900 }, { name: '陈', waitMs: null }, { name: '李', waitMs: 1000 }]
const names = (order: { key: string; down: boolean }) => sorted(rows, columns, order, 'zh-CN').map((row) => row.name).join('')

test('Chinese names stand in the order of their reading', () => expect(names({ key: 'name', down: false })).toBe('陈李王'))
test('numbers are compared as numbers, and what has none stands last both ways', () => {
  expect(names({ key: 'wait', down: false })).toBe('王李陈')
  expect(names({ key: 'wait', down: true })).toBe('李王陈')
})
test('a column that is not sorted leaves the rows as they came', () => expect(names({ key: 'mark', down: false })).toBe('王陈李'))
