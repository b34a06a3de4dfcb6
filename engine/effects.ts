// What facts set in motion outside. Effects are a function of facts and the committed state alone, so that a restart can take
// them up again from the state.
import type { TwinlineEvent } from '#events/event.ts'
import type { RequestState, Role } from '#core/entities.ts'
import type { State } from '#core/state.ts'

/** A party of a call, as its room is opened for. */
interface Party { request: string; role: Role; participant: string }

export interface EffectPorts {
  state: State
  rooms: {
    /** Opens the room of a call, or brings the open one to exactly these parties and this hold. */
    open(request: string, parties: readonly Party[], held: boolean): Promise<void>
    close(request: string): void
  }
  /** The room of a call could not be opened. */
  onRoomFailed: (request: string, reason: string) => void
}

const onCall = (r: RequestState): boolean => r.phase === 'connecting' || r.phase === 'in_call'

/** The room as the state has it: asked for again after each change, it follows whatever a batch holds. */
function arrangeRoom({ rooms, onRoomFailed }: EffectPorts, r: RequestState): void {
  const parties = r.parties.map(({ id, role }): Party => ({ request: r.id, role, participant: id }))
  rooms.open(r.id, parties, r.held).catch(() => onRoomFailed(r.id, 'no_room'))
}

/** Performs what committed facts ask for. (Ringing and every other telling is the view of a page, made by the server.) */
export function perform(ports: EffectPorts, events: readonly TwinlineEvent[]): void {
  const changed = new Set<string>()
  for (const e of events) {
    switch (e.type) {
      case 'offer.accepted': case 'dial.accepted': case 'participant.joined': case 'participant.left':
      case 'hold.started': case 'hold.ended': case 'request.closed':
        changed.add(e.data.request)
    }
  }
  for (const request of changed) {
    const r = ports.state.requests.get(request)
    if (r && onCall(r)) arrangeRoom(ports, r)
    // Closed, perhaps in the very batch in which it was accepted, or forgotten already.
    else ports.rooms.close(request)
  }
}

/** Opens the rooms of the calls that a restart found under way. */
export function resume(ports: EffectPorts): void {
  for (const r of ports.state.requests.values()) if (onCall(r)) arrangeRoom(ports, r)
}
