// What the address of a visitor's page says: the access point, a call that waits to be taken, what the host says of its visitor.

export interface Arrival {
  access: string
  /** Token of a link by which an agent calls. */
  called: string | null
  /** Signed by the host page's server. */
  host: string | null
  /** The address without what is nobody else's business; null: it is clean. */
  clean: string | null
}

/** Reads `/v/<access>#call=TOKEN`, `/v/<access>#host=TOKEN` and, for hosts that cannot write behind the #, `/v/<access>?token=TOKEN`. */
export function arrival(url: URL): Arrival {
  const behind = new URLSearchParams(url.hash.slice(1))
  const called = behind.get('call') || null
  const host = behind.get('host') || url.searchParams.get('token') || null
  return { access: decoded(url.pathname.split('/')[2] ?? ''), called, host, clean: called || host ? url.pathname : null }
}

function decoded(part: string): string {
  try { return decodeURIComponent(part) } catch { return part }
}
