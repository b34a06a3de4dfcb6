// The engine said no, or could not be asked: a code for programs and words in both languages for people.

export interface Words { zh: string; en: string }

/** Thrown by every way of asking the engine. Codes are the engine's, or `unreachable`, `link_lost` and `unexpected` of the page itself. */
export class Refused extends Error {
  readonly code: string
  readonly words: Words
  /** Which thing, where the engine named one. */
  readonly detail: string
  constructor(code: string, words: Words, detail = '') {
    super(`${code}: ${words.en}`)
    this.code = code
    this.words = words
    this.detail = detail
  }
}

const own: Record<'unreachable' | 'link_lost' | 'unexpected', Words> = {
  unreachable: { zh: '无法连接服务器，请检查网络', en: 'The server cannot be reached; check the network' },
  link_lost: { zh: '连接中断，请重试', en: 'The connection was lost; please try again' },
  unexpected: { zh: '服务器返回了意外的结果', en: 'The server answered something unexpected' },
}

/** A refusal that the page itself states. */
export const refuse = (code: keyof typeof own): Refused => new Refused(code, own[code])

/** Reads a refusal out of an answer of the engine. */
export function refusalIn(answer: unknown): Refused {
  const { code, zh, en, detail } = (answer ?? {}) as { code?: unknown; zh?: unknown; en?: unknown; detail?: unknown }
  if (typeof code !== 'string') return refuse('unexpected')
  const words = typeof zh === 'string' && typeof en === 'string' ? { zh, en } : own.unexpected
  return new Refused(code, words, typeof detail === 'string' ? detail : '')
}
