// Text that the database refuses is found, however it is spelled and wherever it stands.
import { expect, test } from 'vitest'
import { isStorableJson } from './text.ts'

test.for([
  ['{"a":"plain 文字 😀"}', true], ['{"a":"\\ud83d\\ude00"}', true], ['{"a":"\\\\u0000"}', true], ['[1,null,true,{"a":[]}]', true],
  ['{"a":"\\u0000"}', false], ['{"a":{"b":["\\uD800"]}}', false], ['{"\\u0000":1}', false], ['"\\udc00\\ud83d"', false],
] as const)('%s', ([text, storable]) => {
  expect(isStorableJson(text, JSON.parse(text))).toBe(storable)
})
