// Which access point a request means, and which access points cannot be.
import { expect, test } from 'vitest'
import { accessErrors, resolveAccess } from './access.ts'
import { firstPlan, type Plan, type PlanAccess } from './plan.ts'

const im = (appId: string, configId: string) => ({ appName: 'Shop', appId, tenantId: 't', serviceNumber: 's', configId })
const app = (id: string, more: Partial<PlanAccess> = {}): PlanAccess => ({ id, name: id, channel: 'app', enabled: true, ...more })
const plan = (...access: PlanAccess[]): Plan => ({ ...firstPlan(), access })

test('an access point is meant by its id, or by the IM account that is linked to it', () => {
  const p = plan(app('a', { im: im('A1', 'C1') }), app('b', { im: im('A1', 'C2') }), app('c', { appId: 'A1' }))
  expect(resolveAccess(p, { access: 'c' })?.id).toBe('c')
  expect(resolveAccess(p, { appId: 'A1', configId: 'C2' })?.id).toBe('b')
  expect([resolveAccess(p, { appId: 'A1', configId: 'C3' }), resolveAccess(p, { appId: 'A2', configId: 'C1' }), resolveAccess(p, { access: 'A1' })]).toEqual([undefined, undefined, undefined])
  expect(accessErrors(p)).toEqual([])
})

test.for<[says: RegExp, ...PlanAccess[]]>([
  [/b: APP_ID A1 with Config_Id C1 belongs to a/, app('a', { im: im('A1', 'C1') }), app('b', { im: im('A1', 'C1') })],
  [/b: app id A1 belongs to a/, app('a', { appId: 'A1' }), app('b', { appId: 'A1' })],
  [/only a web access point has a form/, app('a', { form: 'h5' })],
  [/only an app link/, { ...app('a', { appId: 'A1' }), channel: 'web' }],
  [/only an app link/, { ...app('a', { im: im('A', 'C') }), channel: 'wechat_mp' }],
  [/not an origin/, app('a', { origins: ['https://ok.example', 'https://*.example.com'] })],
  [/not an origin/, app('a', { origins: ["https://x.example;script-src"] })],
  [/not an origin/, app('a', { origins: ['https://Shop.example'] })],
])('refused: %s', ([says, ...access]) => {
  expect(accessErrors(plan(...access))).toEqual([expect.stringMatching(says)])
})

test.for(['https://shop.example', 'http://localhost:8080', 'https://10.0.0.7:8443', 'https://[2001:db8::1]', 'https://a-b.xn--fiqs8s'])('an origin: %s', (origin) => {
  expect(accessErrors(plan(app('a', { origins: [origin] })))).toEqual([])
})
