// All rooms of the engine: opened and closed by the call's effects, spoken to by the pages.
import { MediaError, type MediaParty, type MediaPush, type MediaRequest } from '#wire/media.ts'
import type { Rooms, RoomsOptions, WorkerReport } from './options.ts'
import { Room } from './room.ts'
import { Workers } from './workers.ts'

/** Starts the media workers and returns the (still empty) rooms. Throws MediaStartError. */
export async function startRooms(options: RoomsOptions): Promise<Rooms> {
  const rooms = new Map<string, Room>()
  const workers = await Workers.start(options)
  const close = (request: string): void => {
    rooms.get(request)?.close()
    rooms.delete(request)
  }
  const inRooms: RoomsOptions = { ...options, onFailed: (request, reason) => { close(request); options.onFailed(request, reason) } }

  return {
    async open(request: string, parties: readonly MediaParty[], held: boolean): Promise<void> {
      let room = rooms.get(request)
      if (!room) rooms.set(request, room = new Room(request, workers, inRooms))
      room.arrange(parties, held)
      try {
        await room.opened()
      } catch (error) {
        if (rooms.get(request) === room) close(request)
        throw error
      }
    },
    close,
    async handle(party: MediaParty, message: MediaRequest, push: (message: MediaPush) => void): Promise<object> {
      const room = rooms.get(party.request)
      if (!room) throw new MediaError('no_room', 'The call has no room')
      return room.handle(party, message, push)
    },
    leave(party: MediaParty): void { rooms.get(party.request)?.leave(party) },
    report: (): Promise<WorkerReport[]> => workers.report(),
    async stop(): Promise<void> {
      for (const request of [...rooms.keys()]) close(request)
      await workers.stop()
    },
  }
}
