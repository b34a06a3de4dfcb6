// HTTP to the engine: JSON both ways, the session cookie goes along.
import { refusalIn, refuse } from './refused.ts'

/** Asks the engine and returns its JSON. Throws Refused. */
export async function api<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object): Promise<T> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method, credentials: 'same-origin', ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
    text = await response.text()
  } catch {
    throw refuse('unreachable')
  }
  let answer: unknown
  try { answer = text ? JSON.parse(text) : {} } catch { throw refuse('unexpected') }
  if (!response.ok) throw refusalIn(answer)
  return answer as T
}
