// What is sealed opens where, and for what, it was sealed.
import { expect, test } from 'vitest'
import { Seal } from './seal.ts'

test('a sealed text opens with the same secret for the same purpose, and only unchanged', () => {
  const seal = new Seal('one')
  const sealed = seal.seal('webhook w1', '密钥 whsec_1')
  expect(sealed).not.toContain('whsec')
  expect(seal.open('webhook w1', sealed)).toBe('密钥 whsec_1')
  expect(seal.seal('webhook w1', '密钥 whsec_1')).not.toBe(sealed)
  expect([seal.open('webhook w2', sealed), new Seal('two').open('webhook w1', sealed), seal.open('webhook w1', ''), seal.open('webhook w1', 'AAAA')]).toEqual([null, null, null, null])
  const bytes = Buffer.from(sealed, 'base64url')
  for (const at of [0, 15, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    expect(seal.open('webhook w1', changed.toString('base64url'))).toBeNull()
  }
})
