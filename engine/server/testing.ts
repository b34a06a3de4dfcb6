// For the server's tests: a whole engine but for its media, on a real database, reached through real sockets.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { firstPlan, type Plan } from '#events/plan.ts'
import type { TwinlineEvent } from '#events/event.ts'
import type { MediaParty, MediaRequest } from '#wire/media.ts'
import { Driver } from '../driver.ts'
import { LiveShadow } from '../shadow.ts'
import { PostgresEventLog } from '../store/event-log.ts'
import { lead } from '../store/leader.ts'
import { connect } from '../store/orm.ts'
import { watchSessions } from '../store/session-watch.ts'
import { openStores } from '../store/stores.ts'
import { freshDatabase } from '../testing/database.ts'
import { buildServer } from './app.ts'
import { hashPassword } from './auth.ts'
import type { ServerOptions } from './ports.ts'

export const PASSWORD = 'correct horse battery'

/** A plan with two groups' worth of agents, quick to work with: no device check, no pauses. */
export function testPlan(): Plan {
  const plan = firstPlan()
  return {
    ...plan, deviceCheck: 'off', timers: { ...plan.timers, wrapUpMs: 0, declineCoolDownMs: 0 },
    access: [...plan.access, { id: 'closed', name: 'Closed', channel: 'web', enabled: false }],
    agents: ['ann', 'bob'].map((id) => ({ id, nickname: `Nick ${id}`, realName: `Real ${id}`, video: true, groups: [] })),
  }
}

/** A running server on a fresh database (or the one that is given) and what stands behind it; everything is stopped after the test file. */
export async function startServer({ databaseUrl, ...options }: Partial<Pick<ServerOptions, 'config'>> & { databaseUrl?: string } = {}) {
  const url = databaseUrl ?? (await freshDatabase())
  const db = await connect(url)
  const leadership = await lead(db, 'live')
  const store = openStores(db, 'live')

  const folder = mkdtempSync(join(tmpdir(), 'twinline-console-'))
  mkdirSync(join(folder, 'assets'))
  for (const name of ['visitor.html', 'staff.html']) writeFileSync(join(folder, name), `<!doctype html><title>${name}</title>`)
  writeFileSync(join(folder, 'assets', 'app-abc123.js'), 'export {}')

  const now = () => Date.now()
  /** What the rooms were asked; `echo` answers media requests with the message itself. */
  const media = { handled: [] as [MediaParty, MediaRequest][], left: [] as MediaParty[] }
  const events: TwinlineEvent[] = []
  let committed: (events: readonly TwinlineEvent[]) => void = () => {}
  const shadow = await LiveShadow.open(store.shadows, (problem) => { throw problem })
  const driver = await Driver.start({
    run: 'live', log: new PostgresEventLog(db, leadership), now, watch: shadow, onFatal: (error) => { throw error },
    onCommitted: (batch) => {
      events.push(...batch)
      committed(batch)
    },
  })
  await driver.ask('plan.change', 'admin', 'first-plan', { plan: testPlan() })

  const server = await buildServer({
    driver, store, shadow, now, secret: 'a secret for tests', consoleFolder: folder,
    rooms: {
      handle: async (party, message, push) => {
        media.handled.push([party, message])
        push({ type: 'media.restart' })
        return { heard: message.type }
      },
      leave: (party) => void media.left.push(party),
    },
    config: { publicUrl: undefined, trustProxy: [], tls: { kind: 'none' }, logLevel: 'silent', webhookNetworks: ['loopback'] },
    checkAnswers: true,
    ...options,
  })
  committed = server.committed
  const unwatch = await watchSessions(db, server.sessionsEnded)
  const { addresses: [address] } = await server.listen({ listeners: [{ host: '127.0.0.1', port: 0, tls: false }] })
  const origin = `http://127.0.0.1:${address!.port}`

  afterAll(async () => {
    await unwatch()
    await server.stop()
    await driver.stop()
    await shadow.stop()
    await leadership.release()
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const password = await hashPassword(PASSWORD)
  for (const [name, roles, agent] of [['ann', ['agent'], 'ann'], ['bob', ['agent'], 'bob'], ['sup', ['supervisor'], null], ['admin', ['admin'], null], ['ghost', ['agent'], 'nobody'],
    ['planner', ['planner'], null], ['analyst', ['analyst'], null], ['engineer', ['engineer'], null]] as const) {
    await store.accounts.create({ name, password, roles: [...roles], agent, createdAt: now() })
  }
  return { origin, db, driver, server, store, events, media }
}
export type TestServer = Awaited<ReturnType<typeof startServer>>

/** Signs in and returns the cookie. */
export async function signIn(origin: string, name: string): Promise<string> {
  const response = await fetch(`${origin}/api/session`, json({ name, password: PASSWORD }))
  if (response.status !== 200) throw new Error(await response.text())
  return response.headers.get('set-cookie')!.split(';')[0]!
}

/** A POST of this as JSON. */
export const json = (body: object, headers: Record<string, string> = {}): RequestInit =>
  ({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

type Told = Record<string, unknown> & { type?: string; re?: string }
// The global WebSocket of Node takes headers, which the browser's, whose type this is, does not.
const NodeSocket = WebSocket as unknown as new (url: string, options: { headers: Record<string, string> }) => WebSocket

/** A page's end of a socket. */
export class TestPage {
  readonly socket: WebSocket
  readonly heard: Told[] = []
  closed: { code: number; reason: string } | null = null
  /** Ids are for ever unique within a request or sign-in, over all pages that act for it. */
  readonly #prefix = randomUUID().slice(0, 8)
  #n = 0

  private constructor(url: string, headers: Record<string, string>) {
    this.socket = new NodeSocket(url, { headers })
    this.socket.addEventListener('message', ({ data }) => this.heard.push(JSON.parse(data as string)))
    this.socket.addEventListener('close', ({ code, reason }) => (this.closed = { code, reason }))
  }

  /** Opens a socket; rejects when it is not let in. */
  static async open(origin: string, path: string, headers: Record<string, string> = {}): Promise<TestPage> {
    const page = new TestPage(`${origin.replace('http', 'ws')}${path}`, headers)
    await new Promise((resolve, reject) => {
      page.socket.addEventListener('open', resolve)
      page.socket.addEventListener('error', () => reject(new Error('not let in')))
    })
    return page
  }

  /** Sends a message and returns its answer. */
  async ask(type: string, fields: object = {}, id = `${this.#prefix}-${++this.#n}`): Promise<Told> {
    this.socket.send(JSON.stringify({ type, id, ...fields }))
    return await this.until((told) => told.re === id)
  }

  /** The first thing heard, now or later, for which this holds. */
  async until(test: (told: Told) => boolean, withinMs = 3_000): Promise<Told> {
    const end = performance.now() + withinMs
    for (;;) {
      const found = this.heard.find(test)
      if (found) return found
      if (performance.now() > end) throw new Error(`not heard within ${withinMs} ms; heard ${JSON.stringify(this.heard).slice(-2_000)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** The view as last shown, once this holds of it. */
  async view(test: (view: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    let view: Record<string, unknown> | undefined
    await this.until(() => {
      view = this.heard.findLast((told) => 'view' in told)?.['view'] as Record<string, unknown> | undefined
      return view !== undefined && test(view)
    })
    return view!
  }

  async end(): Promise<{ code: number; reason: string }> {
    if (!this.closed) await new Promise((resolve) => this.socket.addEventListener('close', resolve))
    return this.closed!
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever was answered; each test says what it should be
export interface Answer { status: number; headers: Headers; text: string; body: Record<string, any> }
/** Asks as a browser that is signed in (a cookie), as a machine (`Bearer …`), or as nobody. */
export const asking = (origin: string) => async (method: string, path: string, who = '', body?: object | string, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(`${origin}${path}`, {
    method, body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    headers: { ...(who.startsWith('Bearer ') ? { authorization: who } : { cookie: who }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** Waits until this holds; the test's own limit ends it when it never does. */
export async function eventually(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 5))
}
