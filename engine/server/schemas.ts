// Shapes that several routes share.
import Type from 'typebox'

export const Ms = Type.Integer({ description: 'UTC ms' })
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** Nothing is told but that it was done. */
export const Done = Type.Object({}, { additionalProperties: false })

/** Whole numbers in a query string. */
export const Limit = Type.Optional(Type.String({ pattern: '^(1[0-9]{2}|[1-9][0-9]?)$', description: '1 to 199' }))
export const Before = Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,8}$' }))
export const Seq = Type.Optional(Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' }))
export const Instant = Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'UTC ms' }))
/** `next` of the page before. */
export const After = Type.Optional(Type.String({ maxLength: 100 }))
/** An id in a query string or an address. */
export const Word = Type.String({ minLength: 1, maxLength: 64 })
export const OfId = Type.Object({ id: Word })
/** Text of people, on one line or several. */
export const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength })
/** A plan's ids. */
export const PLAN_ID = '^[A-Za-z0-9._:-]+$'
