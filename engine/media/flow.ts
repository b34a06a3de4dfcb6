// When a call counts as connected: the pure rule over what has been seen to arrive.
import type { CallRole } from '#wire/media.ts'

/** What is known of one party's media. */
export interface PartyFlow {
  participant: string
  role: CallRole
  /** Participants of whom at least one packet has been sent on to this party, over its established connection. */
  heard: ReadonlySet<string>
  /** Can receive and has nothing to send: it joined without camera and microphone, or with both switched off. */
  silent: boolean
}

/** A silent party is excused from sending once it is known to receive; between two silent parties nothing ever flows. */
const reached = (to: PartyFlow, from: PartyFlow): boolean =>
  to.heard.has(from.participant) || (from.silent && from.heard.has(to.participant))

/** Media flows both ways: the visitor and one agent have each been sent something of the other. Whoever else is there can neither help nor hinder. */
export function flowsBothWays(parties: readonly PartyFlow[]): boolean {
  const agents = parties.filter(({ role }) => role === 'agent')
  return parties.some((visitor) => visitor.role === 'visitor' && agents.some((agent) => reached(visitor, agent) && reached(agent, visitor)))
}
