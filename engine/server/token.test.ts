// Tokens and pseudonyms.
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { Tokens } from './token.ts'

const tokens = new Tokens('secret')
const visit = { request: 'r-1', visitor: 'v-1', access: 'web', expiresAt: 5 }

test('a token says what was signed, to whoever has the secret', () => {
  expect(tokens.read(tokens.sign(visit))).toEqual(visit)
  expect(new Tokens('another').read(tokens.sign(visit))).toBeNull()
})

test('every single changed character is noticed', () => {
  const token = tokens.sign(visit)
  for (let i = 0; i < token.length; i++) {
    const spoiled = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1)
    // The last character of the signature carries two bits that mean nothing.
    if (i < token.length - 1) expect(tokens.read(spoiled), `character ${i}`).toBeNull()
  }
  for (const odd of ['', '.', `${token}.`, token.slice(1), `.${token}`]) expect(tokens.read(odd)).toBeNull()
})

test('what is signed with another key of the same secret, or is no visit, is refused', () => {
  const body = Buffer.from(JSON.stringify(visit)).toString('base64url')
  expect(tokens.read(`${body}.${createHmac('sha256', 'secret').update(body).digest('base64url')}`)).toBeNull()
  expect(tokens.read(tokens.sign({ ...visit, role: 'admin' } as never))).toBeNull()
})

test('a pseudonym is the same for a key, tells nothing of it, and differs between installations', () => {
  const pseudonym = tokens.pseudonym('key')
  expect(pseudonym).toMatch(/^v-[0-9a-f]{20}$/)
  expect(tokens.pseudonym('key')).toBe(pseudonym)
  expect(tokens.pseudonym('kez')).not.toBe(pseudonym)
  expect(new Tokens('another').pseudonym('key')).not.toBe(pseudonym)
})
