// PROTOCOL.md tells the truth: its tables are the code's, its examples pass the border.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseAgent, parseGuest, parseSupervisor, parseVisitor } from '#wire/messages.ts'
import { AGENT, GUEST, PROTOCOL_FILE, SUPERVISOR, VISITOR, withParts } from './protocol.ts'

test('the document holds what the code says (else run: node engine/server/protocol.ts)', () => {
  const document = readFileSync(PROTOCOL_FILE, 'utf8')
  expect(document).toBe(withParts(document))
})

test.for([['visitor', VISITOR, parseVisitor], ['guest', GUEST, parseGuest], ['agent', AGENT, parseAgent], ['supervisor', SUPERVISOR, parseSupervisor]] as const)('every example of a message of the %s passes', ([, told, parse]) => {
  for (const { example } of Object.values(told)) expect(parse(JSON.stringify(example))).toEqual({ message: example })
})
