// Tells the core that a page has gone, also when the log is away at that moment: else a lost party would count as there for ever.
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { MediaParty } from '#wire/media.ts'
import { ASIDE_GRACE_MS } from './limits.ts'
import type { Ports } from './ports.ts'

const RETRY_MS = 500

/** Submits until it is taken or refused, for as long as `still` holds. Never rejects. */
export async function insist(submit: () => Promise<unknown>, still: () => boolean): Promise<void> {
  while (still()) {
    try {
      await submit()
      return
    } catch (problem) {
      if ((problem as { code?: unknown }).code !== 'store_away') return // stopping: the next start counts everybody as lost
      await pause(RETRY_MS, undefined, { ref: false })
    }
  }
}

/** A guest or a supervisor whose page is gone has a moment to load it again; then he has left the call. The core keeps no timer for them. */
export function leaveLater({ driver, audience, stopping }: Ports, { request, role, participant }: MediaParty): void {
  const gone = (): boolean => !stopping() && !(role === 'guest' ? audience.guest(participant) : audience.supervisor(participant))
  const cmd = `${participant}/gone-${randomBytes(9).toString('base64url')}`
  void pause(ASIDE_GRACE_MS, undefined, { ref: false }).then(() => insist(
    () => (role === 'guest' ? driver.ask('guest.leave', 'visitor', cmd, { request, guest: participant }) : driver.ask('monitor.stop', 'supervisor', cmd, { supervisor: participant, request })),
    gone,
  ))
}

/** After a start: guests and supervisors whom the log still has in calls, but who may never come back. */
export function asidesAfterStart(ports: Ports): void {
  for (const r of ports.driver.committed.requests.values()) {
    for (const { id: participant, role } of r.parties) if (role !== 'visitor' && role !== 'agent') leaveLater(ports, { request: r.id, role, participant })
  }
}
