// What an access point says of itself, and what is made of nonsense.
import { expect, test } from 'vitest'
import { readLook } from './look.ts'

test('a look is read whole', () => {
  const look = { name: '官网', greeting: { zh: '您好', en: 'Hello' }, theme: '#1677FF', language: 'en', open: false }
  expect(readLook(look)).toEqual({ ...look, theme: '#1677ff' })
})

test.each([null, undefined, 'x', 7])('%s is no look', (value) => expect(readLook(value)).toBeNull())

test('what is missing or of another shape is as if nobody had chosen', () => {
  expect(readLook({ theme: 'red', greeting: { zh: 'x' }, language: 'fr' })).toEqual({ name: '', greeting: null, theme: null, language: 'auto', open: true })
})
