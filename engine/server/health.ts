// A sign of life for supervisors and load balancers.
import Type from 'typebox'
import { Refused } from './errors.ts'
import type { Ports } from './ports.ts'
import { route, type Route } from './route.ts'

export function healthRoutes({ driver }: Ports): Route[] {
  return [route({
    method: 'GET', url: '/healthz', who: 'anyone', about: 'Whether commands are taken: 200, or 503 with the reason.',
    summary: { zh: '健康检查', en: 'Sign of life' }, answer: Type.Object({ ok: Type.Literal(true), seq: Type.Integer() }),
    handle: () => {
      if (driver.trouble) throw new Refused(driver.trouble === 'fenced' ? 'stopping' : driver.trouble)
      return { ok: true, seq: driver.committed.seq }
    },
  })]
}
