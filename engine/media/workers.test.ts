// Real media worker processes: starts that cannot succeed, ports, seats by load, deaths and restarts.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { RoomsOptions } from './options.ts'
import { testOptions, testWorker } from '../testing/media.ts'
import { Workers, type Seat } from './workers.ts'

const workerBin = testWorker()
const running: Workers[] = []
const start = async (options: RoomsOptions): Promise<Workers> => {
  const workers = await Workers.start(options)
  running.push(workers)
  return workers
}
afterEach(async () => { await Promise.all(running.splice(0).map((workers) => workers.stop())) })
const gone = (pid: number): boolean => { try { process.kill(pid, 0); return false } catch { return true } }

describe.skipIf(!workerBin)('media workers', () => {
  const setUp = (more: Partial<RoomsOptions> = {}) => testOptions(workerBin!, more)

  test.each<[string, Partial<RoomsOptions>, RegExp]>([
    ['no worker at all', { workers: 0 }, /number of media workers must be 1 to 64/],
    ['more ports than there are', { port: 65_535, workers: 2 }, /media port must be 0 to 65534/],
    ['neither UDP nor TCP', { udp: false, tcp: false }, /UDP or TCP/],
    ['every address and one of them', { listen: [{ listenIp: '0.0.0.0', announced: [] }, { listenIp: '127.0.0.1', announced: [] }] }, /0\.0\.0\.0 already stands/],
  ])('%s is refused in a sentence', async (_name, more, sentence) => {
    await expect(Workers.start(setUp(more).options)).rejects.toMatchObject({ code: 'bad_options', message: expect.stringMatching(sentence) })
  })

  test('a program that is not there is refused in a sentence', async () => {
    await expect(Workers.start(setUp({ workerBin: '/nowhere/mediasoup-worker' }).options)).rejects.toMatchObject({ code: 'worker_missing', message: expect.stringContaining('engine/setup.mjs') })
  })

  test('an address this machine does not have is refused in a sentence', async () => {
    await expect(Workers.start(setUp({ listen: [{ listenIp: '192.0.2.1', announced: [] }] }).options)).rejects.toMatchObject({ code: 'address_unavailable', message: expect.stringContaining('192.0.2.1') })
  })

  test('a taken UDP port is refused in a sentence, and no worker is left behind', async () => {
    const taken = createSocket('udp4')
    taken.bind(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address()
    const { options, logged } = setUp({ port })
    await expect(Workers.start(options)).rejects.toMatchObject({ code: 'port_taken', message: expect.stringContaining(`UDP port ${port} on 127.0.0.1 is taken`) })
    taken.close()
    expect(logged.filter((line) => line.includes('died'))).toEqual([])
  })

  test('a taken TCP port is refused in a sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    await expect(Workers.start(setUp({ port }).options)).rejects.toMatchObject({ code: 'port_taken', message: expect.stringContaining(`TCP port ${port}`) })
    taken.close()
  })

  test('signals are left to the engine', async () => {
    const before = process.listenerCount('SIGTERM')
    await start(setUp().options)
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  test('after a stop the processes are gone', async () => {
    const workers = await start(setUp({ workers: 2 }).options)
    const pids = (await workers.report()).map(({ pid }) => pid!)
    await workers.stop()
    expect(pids.map(gone)).toEqual([true, true])
  })

  test('seats go to the least loaded worker and come free again', async () => {
    const workers = await start(setUp({ workers: 2 }).options)
    const seats = []
    for (let i = 0; i < 4; i++) seats.push(await workers.seat(() => {}))
    expect((await workers.report()).map(({ rooms, routers }) => [rooms, routers])).toEqual([[2, 2], [2, 2]])
    for (const seat of seats) seat.leave()
    expect((await workers.report()).map(({ rooms, routers }) => [rooms, routers])).toEqual([[0, 0], [0, 0]])
  })

  test('a socket with several announced addresses offers each, in order', async () => {
    const workers = await start(setUp({ listen: [{ listenIp: '127.0.0.1', announced: ['203.0.113.7', 'media.example'] }] }).options)
    const seat = await workers.seat(() => {})
    const transport = await seat.router.createWebRtcTransport({ webRtcServer: seat.server, enableUdp: true, enableTcp: true, preferUdp: true })
    const offered = seat.candidates(transport).toSorted((a, b) => b.priority - a.priority).map(({ protocol, address }) => `${protocol} ${address}`)
    expect(offered).toEqual(['udp 203.0.113.7', 'udp media.example', 'tcp 203.0.113.7', 'tcp media.example'])
  })

  test('a dead worker tells its rooms, is replaced, and the next seat waits for the new one', async () => {
    const { options, logged } = setUp()
    const workers = await start(options)
    const lost = vi.fn()
    const seat = await workers.seat(lost)
    process.kill((await workers.report())[0]!.pid!, 'SIGKILL')
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce())
    expect(seat.router.closed).toBe(true)
    const next = await workers.seat(() => {})
    expect(next.router.closed).toBe(false)
    expect(await workers.report()).toMatchObject([{ deaths: 1, rooms: 1, routers: 1 }])
    expect(logged.some((line) => line.startsWith('error Media worker 0 died'))).toBe(true)
  })

  test('while one worker is down, rooms are seated on another', async () => {
    const workers = await start(setUp({ workers: 2 }).options)
    const [first] = await workers.report()
    const moved = new Promise<Seat>((taken) => void workers.seat(() => taken(workers.seat(() => {}))))
    const other = await workers.seat(() => {})
    process.kill(first!.pid!, 'SIGKILL')
    expect((await moved).server).toBe(other.server)
  })
})
