// EVENTS.md says what the catalogue says, all of it.
import { readFileSync } from 'node:fs'
import Type from 'typebox'
import { expect, test } from 'vitest'
import { CATALOGUE } from './catalogue.ts'
import { dictionary, EXAMPLE, SECTIONS, words } from './dictionary.ts'
import { parseEvent } from './event.ts'
import { OUTCOMES } from './outcome.ts'

const text = dictionary()

test('the document is up to date (else run: node engine/events/dictionary.ts)', () => {
  expect(readFileSync(new URL('EVENTS.md', import.meta.url), 'utf8')).toBe(text)
})

test('every kind of fact has one row, in the order of the catalogue, with both languages', () => {
  const rows = text.split('\n').filter((line) => /^\| `\w+\.\w+` \|/.test(line)).map((line) => line.split(' | '))
  expect(rows.map(([type]) => type!.slice(3, -1))).toEqual(Object.keys(CATALOGUE))
  for (const [, zh, en] of rows) {
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/^[A-Z]/)
  }
})

test('every outcome is named', () => {
  for (const [outcome, { zh, en }] of Object.entries(OUTCOMES)) expect(text).toContain(`| \`${outcome}\` | ${zh} | ${en} |`)
})

test('every section is shown', () => {
  for (const { zh, en } of Object.values(SECTIONS)) expect(text).toContain(`## ${zh} ${en}\n`)
})

test('the example is a fact', () => expect(parseEvent(structuredClone(EXAMPLE))).toEqual(EXAMPLE))

test.for([
  [Type.Integer({ minimum: 1, maximum: 5 }), 'integer 1–5'],
  [Type.Integer({ minimum: 1 }), 'integer ≥ 1'],
  [Type.Integer(), 'integer'],
  [Type.String({ maxLength: 8 }), 'string ≤ 8'],
  [Type.Enum(['a', 'b']), '`a` `b`'],
  [Type.Array(Type.Boolean(), { maxItems: 3 }), 'list ≤ 3 of boolean'],
  [Type.Record(Type.String(), Type.Integer()), 'map of string → integer'],
  [Type.Object({ a: Type.String(), b: Type.Optional(Type.Boolean()) }), '{ `a` string; `b`? boolean }'],
] as const)('in words: %j', ([schema, says]) => expect(words(schema)).toBe(says))

test('a kind of schema without words is noticed', () => expect(() => words(Type.Null())).toThrow('no words'))
