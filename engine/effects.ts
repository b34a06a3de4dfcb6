// What facts set in motion outside: fact → act, one row each. Effects are a function of facts alone, so that a restart can
// take them up again from the state.
import type { TwinlineEvent } from '#events/event.ts'
import type { RequestState } from '#core/entities.ts'
import type { State } from '#core/state.ts'

/** A party of a call, as its room is opened for. */
interface Party { request: string; role: 'visitor' | 'agent'; participant: string }

export interface EffectPorts {
  state: State
  rooms: { open(request: string, parties: Party[]): Promise<void>; close(request: string): void }
  /** The room of a call could not be opened. */
  onRoomFailed: (request: string, reason: string) => void
}

const onCall = (r: RequestState): boolean => r.phase === 'connecting' || r.phase === 'in_call'

function openRoom({ rooms, onRoomFailed }: EffectPorts, r: RequestState): void {
  const parties: Party[] = [{ request: r.id, role: 'visitor', participant: r.visitor }, { request: r.id, role: 'agent', participant: r.agent! }]
  rooms.open(r.id, parties).catch(() => onRoomFailed(r.id, 'no_room'))
}

/** Performs what committed facts ask for. (Ringing and every other telling is the view of a page, made by the server.) */
export function perform(ports: EffectPorts, events: readonly TwinlineEvent[]): void {
  for (const e of events) {
    switch (e.type) {
      case 'offer.accepted': {
        const r = ports.state.requests.get(e.data.request)
        // A batch may hold the end of the call as well.
        if (r && onCall(r)) openRoom(ports, r)
        break
      }
      case 'request.closed': ports.rooms.close(e.data.request); break
    }
  }
}

/** Opens the rooms of the calls that a restart found under way. */
export function resume(ports: EffectPorts): void {
  for (const r of ports.state.requests.values()) if (onCall(r)) openRoom(ports, r)
}
