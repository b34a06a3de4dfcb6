// A lost password is replaced from the command line, beside a running database and without one.
import { verify } from '@node-rs/argon2'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runningPostgres, startPostgres } from './postgres.ts'
import { Accounts } from './store/accounts.ts'
import { connect } from './store/orm.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinline-admin-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function admin(args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'admin.ts'), ...args], { env: { ...process.env, DATABASE_URL: '', TWINLINE_DATA: folder, ...env } })
  child.stdin.end(input)
  let [out, told] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (told += chunk))
  const [code] = await once(child, 'close')
  return { code, out, told }
}

/** The account's hash, and whether it is still signed in. */
async function stateOf(url: string, name: string) {
  const db = await connect(url)
  const accounts = new Accounts(db)
  const state = { hash: (await accounts.find(name))!.password, signedIn: (await accounts.session(`${name}-page`, 1)) !== null }
  await db.close()
  return state
}

test('a new password, random or typed, while the database runs and while it does not', async () => {
  const server = await startPostgres({ dataFolder: folder, durable: false })
  const db = await connect(server.url)
  const accounts = new Accounts(db)
  for (const name of ['admin', 'ann']) {
    await accounts.create({ name, password: 'lost', roles: ['admin'], agent: null, createdAt: 1 })
    await accounts.openSession({ hash: `${name}-page`, account: name, createdAt: 1, expiresAt: 1_000 })
  }
  await db.close()

  const random = await admin(['password', 'Admin'])
  expect(random).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{20}\n$/), told: expect.stringContaining('"admin" has a new password; sign-ins ended: 1.') })
  const after = await stateOf(server.url, 'admin')
  expect(after.signedIn).toBe(false)
  expect(await verify(after.hash, random.out.trim())).toBe(true)
  expect(await stateOf(server.url, 'ann')).toEqual({ hash: 'lost', signedIn: true })
  await server.stop()

  expect(await admin(['password', 'ann', '--typed'], { input: 'a horse, a battery\nmore\n' })).toMatchObject({ code: 0, out: '' })
  expect(await runningPostgres(folder)).toBeUndefined()
  const again = await startPostgres({ dataFolder: folder, durable: false })
  expect(await verify((await stateOf(again.url, 'ann')).hash, 'a horse, a battery')).toBe(true)
  expect((await stateOf(again.url, 'admin')).hash).toBe(after.hash)

  expect(await admin(['password', 'nobody'])).toEqual({ code: 2, out: '', told: 'There is no account "nobody"; there are: admin, ann.\n' })
  await again.stop()
}, 60_000)

test('refuses with a sentence, and makes nothing', async () => {
  const elsewhere = join(folder, 'elsewhere')
  expect(await admin(['password', 'admin'], { env: { TWINLINE_DATA: elsewhere } })).toEqual({
    code: 2, out: '', told: `There is no Twinline in ${elsewhere}; TWINLINE_DATA names the folder, DATABASE_URL a database of your own.\n`,
  })
  expect(readdirSync(folder)).not.toContain('elsewhere')
  expect(await admin(['password', 'admin', '--typed'], { input: 'short\n' })).toEqual({ code: 2, out: '', told: 'A password has 10 to 200 characters.\n' })
  expect(await admin(['passwd'])).toMatchObject({ code: 2, out: '', told: expect.stringContaining('npm run -s admin -- password NAME') })
})
