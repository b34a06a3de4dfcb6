// Text that the database refuses is found, however it is spelled and wherever it stands.
import { expect, test } from 'vitest'
import { isStorableJson } from './text.ts'

test.for([
  ['{"a":"plain 文字 😀"}', true], ['{"a":"\\ud83d\\ude00"}', true], ['{"a":"\\\\u0000"}', true], ['[1,null,true,{"a":[]}]', true],
  ['{"a":"\\u0000"}', false], ['{"a":{"b":["\\uD800"]}}', false], ['{"\\u0000":1}', false], ['"\\udc00\\ud83d"', false],
] as const)('%s', ([text, storable]) => {
  expect(isStorableJson(text, JSON.parse(text))).toBe(storable)
})

test('depth and length exhaust nothing', () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000)
  expect(isStorableJson(`["\\ud83d\\ude00",${deep}]`, JSON.parse(`["\\ud83d\\ude00",${deep}]`))).toBe(true)
  expect(isStorableJson(`[${deep},"\\u0000"]`, JSON.parse(`[${deep},"\\u0000"]`))).toBe(false)
  const long = `["\\ud83d\\ude00"${',1'.repeat(1_000_000)}]`
  expect(isStorableJson(long, JSON.parse(long))).toBe(true)
})
