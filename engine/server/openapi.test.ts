// The interface's description is whole, and is one: every route in it, every reference leads somewhere, every schema can be used.
import Schema from 'typebox/schema'
import { expect, test } from 'vitest'
import { ownRoutes } from './app.ts'
import { openApi, pathOf } from './openapi.ts'
import { can, ROLES, THINGS, VERBS } from './rights.ts'
import { asking, signIn, startServer } from './testing.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- a document as any reader would meet it
type Any = any
const routes = ownRoutes({ driver: {}, store: {}, config: {} } as never)
const document: Any = JSON.parse(JSON.stringify(openApi(routes, 'https://twinline.example')))
const operations: [path: string, method: string, operation: Any][] = Object.entries<Any>(document.paths).flatMap(([path, item]) => Object.entries<Any>(item).map(([method, each]): [string, string, Any] => [path, method, each]))

test.for(routes.map((r): [string, (typeof routes)[number]] => [`${r.method} ${r.url}`, r]))('%s says who may, what it does in both languages, what it takes and answers', ([, r]) => {
  if (Array.isArray(r.who)) {
    expect([VERBS.includes(r.who[0]), THINGS.includes(r.who[1])]).toEqual([true, true])
    expect(ROLES.some((role) => can([role], r.who[0] as never, r.who[1] as never))).toBe(true)
  } else expect(['anyone', 'signed_in']).toContain(r.who)
  expect(r.summary.zh).toMatch(/\p{Script=Han}/u)
  expect(r.summary.en).toMatch(/^[A-Z]/)
  expect(r.about.length).toBeGreaterThan(5)
  expect(typeof r.answer).toBe('object')
  expect(r.method === 'GET' || r.method === 'DELETE' ? r.body : undefined).toBeUndefined()
  expect(Object.keys((r.params as Any)?.properties ?? {})).toEqual([...r.url.matchAll(/:([a-z]+)/g)].map(([, name]) => name))
})

test('every route is an operation with a name of its own, and the document has no others', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(operations.map(([path, method]) => `${method} ${path}`).toSorted()).toEqual(routes.map(({ method, url }) => `${method.toLowerCase()} ${pathOf(url)}`).toSorted())
  const names = operations.map(([, , { operationId }]) => operationId)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9]+$/)
})

test.for(operations)('%s %s is as OpenAPI 3.1 has it', ([path, , operation]) => {
  const inPath = (operation.parameters ?? []).filter((each: Any) => each.in === 'path')
  expect(inPath.map(({ name }: Any) => name)).toEqual([...path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name))
  for (const each of operation.parameters ?? []) {
    expect(['path', 'query']).toContain(each.in)
    expect(each.in !== 'path' || each.required).toBe(true)
    expect(typeof each.schema).toBe('object')
  }
  for (const need of operation.security) for (const name of Object.keys(need)) expect(Object.keys(document.components.securitySchemes)).toContain(name)
  for (const [status, response] of Object.entries<Any>(operation.responses)) {
    expect(status).toMatch(/^([1-5]\d\d|default)$/)
    expect(typeof response.description).toBe('string')
    for (const [type, { schema }] of Object.entries<Any>(response.content)) expect([type.includes('/'), typeof schema]).toEqual([true, 'object'])
  }
})

/** Every object in the document, with where it is. */
function* all(value: Any, at = '#'): Generator<[string, Any]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [at, value]
  for (const [key, inner] of Object.entries(value)) yield* all(inner, `${at}/${key}`)
}

test('every reference leads somewhere; nothing is in words that JSON Schema 2020-12 lacks', () => {
  let refs = 0
  for (const [at, value] of all(document)) {
    if (typeof value.$ref === 'string') {
      refs++
      expect(document.components.schemas[value.$ref.replace('#/components/schemas/', '')], `${at}: ${value.$ref}`).toBeDefined()
      expect(Object.keys(value)).toEqual(['$ref'])
    }
    if (at.includes('schema') && !at.endsWith('/properties')) {
      expect(Array.isArray(value.items), at).toBe(false)
      expect(value, at).not.toHaveProperty('additionalItems')
      if (Array.isArray(value.required) && value.properties) for (const name of value.required) expect(value.properties, at).toHaveProperty([name])
    }
  }
  expect(refs).toBeGreaterThan(80)
  expect(document.components.schemas).toHaveProperty(['request.created'])
})

const { origin, driver, events } = await startServer()

test('it is served to whoever may read it, and real answers are as it says', async () => {
  const ask = asking(origin)
  const [engineer, admin] = [await signIn(origin, 'engineer'), await signIn(origin, 'admin')]
  const served = await ask('GET', '/api/openapi.json', engineer)
  expect(served.body).toEqual({ ...document, servers: [{ url: origin }] })
  expect((await ask('GET', '/api/openapi.json', await signIn(origin, 'planner'))).status).toBe(403)

  /** A schema of the served document with what it refers to. */
  const checks = (schema: object) => Schema.Compile({ ...schema, $defs: undefined, components: served.body['components'] } as Any)
  const plan = checks({ $ref: '#/components/schemas/Plan' })
  expect([plan.Check(driver.committed.plan), plan.Check({ ...driver.committed.plan, idleClock: 'dice' })]).toEqual([true, false])
  const fact = checks({ $ref: '#/components/schemas/Fact' })
  for (const e of events) expect(fact.Check(JSON.parse(JSON.stringify(e))), e.type).toBe(true)
  expect(fact.Check({ ...events[0], type: 'nothing' })).toBe(false)
  for (const path of ['/api/accounts', '/api/records', '/api/tickets', '/api/plan/versions', '/api/access', '/api/keys', '/api/webhooks', '/api/events']) {
    const { content } = document.paths[path].get.responses[200]
    const { status, body } = await ask('GET', path, admin)
    expect([path, status, checks(content['application/json'].schema).Check(body)]).toEqual([path, 200, true])
  }
})
