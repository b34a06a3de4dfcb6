// What the border answers when it says no: one code, both languages, the HTTP status beside it.
import type { Refusal } from '#core/command.ts'
import { REFUSALS, type RefusalCode } from '#core/refusal.ts'
import { MediaError } from '#wire/media.ts'
import { WIRE_ERRORS, type WireErrorCode } from '#wire/messages.ts'

/** Errors of the HTTP routes alone. */
const HTTP_ERRORS = {
  account_taken: { zh: '该用户名或坐席已有账号', en: 'This name or agent already has an account' },
  last_admin: { zh: '至少保留一位管理员', en: 'The last administrator must stay' },
} as const

/** Every code that a client can be told. */
export const ERRORS = { ...REFUSALS, ...WIRE_ERRORS, ...HTTP_ERRORS }
export type ErrorCode = RefusalCode | WireErrorCode | keyof typeof HTTP_ERRORS

export interface CodedError { code: ErrorCode; zh: string; en: string; detail?: string }

const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_json: 400, bad_message: 400, plan_invalid: 400,
  not_signed_in: 401, bad_credentials: 401, bad_token: 401,
  forbidden: 403, access_off: 403,
  not_found: 404, unknown_request: 404, unknown_agent: 404, unknown_access: 404, unknown_group: 404,
  too_large: 413, too_fast: 429, internal: 500,
  store_away: 503, stopping: 503, no_plan: 503, too_many_requests: 503,
}
/** What is left are conflicts with the state of things. */
export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 409

/** A refusal on its way to whoever asked. */
export class Refused extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  constructor(code: ErrorCode, detail?: string) {
    super(ERRORS[code].en)
    this.code = code
    this.detail = detail
  }
}

/** Throws the core's refusal, if it is one. */
export function granted(answer: { refusal: Refusal | null }): void {
  if (answer.refusal) throw new Refused(answer.refusal.code, answer.refusal.detail)
}

export function coded(code: ErrorCode, detail?: string): CodedError {
  const { zh, en } = ERRORS[code]
  return detail ? { code, zh, en, detail } : { code, zh, en }
}

/** What a client is told of any problem: our own codes as they are; a defect as `internal`, its details for the log only. */
export function told(problem: unknown): CodedError {
  if (problem instanceof Refused) return coded(problem.code, problem.detail)
  if (problem instanceof MediaError) return coded(problem.code)
  const { code } = (problem ?? {}) as { code?: unknown }
  if (code === 'store_away' || code === 'stopping' || code === 'account_taken' || code === 'last_admin') return coded(code)
  return coded(code === 'fenced' ? 'stopping' : 'internal')
}
