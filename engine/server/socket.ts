// One page's websocket: hello first, every message answered once, bounded in size, number and backlog, a goodbye with a reason.
import type { WebSocket } from '@fastify/websocket'
import type { Rejected, WireErrorCode } from '#wire/messages.ts'
import { coded, Refused, told, type CodedError } from './errors.ts'
import { GOODBYE_MS, HELLO_WITHIN_MS, MAX_BUFFER_BYTES, MESSAGES_AT_ONCE, MESSAGES_IN_HAND, MESSAGES_PER_SECOND, VIEW_BUFFER_BYTES } from './limits.ts'
import { isStorableJson } from './text.ts'
import { Throttle } from './throttle.ts'

/** Why a socket is closed, by its close code; `bye` names the reason beforehand where the page can still read it. */
export const CLOSE_CODES = {
  stopping: 1001, bad_message: 1003, internal: 1011, store_away: 1013,
  hello_first: 4001, bad_token: 4002, not_signed_in: 4002, forbidden: 4002, unknown_agent: 4002, replaced: 4003, too_fast: 4008, too_slow: 4009,
} as const
type ByeCode = Extract<keyof typeof CLOSE_CODES, WireErrorCode>

interface Message { type: string; id: string }

export interface Manners<M extends Message> {
  parse: (text: string) => { message: M } | { rejected: Rejected }
  /** The first message; its result is the answer. A refusal ends the socket. */
  hello: (message: M) => Promise<object>
  /** Every later one. */
  hear: (message: M) => Promise<object> | object
  /** The socket is gone, for whatever reason; called once, and only after a hello that was accepted. */
  gone: () => void
  /** A problem that is ours. */
  report: (problem: unknown) => void
}

export class PageSocket<M extends Message = Message> {
  readonly #socket: WebSocket
  readonly #manners: Manners<M>
  readonly #rate = new Throttle(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)
  readonly #helloTimer: NodeJS.Timeout
  #state: 'new' | 'greeting' | 'refused' | 'open' | 'leaving' = 'new'
  #accepted = false
  #closed = false
  #inHand = 0
  #heard = true
  #lastView = ''

  /** Listens at once: a message that arrives before anyone listens would be lost. */
  constructor(socket: WebSocket, manners: Manners<M>) {
    this.#socket = socket
    this.#manners = manners
    this.#helloTimer = setTimeout(() => this.bye('hello_first'), HELLO_WITHIN_MS)
    socket.on('pong', () => (this.#heard = true))
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      // Whatever one frame may do to us, it is this page's end and nobody else's.
      this.#take(data, isBinary).catch((problem: unknown) => {
        manners.report(problem)
        this.bye('internal')
      })
    })
    socket.once('close', () => {
      clearTimeout(this.#helloTimer)
      this.#state = 'leaving'
      this.#closed = true
      if (this.#accepted) manners.gone()
    })
  }

  /** Tells the page something that it must not miss. A page that does not read is cut. */
  send(message: object): void {
    this.#write(JSON.stringify(message))
  }

  /** Shows the page its view, unless it is the one it has. False: too much is still on its way, to be tried again later. */
  show(view: object, now: number): boolean {
    if (this.#state !== 'open') return true // the answer to its hello holds the view
    if (this.#socket.bufferedAmount > VIEW_BUFFER_BYTES) return false
    const text = JSON.stringify(view)
    if (text !== this.#lastView) this.#write(`{"type":"view","now":${now},"view":${text}}`)
    this.#lastView = text
    return true
  }

  /** Says why, and closes. */
  bye(code: ByeCode): void {
    if (this.#state === 'leaving') return
    this.send({ type: 'bye', code })
    this.#leave(CLOSE_CODES[code], code)
  }

  /** Asks for a sign of life; whoever gave none since the last time is gone. `forgive`: we were the ones who slept. */
  ping(forgive: boolean): void {
    if (!this.#heard && !forgive) return this.#socket.terminate()
    this.#heard = false
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  #write(text: string): void {
    if (this.#state === 'leaving' || this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > MAX_BUFFER_BYTES) return this.#leave(CLOSE_CODES.too_slow, 'too_slow')
    this.#socket.send(text)
  }

  #leave(code: number, reason: string): void {
    this.#state = 'leaving'
    this.#socket.close(code, reason)
    // Whoever does not answer the close, or has megabytes to read before it, is cut.
    setTimeout(() => this.#socket.terminate(), GOODBYE_MS).unref()
  }

  async #take(data: Buffer, isBinary: boolean): Promise<void> {
    this.#heard = true
    if (this.#state === 'leaving') return
    if (!this.#rate.take() || this.#inHand >= MESSAGES_IN_HAND) return this.bye('too_fast')
    if (isBinary) return this.bye('bad_message')
    const text = data.toString()
    const parsed = this.#manners.parse(text)
    if ('rejected' in parsed) return this.#refuse(parsed.rejected.re, coded(parsed.rejected.code, parsed.rejected.detail))
    const { message } = parsed
    if (!isStorableJson(text, message)) return this.#refuse(message.id, coded('bad_message', 'text that is not valid Unicode'))
    this.#inHand++
    try {
      this.send({ re: message.id, ok: true, ...(await this.#hear(message)) })
    } catch (problem) {
      const error = told(problem)
      if (error.code === 'internal') this.#manners.report(problem)
      this.#refuse(message.id, error)
      if (this.#state === 'refused') this.#leave(CLOSE_CODES[error.code as ByeCode] ?? CLOSE_CODES.internal, error.code)
    } finally {
      this.#inHand--
    }
  }

  async #hear(message: M): Promise<object> {
    if (this.#state === 'open') {
      if (message.type === 'hello') throw new Refused('bad_message', 'hello was said before')
      return await this.#manners.hear(message)
    }
    if (this.#state !== 'new' || message.type !== 'hello') throw new Refused('hello_first')
    this.#state = 'greeting'
    clearTimeout(this.#helloTimer)
    const answer = await this.#manners.hello(message).catch((problem: unknown) => {
      if (this.#state === 'greeting') this.#state = 'refused'
      throw problem
    })
    if (this.#state === 'greeting') this.#state = 'open'
    this.#accepted = true
    if (this.#closed) this.#manners.gone() // it left while it was greeted
    return answer
  }

  #refuse(re: string | null, error: CodedError): void {
    this.send({ re, ok: false, ...error })
  }
}
