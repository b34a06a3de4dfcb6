// Settings: what the defaults mean, and a sentence for every bad value.
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
  } catch (problem) {
    if (problem instanceof ConfigError) return problem.message.split('\n')
    throw problem
  }
  return []
}

describe('where encryption comes from', () => {
  test('nothing set: http on localhost, https with a certificate of its own for the network', () => {
    const config = readConfig({})
    expect(config.tls).toEqual({ kind: 'selfSigned' })
    expect(config.listeners).toEqual([
      { host: '127.0.0.1', port: 8080, tls: false },
      { host: '0.0.0.0', port: 8443, tls: true },
    ])
  })
  test('one’s own certificate', () => {
    const config = readConfig({ TWINLINE_TLS_CERT: 'cert.pem', TWINLINE_TLS_KEY: 'key.pem', TWINLINE_HTTPS_PORT: '443' })
    expect(config.tls).toEqual({ kind: 'own', certFile: resolve('cert.pem'), keyFile: resolve('key.pem') })
    expect(config.listeners[1]).toEqual({ host: '0.0.0.0', port: 443, tls: true })
  })
  test('behind a proxy: one http port', () => {
    const config = readConfig({ TWINLINE_TRUST_PROXY: 'loopback, 10.0.0.0/8,::1' })
    expect(config.tls).toEqual({ kind: 'proxy' })
    expect(config.trustProxy).toEqual(['loopback', '10.0.0.0/8', '::1'])
    expect(config.listeners).toEqual([{ host: '0.0.0.0', port: 8080, tls: false }])
    expect(readConfig({ TWINLINE_TRUST_PROXY: 'loopback' }).listeners).toEqual([{ host: '127.0.0.1', port: 8080, tls: false }])
  })
  test('on localhost alone none is needed', () => {
    const config = readConfig({ TWINLINE_HOST: '127.0.0.1', TWINLINE_PORT: '0' })
    expect(config.tls).toEqual({ kind: 'none' })
    expect(config.listeners).toEqual([{ host: '127.0.0.1', port: 0, tls: false }])
  })
})

describe('bad values', () => {
  test.each([
    ['TWINLINE_PORT', '65536'],
    ['TWINLINE_PORT', '-1'],
    ['TWINLINE_PORT', '80.5'],
    ['TWINLINE_PORT', 'tcp://10.0.0.1:8080'],
    ['TWINLINE_HTTPS_PORT', '0x50'],
    ['TWINLINE_HOST', 'localhost'],
    ['TWINLINE_POSTGRES_PORT', '0'],
    ['TWINLINE_RUN', 'Live'],
    ['TWINLINE_RUN', 'x'.repeat(41)],
    ['TWINLINE_TRUST_PROXY', 'true'],
    ['TWINLINE_TRUST_PROXY', '10.0.0.0/33'],
    ['TWINLINE_PUBLIC_URL', 'cc.example.com'],
    ['TWINLINE_MEDIA_WORKERS', '0'],
    ['TWINLINE_MEDIA_PORT', '65500'],
    ['TWINLINE_ANNOUNCED_ADDRESS', 'http://cc.example.com'],
    ['TWINLINE_LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value })
    expect(others).toEqual([])
    expect(problem).toMatch(new RegExp(`^${name} ".*" is not right: it must be .*\\.$`))
    expect(problem).toContain(value.slice(0, 100))
  })
  test('all of them at once, one sentence each', () => {
    expect(problemsOf({ TWINLINE_PORT: 'x', TWINLINE_RUN: '!', TWINLINE_TLS_CERT: 'only.pem' })).toHaveLength(3)
  })
  test('two ports that must differ', () => {
    expect(problemsOf({ TWINLINE_PORT: '8443' })).toEqual(['TWINLINE_PORT and TWINLINE_HTTPS_PORT are both 8443: they must differ.'])
  })
  test('a certificate and a proxy exclude each other', () => {
    expect(problemsOf({ TWINLINE_TLS_CERT: 'c', TWINLINE_TLS_KEY: 'k', TWINLINE_TRUST_PROXY: 'loopback' })).toHaveLength(1)
  })
  test('the password in a connection string is not repeated', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'mysql://me:hunter2@db/x' })
    expect(problem).toMatch(/^DATABASE_URL is not right/)
    expect(problem).not.toContain('hunter2')
  })
})

test('an empty variable is a missing one', () => {
  expect(readConfig({ TWINLINE_PORT: '', DATABASE_URL: '  ' })).toEqual(readConfig({}))
})

test('nothing in the object can be changed', () => {
  const config = readConfig({})
  expect(() => ((config.media as { port: number }).port = 1)).toThrow(TypeError)
  expect(() => (config.listeners as unknown[]).push({})).toThrow(TypeError)
})
