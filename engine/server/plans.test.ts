// The plan's versions over HTTP: who saved what, any of them again, time zones written in.
import { expect, test } from 'vitest'
import { isOpen, offsetAt } from '#events/hours.ts'
import type { Plan } from '#events/plan.ts'
import { asking, signIn, startServer } from './testing.ts'

const { origin, driver } = await startServer()
const ask = asking(origin)
const [admin, planner] = [await signIn(origin, 'admin'), await signIn(origin, 'planner')]
const current = () => driver.committed.plan!
const save = (change: Partial<Plan> | object, note?: string) => ask('PUT', '/api/plan', admin, { plan: { ...current(), version: current().version + 1, ...change }, ...(note === undefined ? {} : { note }) })

test('each version is listed with author, time, note and what differs, and can be read and brought back', async () => {
  const [first, before] = [current(), Date.now()]
  expect(await save({ maxOffers: 3 }, 'fewer rings')).toMatchObject({ status: 200, body: { version: first.version + 1 } })
  await save({ maxOffers: 5 })
  const { body: { versions, next } } = await ask('GET', '/api/plan/versions', planner)
  expect(versions).toEqual([
    { version: first.version + 2, at: expect.any(Number), author: 'admin', note: '', diff: ['~ maxOffers 3 → 5'] },
    { version: first.version + 1, at: expect.any(Number), author: 'admin', note: 'fewer rings', diff: ['~ maxOffers 0 → 3'] },
    { version: first.version, at: expect.any(Number), author: null, note: '', diff: expect.any(Array) },
  ])
  expect(next).toBeNull()
  expect(versions[0].at).toBeGreaterThanOrEqual(before)
  const page = await ask('GET', '/api/plan/versions?limit=2', planner)
  expect(page.body['next']).toBe(first.version + 1)
  expect((await ask('GET', `/api/plan/versions?limit=2&before=${page.body['next']}`, planner)).body['versions']).toHaveLength(1)

  expect((await ask('GET', `/api/plan/versions/${first.version}`, planner)).body).toMatchObject({ version: first.version, plan: first })
  expect((await ask('POST', `/api/plan/versions/${first.version}/restore`, planner)).status).toBe(403)
  expect(await ask('POST', `/api/plan/versions/${first.version}/restore`, admin)).toMatchObject({ status: 200, body: { version: first.version + 3 } })
  expect(current()).toEqual({ ...first, version: first.version + 3 })
  for (const path of ['99', '0', 'x']) expect([400, 404]).toContain((await ask('GET', `/api/plan/versions/${path}`, planner)).status)
})

test('a refused plan leaves no version and no author', async () => {
  const { version } = current()
  expect(await save({ version })).toMatchObject({ status: 400, body: { code: 'plan_invalid' } })
  expect(await save({ access: [{ id: 'a', name: 'A', channel: 'app', enabled: true, appId: 'x' }, { id: 'b', name: 'B', channel: 'app', enabled: true, appId: 'x' }] }))
    .toMatchObject({ status: 400, body: { code: 'plan_invalid', detail: 'access b: app id x belongs to a' } })
  expect((await ask('GET', '/api/plan/versions', planner)).body['versions'][0].version).toBe(version)
})

const day: [number, number][] = [[540, 1080]]
const berlin = { id: 'office', name: 'Office', tz: 'Europe/Berlin', week: [day, day, day, day, day, [], []], holidays: [] }

test('the offsets of time zones are written in when a plan is saved, whatever was sent', async () => {
  for (const sent of [berlin, { ...berlin, offsets: [] }, { ...berlin, offsets: [{ fromMs: 0, minutes: 600 }] }]) {
    expect((await save({ hours: [sent] })).status).toBe(200)
    const hours = current().hours![0]!
    const year = new Date().getUTCFullYear()
    expect(offsetAt(hours, Date.UTC(year, 0, 15))).toBe(60)
    expect(offsetAt(hours, Date.UTC(year, 6, 15))).toBe(120)
    expect(offsetAt(hours, Date.UTC(year + 9, 6, 15))).toBe(120)
    // Monday 3 July 2028, 08:30 in Berlin and 09:30.
    expect([isOpen(hours, Date.UTC(2028, 6, 3, 6, 30)), isOpen(hours, Date.UTC(2028, 6, 3, 7, 30))]).toEqual([false, true])
  }
  const saved = current().hours
  await save({ hours: [{ ...berlin, offsets: [] }] })
  expect(current().hours).toEqual(saved)
  expect(await save({ hours: [{ ...berlin, tz: 'Europe/Atlantis' }] })).toMatchObject({ status: 400, body: { code: 'plan_invalid', detail: 'hours office: there is no time zone Europe/Atlantis' } })
})

test('a plan can be checked without saving it', async () => {
  const check = (change: object) => ask('POST', '/api/plan/check', planner, { plan: { ...current(), ...change } })
  const { version } = current()
  expect((await check({ rules: [{ id: 'r', name: 'R', group: 'none', when: {} }] })).body).toMatchObject({ errors: ['rule r: there is no group none'], warnings: [] })
  expect((await check({ hours: [{ ...berlin, tz: 'Nowhere' }] })).body['errors']).toEqual(['hours office: there is no time zone Nowhere'])
  const odd = (await check({ groups: [...current().groups, { id: 'lonely', name: 'L', queueLimit: 0, wrapUpMs: null }] })).body
  expect(odd['errors']).toEqual([])
  expect(odd['warnings']).toContainEqual(expect.objectContaining({ code: 'queue_shut' }))
  expect(current().version).toBe(version)
})

test('edits made at the same time each start from the one before', async () => {
  const names = ['p1', 'p2', 'p3', 'p4']
  const made = await Promise.all(names.map((name) => ask('POST', '/api/access', admin, { name, channel: 'web' })))
  expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(current().access.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
})
