// The candidate plan over HTTP: put, looked at, replaced, taken away; checked like a plan that is saved.
import { expect, test } from 'vitest'
import type { Plan } from '#events/plan.ts'
import { asking, signIn, startServer } from './testing.ts'

const { origin, driver } = await startServer()
const ask = asking(origin)
const [admin, planner, agent] = [await signIn(origin, 'admin'), await signIn(origin, 'planner'), await signIn(origin, 'ann')]
const candidate = (change: Partial<Plan> | object = {}): object => ({ ...driver.committed.plan!, ...change })

test('a candidate is asked from when it is put until it is taken away', async () => {
  expect((await ask('GET', '/api/shadow', planner)).body).toEqual({ shadow: null })
  const put = await ask('PUT', '/api/shadow', admin, { name: 'vip-first', plan: candidate({ version: 9, groups: [...driver.committed.plan!.groups, { id: 'vip', name: 'VIP', queueLimit: null, wrapUpMs: null }], rules: [{ id: 'all', name: 'all', group: 'vip', when: {} }] }) })
  expect(put).toMatchObject({ status: 200, body: { name: 'vip-first' } })
  expect(put.body['warnings'].map(({ code }: { code: string }) => code)).toContain('group_unserved')
  await driver.ask('request.create', 'visitor', 'c1', { request: 'r1', visitor: 'v1', channel: 'web', access: 'web' })
  const { body: { shadow } } = await ask('GET', '/api/shadow', planner)
  expect(shadow).toMatchObject({ name: 'vip-first', version: 9, since: expect.any(Number), asked: 1, same: 0, different: 1, dropped: 0 })
  expect(shadow.newest).toEqual([{
    type: 'request.routed', seq: expect.any(Number), at: expect.any(Number), request: 'r1', reason: { code: 'rule', zh: '命中的规则不同', en: 'Another rule decides' },
    live: { rule: 'default', group: 'ungrouped', overflows: [], queue: 'ungrouped', turned: null }, candidate: { rule: 'all', group: 'vip', overflows: [], queue: 'vip', turned: null },
  }])
  // What is asked is not what is in force.
  expect(driver.committed.requests.get('r1')!.group).toBe('ungrouped')

  await ask('PUT', '/api/shadow', admin, { name: 'as-it-is', plan: candidate() })
  expect((await ask('GET', '/api/shadow', planner)).body['shadow']).toMatchObject({ name: 'as-it-is', asked: 0, newest: [] })
  await driver.ask('agent.login', 'agent', 'in', { agent: 'ann', session: 's' })
  await driver.ask('agent.setStatus', 'agent', 'idle', { agent: 'ann', to: 'idle', reason: '' })
  expect((await ask('GET', '/api/shadow', planner)).body['shadow']).toMatchObject({ asked: 1, same: 1, different: 0 })

  expect((await ask('DELETE', '/api/shadow', admin)).status).toBe(200)
  expect((await ask('GET', '/api/shadow', planner)).body).toEqual({ shadow: null })
  expect((await ask('DELETE', '/api/shadow', admin)).status).toBe(404)
})

test('a candidate that could not come into force is refused, and the one there is stays', async () => {
  await ask('PUT', '/api/shadow', admin, { name: 'stays', plan: candidate() })
  const bad = await ask('PUT', '/api/shadow', admin, { name: 'bad', plan: candidate({ rules: [{ id: 'r', name: 'R', group: 'none', when: {} }] }) })
  expect(bad).toMatchObject({ status: 400, body: { code: 'plan_invalid', detail: 'rule r: there is no group none' } })
  for (const name of ['', 'Live', '-x', 'a/b', 'x'.repeat(41)]) expect(await ask('PUT', '/api/shadow', admin, { name, plan: candidate() })).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect(await ask('PUT', '/api/shadow', admin, { name: 'x', plan: { version: 1 } })).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  expect((await ask('GET', '/api/shadow', planner)).body['shadow'].name).toBe('stays')
})

test('only who may change the plan puts one, only who may read it looks', async () => {
  for (const [method, who, status] of [['PUT', planner, 403], ['DELETE', planner, 403], ['GET', agent, 403], ['GET', '', 401]] as const) {
    expect((await ask(method, '/api/shadow', who, method === 'PUT' ? { name: 'x', plan: candidate() } : undefined)).status).toBe(status)
  }
})
