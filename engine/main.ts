// The only wiring file: config → store → core → media → server → listen; and an orderly stop.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { firstPlan } from '#events/plan.ts'
import type { Asks, CommandType } from '#core/command.ts'
import type { Actor, TwinlineEvent } from '#events/event.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { Driver, DriverError } from './driver.ts'
import { perform, resume, type EffectPorts } from './effects.ts'
import { originsOf } from './host/addresses.ts'
import { secret } from './host/secrets.ts'
import { refused, reportReady, stopRequest, type Address } from './host/supervised.ts'
import { MediaStartError, type ListenAddress } from './media/options.ts'
import { startRooms } from './media/rooms.ts'
import { workerPath } from './media-worker.mjs'
import { buildServer, type TwinlineServer } from './server/app.ts'
import { ensureFirstAdmin } from './server/auth.ts'
import { trustPages } from './server/trust.html.ts'
import { LiveShadow } from './shadow.ts'
import { PostgresEventLog } from './store/event-log.ts'
import { SchemaTooNew } from './store/failure.ts'
import { lead, Led } from './store/leader.ts'
import { connect } from './store/orm.ts'
import { watchSessions } from './store/session-watch.ts'
import { openStores } from './store/stores.ts'
import { certificate, keepFresh } from './tls.ts'

/** A supervised restart may meet its killed predecessor's database session for a moment. */
const LEAD_WITHIN_MS = 10_000
const RETRY_MS = 200

export interface Engine {
  addresses: Address[]
  notes: string[]
  /** Settles when the engine cannot go on: fenced, or a defect of the core. */
  failed: Promise<Error>
  stop: () => Promise<void>
}

/** Starts an engine on a database and a data folder. Rejects with a sentence; then nothing is left open. */
export async function startEngine(config: Config, log: (line: string) => void): Promise<Engine> {
  if (!config.databaseUrl) throw new ConfigError('DATABASE_URL is not set; "npm start" runs a PostgreSQL of its own and sets it.')
  const undo: (() => unknown)[] = []
  const stop = async (): Promise<void> => { for (const act of undo.splice(0).reverse()) await act() }
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>()
  try {
    const tls = await certificate(config)
    const db = await connect(config.databaseUrl)
    undo.push(db.close)
    const leadership = await lead(db, config.run, LEAD_WITHIN_MS)
    undo.push(leadership.release)
    void leadership.lost.then(fail)

    const store = openStores(db, config.run)
    const shadow = await LiveShadow.open(store.shadows, (problem) => log(`shadow plan: ${problem.message}`))
    undo.push(() => shadow.stop())

    let committed: (events: readonly TwinlineEvent[]) => void = () => {}
    const driver = await Driver.start({ run: config.run, log: new PostgresEventLog(db, leadership), onCommitted: (events) => committed(events), watch: shadow, onFatal: fail })
    undo.push(() => driver.stop())
    if (!driver.committed.plan) await driver.ask('plan.change', 'admin', `first-plan-${randomUUID()}`, { plan: firstPlan() })

    /** What media says reaches the core also when the log is away at that moment. */
    const insist = async <T extends CommandType>(type: T, by: Actor, fields: Asks[T]): Promise<void> => {
      const cmd = `${type}-${randomUUID()}`
      for (;;) {
        try { await driver.ask(type, by, cmd, fields); return } catch (error) {
          if (!(error instanceof DriverError) || error.code !== 'store_away') return
          await new Promise((done) => setTimeout(done, RETRY_MS))
        }
      }
    }
    const rooms = await startRooms({
      workerBin: workerPath(), workers: config.media.workers, port: config.media.port, listen: mediaAddresses(config), udp: true, tcp: true, iceServers: [],
      onFlowing: (request) => void insist('call.connect', 'media', { request }),
      onFailed: (request, reason) => void insist('call.fail', 'media', { request, reason }),
      log: (level, message) => { if (level !== 'info') log(`media: ${message}`) },
    })
    undo.push(() => rooms.stop())

    const server: TwinlineServer = await buildServer({
      driver, rooms, config, now: () => driver.now(), secret: await secret(config.dataFolder, 'tokens'),
      store, shadow,
      consoleFolder: join(import.meta.dirname, '..', 'console', 'dist'),
      pages: tls?.authority ? trustPages(tls.authority) : [],
    })
    undo.push(() => server.stop())
    undo.push(await watchSessions(db, server.sessionsEnded))
    const effects: EffectPorts = { state: driver.committed, rooms, onRoomFailed: (request, reason) => void insist('call.fail', 'media', { request, reason }) }
    committed = (events) => {
      perform(effects, events)
      server.committed(events)
    }
    resume(effects)

    const { addresses, encrypted } = await server.listen({ listeners: config.listeners, tls })
    if (tls) for (const each of encrypted) undo.push(keepFresh(each, config, tls, (problem) => log(`certificate: ${problem.message}`)))
    const admin = await ensureFirstAdmin(store.accounts)
    const notes = tls?.authority ? [`Fingerprint of the certificate authority 证书指纹 (SHA-256): ${tls.authority.fingerprint}`] : []
    // At once, not with the notes: it is kept nowhere, and must not be lost when another program fails to start.
    if (admin) log(`First administrator 首个管理员: ${admin.name}   password 密码: ${admin.password}   (shown once 仅显示一次)`)
    return { addresses: whereToGo(config, addresses), notes, failed, stop }
  } catch (problem) {
    await stop()
    throw problem
  }
}

/** Every IPv4 address of this machine (or only this machine, where pages are served to nobody else), announced as configured. */
function mediaAddresses({ media, listeners }: Config): ListenAddress[] {
  const announced = [...media.announced]
  const local = listeners.every(({ host }) => host === '127.0.0.1')
  if (announced.length === 0 && local) return [{ listenIp: '127.0.0.1', announced }]
  return [{ listenIp: '0.0.0.0', announced }]
}

const PAGES: [title: string, path: string][] = [
  ['Start here 首页', '/'], ['Visitor, the sample widget 访客', '/v/web'], ['Agent workbench 坐席工作台', '/agent'], ['Records 通话记录', '/records'], ['Administration 管理', '/admin'],
]

function whereToGo({ publicUrl, tls }: Config, listening: { host: string; port: number; tls: boolean }[]): Address[] {
  const origins = publicUrl ? [publicUrl] : [...new Set(listening.flatMap(originsOf))]
  const [first, ...others] = origins
  const encrypted = origins.find((origin) => origin.startsWith('https:'))
  return [
    ...PAGES.map(([title, path]) => ({ title, url: `${first}${path}` })),
    ...others.map((url) => ({ title: 'From other machines 其他设备', url: `${url}/` })),
    ...(tls.kind === 'selfSigned' && encrypted ? [{ title: 'How to trust the certificate 信任证书', url: `${encrypted}/trust` }] : []),
  ]
}

const sentence = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem))
const hopeless = (problem: unknown): boolean =>
  problem instanceof ConfigError || problem instanceof Led || problem instanceof SchemaTooNew || (problem instanceof MediaStartError && problem.code !== 'port_taken')

async function main(): Promise<void> {
  const log = (line: string): void => { process.stderr.write(`${line}\n`) }
  const asked = stopRequest()
  let engine: Engine
  try { engine = await startEngine(readConfig(), log) } catch (problem) {
    log(sentence(problem))
    process.exit(hopeless(problem) ? refused : 1)
  }
  reportReady({ addresses: engine.addresses, notes: engine.notes })
  const why = await Promise.race([asked, engine.failed])
  if (why instanceof Error) {
    log(`The engine stops: ${why.message}`)
    process.exit(1)
  }
  await engine.stop()
  process.exit(0)
}

if (import.meta.main) await main()
