// When a call counts as connected: the pure rule over what has been seen to arrive.

/** What is known of one party's media. */
export interface PartyFlow {
  participant: string
  /** Participants of whom at least one packet has been sent on to this party, over its established connection. */
  heard: ReadonlySet<string>
  /** Can receive and has nothing to send: it joined without camera and microphone, or with both switched off. */
  silent: boolean
}

/**
 * Media flows both ways: each party has been sent something of each other party. A silent party is excused from sending once
 * it is known to receive; between two silent parties nothing ever flows, and that is not a call.
 */
export function flowsBothWays(parties: readonly PartyFlow[]): boolean {
  return parties.length > 1 && parties.every((to) => parties.every((from) =>
    from === to || to.heard.has(from.participant) || (from.silent && from.heard.has(to.participant))))
}
