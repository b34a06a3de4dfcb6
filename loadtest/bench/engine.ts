// Measures of a whole installation from outside: from the frame in which a visitor asks to the frame in which an agent's page is told to ring.
import { randomBytes } from 'node:crypto'
import { firstPlan } from '#events/plan.ts'
import { openDatabase } from '../../engine/postgres.ts'
import { hashOf, hashPassword } from '../../engine/server/auth.ts'
import { Accounts } from '../../engine/store/accounts.ts'
import { connect } from '../../engine/store/orm.ts'
import { startInstallation, type Installation } from '../../engine/testing/installation.ts'

const AT_REST = 50
const SECONDS = 15
const STEP_SECONDS = 6
/** The rate is raised by a quarter until the 99th percentile is above this. */
const TOO_SLOW_MS = 100
/** How long a visitor lets it ring: his agent is then free for the next. */
const RINGS_MS = 500

// The global WebSocket of Node takes headers, which the browser's, whose type this is, does not.
const NodeSocket = WebSocket as unknown as new (url: string, options?: { headers: Record<string, string> }) => WebSocket
const opened = (socket: WebSocket): Promise<void> => new Promise((resolve, reject) => {
  socket.addEventListener('open', () => resolve())
  socket.addEventListener('error', () => reject(new Error('a socket was not let in')))
})
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const post = async (url: string, body: object, headers: Record<string, string> = {}): Promise<Record<string, string>> => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, string>
}

/** Agents who are signed in: their accounts share one password, their sessions are written beside the door, as a thousand sign-ins are not what is measured. */
async function signIn(installation: Installation, ids: readonly string[]): Promise<Map<string, string>> {
  const database = await openDatabase({ dataFolder: installation.dataFolder })
  const db = await connect(database.url)
  const accounts = new Accounts(db)
  const password = await hashPassword('one password for all of them')
  const cookies = new Map<string, string>()
  for (const id of ids) {
    const secret = randomBytes(32).toString('base64url')
    await accounts.create({ name: id, password, roles: ['agent'], agent: id, createdAt: Date.now() })
    await accounts.openSession({ hash: hashOf(secret), account: id, createdAt: Date.now(), expiresAt: Date.now() + 3_600_000 })
    cookies.set(id, `twinline=${secret}`)
  }
  await db.close()
  await database.close()
  return cookies
}

async function bringInPlan({ url, password }: Installation, ids: readonly string[]): Promise<void> {
  const response = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'admin', password }) })
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!
  const { plan } = (await (await fetch(`${url}/api/plan`, { headers: { cookie } })).json()) as { plan: ReturnType<typeof firstPlan> }
  const agents = ids.map((id) => ({ id, nickname: id, realName: id, video: true, groups: [] }))
  const put = await fetch(`${url}/api/plan`, { method: 'PUT', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify({ plan: { ...plan, version: plan.version + 1, deviceCheck: 'off', agents } }) })
  if (!put.ok) throw new Error(await put.text())
}

/** Rings that are awaited: request → what to do when it rings. */
const awaited = new Map<string, (at: number) => void>()

async function agentAtWork(url: string, cookie: string): Promise<WebSocket> {
  const socket = new NodeSocket(`${url.replace('http', 'ws')}/ws/agent`, { headers: { cookie } })
  await opened(socket)
  let n = 0
  let ringing = ''
  socket.addEventListener('message', ({ data }) => {
    const at = performance.now()
    // The offer's request stands early in the view; the rest of it need not be read for this.
    const [, offer = '', request = ''] = /"offer":\{"offer":"([^"]+)","request":"([^"]+)"/.exec(data as string) ?? []
    if (offer === '' || offer === ringing) return
    ringing = offer
    socket.send(JSON.stringify({ type: 'ring', id: `r${++n}`, offer }))
    awaited.get(request)?.(at)
    awaited.delete(request)
  })
  const greeted = new Promise<void>((resolve) => socket.addEventListener('message', () => resolve(), { once: true }))
  socket.send(JSON.stringify({ type: 'hello', id: 'h' }))
  await greeted
  socket.send(JSON.stringify({ type: 'status', id: 's', to: 'idle', reason: '' }))
  return socket
}

/** A visitor asks, lets it ring for a moment and leaves; how long until the ring was told, in ms. */
async function visitor(url: string, n: number): Promise<number> {
  const { token = '', request = '' } = await post(`${url}/api/visits`, { access: 'web' }, { 'x-forwarded-for': `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` })
  const socket = new NodeSocket(`${url.replace('http', 'ws')}/ws/visitor`)
  await opened(socket)
  const greeted = new Promise<void>((resolve) => socket.addEventListener('message', () => resolve(), { once: true }))
  socket.send(JSON.stringify({ type: 'hello', id: 'h', token }))
  await greeted
  const rung = new Promise<number>((resolve) => awaited.set(request, resolve))
  const start = performance.now()
  socket.send(JSON.stringify({ type: 'call', id: 'c', consent: true }))
  const at = await Promise.race([rung, pause(5_000).then(() => start + 5_000)])
  await pause(RINGS_MS)
  socket.send(JSON.stringify({ type: 'hangup', id: 'x' }))
  await pause(200)
  socket.close()
  return at - start
}

let visitors = 0
/** Visitors at this rate for so long; what they waited for the ring, ascending, ms. */
async function at(url: string, perSecond: number, seconds: number): Promise<number[]> {
  const all: Promise<number>[] = []
  const start = performance.now()
  for (let k = 0; k < perSecond * seconds; k++) {
    const due = start + (k * 1000) / perSecond
    if (due > performance.now()) await pause(due - performance.now())
    all.push(visitor(url, ++visitors).catch(() => 5_000))
  }
  return (await Promise.all(all)).sort((a, b) => a - b)
}
const percentile = (sorted: number[], p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]!

export const measures = {
  async ring({ agents }: { agents: number }): Promise<Record<string, number>> {
    const installation = await startInstallation({ TWINLINE_TRUST_PROXY: '127.0.0.1', TWINLINE_LOG_LEVEL: 'error' })
    try {
      const { url } = installation
      const ids = Array.from({ length: agents }, (_, i) => `agent${i}`)
      const cookies = await signIn(installation, ids)
      await bringInPlan(installation, ids)
      const sockets = []
      for (let i = 0; i < ids.length; i += 50) sockets.push(...(await Promise.all(ids.slice(i, i + 50).map((id) => agentAtWork(url, cookies.get(id)!)))))
      await at(url, AT_REST, 8) // warm
      const rest = await at(url, AT_REST, SECONDS)
      process.stderr.write(`  at ${AT_REST}/s: p50 ${percentile(rest, 0.5).toFixed(1)} ms, p99 ${percentile(rest, 0.99).toFixed(1)} ms\n`)
      let most = AT_REST
      for (let rate = AT_REST * 1.25; rate <= 2_000; rate *= 1.25) {
        const p99 = percentile(await at(url, rate, STEP_SECONDS), 0.99)
        process.stderr.write(`  at ${rate.toFixed(0)}/s: p99 ${p99.toFixed(1)} ms\n`)
        if (p99 > TOO_SLOW_MS) break
        most = rate
      }
      for (const socket of sockets) socket.close()
      return { ring_p50_ms: percentile(rest, 0.5), ring_p99_ms: percentile(rest, 0.99), max_requests_per_s: most }
    } finally {
      await installation.remove()
    }
  },
}
