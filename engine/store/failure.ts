// How the store fails: a database that is away (try again), a run that another engine leads (stop), or a defect.

/** The database cannot be reached or cannot write just now: nothing is known of the last statement, the same may be tried again. */
export class StoreAway extends Error {
  readonly code = 'store_away'
}

/** Another engine writes this run: whoever gets this must stop at once, its view of the log is no longer the log. */
export class Fenced extends Error {
  readonly code = 'fenced'
}

/** The tables are of a later version than this program. */
export class SchemaTooNew extends Error {
  readonly code = 'schema_too_new'
}

/** SQLSTATE classes that pass by themselves (connection, resources, operator, system), lock waits, retryable conflicts, read-only. */
const PASSING = /^(?:08|53|57|58)...$|^(?:55P03|40001|40P01|25006)$/
/** What the client library says, without a code, when the server has not answered. */
const UNANSWERED = /^(?:Connection terminated|Query read timeout|timeout expired|timeout exceeded|Client was closed|Client has encountered a connection error)/

/** What a failed statement means for the caller: StoreAway, or the problem itself when it is a defect of the statement. */
export function failure(problem: unknown): Error {
  const error = problem instanceof Error ? problem : new Error(String(problem))
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  const away = (typeof code === 'string' && PASSING.test(code)) || syscall !== undefined || UNANSWERED.test(error.message) || error instanceof AggregateError
  return away ? new StoreAway(`The database is away: ${sentence(error)}`, { cause: error }) : error
}

/** An error's message; a refused connection on several addresses has its messages one level down. */
const sentence = (error: Error): string => (error instanceof AggregateError ? error.errors.map((one: Error) => one.message).join(', ') : error.message)

/** Runs a statement and says in the store's words how it failed. */
export async function asked<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (problem) {
    throw failure(problem)
  }
}
