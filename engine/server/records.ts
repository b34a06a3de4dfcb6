// Call records over HTTP: an agent's own, or all of them for whoever may see those.
import Type from 'typebox'
import { Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { can } from './rights.ts'
import { route, type Route } from './route.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
const DEFAULT_LIMIT = 50

/** A whole number in a query string. */
const Whole = (pattern: string) => Type.Optional(Type.String({ pattern }))

export function recordRoutes({ store: { records }, now }: Ports): Route[] {
  return [route({
    method: 'GET', url: '/api/records', who: ['read', 'own_records'],
    about: 'Requests of the last `days` (1 to 999, else 30), newest first, `limit` (1 to 199, else 50) at a time; `after` is `next` of the page before. Agents see the calls they took.',
    query: Type.Object({ days: Whole('^[1-9][0-9]{0,2}$'), limit: Whole('^(1[0-9]{2}|[1-9][0-9]?)$'), after: Type.Optional(Type.String({ maxLength: 100 })) }, { additionalProperties: false }),
    handle: async ({ query, who }) => {
      const { roles, agent } = who!.account
      const all = can(roles, 'read', 'records')
      if (!all && agent === null) throw new Refused('forbidden')
      return await records.page({
        since: now() - Number(query.days ?? DEFAULT_DAYS) * DAY_MS,
        limit: Math.max(1, Number(query.limit ?? DEFAULT_LIMIT)),
        ...(all ? {} : { agent: agent! }),
        ...(query.after === undefined ? {} : { after: query.after }),
      })
    },
  })]
}
