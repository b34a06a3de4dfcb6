// The environment as one frozen object: every setting has a bound and a default, every bad value a sentence.
import { availableParallelism } from 'node:os'
import { isIP } from 'node:net'
import { resolve } from 'node:path'

/** What is wrong with the settings: one sentence per line. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** An address to accept connections on. */
export interface Listener {
  host: string
  port: number
  tls: boolean
}

/** Where the pages' encryption comes from; without it a browser gives camera and microphone to localhost only. */
export type TlsSource = { kind: 'own'; certFile: string; keyFile: string } | { kind: 'proxy' } | { kind: 'selfSigned' } | { kind: 'none' }

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export interface Config {
  /** Absolute path of the folder that holds everything worth keeping. */
  readonly dataFolder: string
  /** One's own PostgreSQL; without it Twinline runs one on the data folder. */
  readonly databaseUrl: string | undefined
  /** Port of that one on 127.0.0.1; without it any free one. */
  readonly postgresPort: number | undefined
  /** Name of the run that live calls are logged under. */
  readonly run: string
  readonly listeners: readonly Listener[]
  readonly tls: TlsSource
  /** Addresses whose X-Forwarded headers are believed. */
  readonly trustProxy: readonly string[]
  /** Where people reach Twinline, without a trailing slash, when it is not one of this machine's addresses. */
  readonly publicUrl: string | undefined
  readonly media: {
    /** Media workers, one processor core each. */
    readonly workers: number
    /** UDP and TCP port of the first worker; the others take the ones above it. 0: any free ones. */
    readonly port: number
    /** Addresses that browsers send media to; empty: the addresses of this machine. */
    readonly announced: readonly string[]
  }
  /** Addresses beside the public ones that webhooks may be posted to, also without encryption. */
  readonly webhookNetworks: readonly string[]
  readonly logLevel: (typeof logLevels)[number]
}

/** Reads the settings. Throws a ConfigError that names every bad value. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const problems: string[] = []
  const settings = reader(env, problems)

  const port = settings.integer('TWINLINE_PORT', 8080, 0, 65_535)
  const httpsPort = settings.integer('TWINLINE_HTTPS_PORT', 8443, 0, 65_535)
  const trustProxy = settings.list('TWINLINE_TRUST_PROXY', 16, isAddressRange, 'an IP address, a range such as 10.0.0.0/8, or one of loopback, linklocal, uniquelocal')
  // A proxy on this machine needs no port that the network can reach without encryption.
  const nearProxy = trustProxy.length > 0 && trustProxy.every((range) => range === 'loopback' || isLoopback(range))
  const host = settings.address('TWINLINE_HOST', nearProxy ? '127.0.0.1' : '0.0.0.0')
  const certFile = settings.text('TWINLINE_TLS_CERT')
  const keyFile = settings.text('TWINLINE_TLS_KEY')
  if (!certFile !== !keyFile) problems.push('TWINLINE_TLS_CERT and TWINLINE_TLS_KEY belong together: set both, or neither.')
  if (certFile && trustProxy.length) problems.push('TWINLINE_TLS_CERT and TWINLINE_TRUST_PROXY exclude each other: encryption ends either here or at the proxy.')
  const tls: TlsSource =
    certFile && keyFile
      ? { kind: 'own', certFile: resolve(certFile), keyFile: resolve(keyFile) }
      : trustProxy.length
        ? { kind: 'proxy' }
        : isLoopback(host)
          ? { kind: 'none' }
          : { kind: 'selfSigned' }
  const encrypts = tls.kind === 'own' || tls.kind === 'selfSigned'
  if (encrypts && port === httpsPort && port !== 0) problems.push(`TWINLINE_PORT and TWINLINE_HTTPS_PORT are both ${port}: they must differ.`)

  const config: Config = {
    dataFolder: resolve(settings.text('TWINLINE_DATA') ?? 'data'),
    databaseUrl: settings.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    postgresPort: settings.text('TWINLINE_POSTGRES_PORT') ? settings.integer('TWINLINE_POSTGRES_PORT', 0, 1, 65_535) : undefined,
    run: settings.name('TWINLINE_RUN', 'live'),
    listeners: encrypts
      ? [
          { host: '127.0.0.1', port, tls: false },
          { host, port: httpsPort, tls: true },
        ]
      : [{ host, port, tls: false }],
    tls,
    trustProxy,
    publicUrl: settings.url('TWINLINE_PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    media: {
      workers: settings.integer('TWINLINE_MEDIA_WORKERS', Math.min(availableParallelism(), 64), 1, 64),
      // Below the range from which systems take ports for outgoing connections: one of those could hold it at any start.
      port: settings.integer('TWINLINE_MEDIA_PORT', 30_000, 0, 65_535 - 63),
      announced: settings.list('TWINLINE_ANNOUNCED_ADDRESS', 8, isHost, 'an IP address or a host name'),
    },
    webhookNetworks: settings.list('TWINLINE_WEBHOOK_NETWORKS', 32, isAddressRange, 'an IP address, a range such as 10.0.0.0/8, or one of loopback, linklocal, uniquelocal'),
    logLevel: settings.choice('TWINLINE_LOG_LEVEL', logLevels, 'info'),
  }
  if (problems.length) throw new ConfigError(problems.join('\n'))
  return freeze(config)
}

/** Readers of single values: each takes the default when the variable is missing or empty, and notes what is wrong. */
function reader(env: Record<string, string | undefined>, problems: string[]) {
  const text = (name: string) => env[name]?.trim() || undefined
  const wrong = (name: string, wanted: string) => {
    // A connection string holds a password, and this sentence goes to the log.
    const value = name === 'DATABASE_URL' ? '' : ` "${text(name)?.slice(0, 100)}"`
    problems.push(`${name}${value} is not right: it must be ${wanted}.`)
  }
  const check = <T extends string>(name: string, fallback: T, valid: (value: string) => value is T, wanted: string): T => {
    const value = text(name)
    if (value === undefined) return fallback
    if (valid(value)) return value
    wrong(name, wanted)
    return fallback
  }
  return {
    text,
    integer(name: string, fallback: number, min: number, max: number): number {
      const value = text(name)
      if (value === undefined) return fallback
      if (/^\d{1,6}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value)
      wrong(name, `a whole number from ${min} to ${max}`)
      return fallback
    },
    address: (name: string, fallback: string) => check(name, fallback, (value): value is string => isIP(value) !== 0, 'an IP address to listen on, 0.0.0.0 for all of IPv4, :: for all'),
    name: (name: string, fallback: string) =>
      check(name, fallback, (value): value is string => /^[a-z][a-z0-9-]{0,39}$/.test(value), 'at most 40 small letters, digits and hyphens, a letter first'),
    choice: <T extends string>(name: string, values: readonly T[], fallback: T): T =>
      check(name, fallback, (value): value is T => (values as readonly string[]).includes(value), `one of ${values.join(', ')}`),
    url(name: string, protocols: string[]): string | undefined {
      const value = text(name)
      if (value === undefined) return undefined
      const url = URL.canParse(value) ? new URL(value) : undefined
      if (url && protocols.includes(url.protocol) && url.hostname) return value
      wrong(name, `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')} and names a host`)
      return undefined
    },
    list(name: string, most: number, valid: (value: string) => boolean, wanted: string): string[] {
      const values = (text(name) ?? '').split(',').map((value) => value.trim()).filter(Boolean)
      if (values.length <= most && values.every(valid)) return values
      wrong(name, `${wanted}, or up to ${most} of them with commas between`)
      return []
    },
  }
}

const isLoopback = (host: string) => host === '::1' || host.startsWith('127.')
const isHost = (value: string) => isIP(value) !== 0 || (value.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(value))

function isAddressRange(value: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return true
  const [address = '', bits, ...rest] = value.split('/')
  const version = isIP(address)
  return version !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)))
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner)
  return Object.freeze(value)
}
