// Streams: repeatable, apart from each other, and of the distribution they say.
import { describe, expect, it } from 'vitest'
import { Stream } from './random.ts'

it('gives these numbers for this seed, in every engine', () => {
  const talk = new Stream('7', 'talk')
  expect([talk.uniform(0), talk.uniform(1), talk.uniform(1, 1), talk.exponential(300, 123_456)]).toEqual([0.46231178438756615, 0.398159533389844, 0.5671972598647699, 794.4682683709611])
})

it('differs by seed, purpose, entity and ordinal', () => {
  const first = (seed: string, purpose: 'talk' | 'patience', entity: number, ordinal: number): number => new Stream(seed, purpose).uniform(entity, ordinal)
  const all = [first('1', 'talk', 0, 0), first('2', 'talk', 0, 0), first('1', 'patience', 0, 0), first('1', 'talk', 1, 0), first('1', 'talk', 0, 1)]
  expect(new Set(all).size).toBe(all.length)
})

/** How far counts are from equal ones. */
const chi2 = (counts: number[], total: number): number => counts.reduce((sum, c) => sum + (c - total / counts.length) ** 2, 0) * counts.length / total

// Upper 0.1 % points of chi-square with 15 and 255 degrees of freedom.
const MOST_15 = 37.7, MOST_255 = 330.5

describe('is uniform, and no number knows another', () => {
  const talk = new Stream('uniform', 'talk'), patience = new Stream('uniform', 'patience'), reseeded = new Stream('uniform2', 'talk')
  const pairs: [name: string, of: (i: number) => [number, number]][] = [
    ['of the next entity', (i) => [talk.uniform(i), talk.uniform(i + 1)]],
    ['of the next ordinal', (i) => [talk.uniform(17, i), talk.uniform(17, i + 1)]],
    ['of the same ordinal of the next entity', (i) => [talk.uniform(i % 100, 1 + Math.floor(i / 100)), talk.uniform(i % 100 + 1, 1 + Math.floor(i / 100))]],
    ['of an entity a power of two away', (i) => [talk.uniform(i), talk.uniform(i ^ (1 << (i % 31)))]],
    ['for another purpose', (i) => [talk.uniform(i), patience.uniform(i)]],
    ['for another seed', (i) => [talk.uniform(i, 3), reseeded.uniform(i, 3)]],
  ]
  it.each(pairs)('%s', (_name, of) => {
    const cells = 16, n = 64_000
    const single = Array.from({ length: cells }, () => 0), both = Array.from({ length: cells * cells }, () => 0), low = [...both]
    for (let i = 0; i < n; i++) {
      const [x, y] = of(i)
      single[Math.floor(x * cells)]!++
      both[Math.floor(x * cells) * cells + Math.floor(y * cells)]!++
      // The last bits too: a talk of a million ms is cut out of them.
      low[Math.floor((x * 2 ** 28) % 1 * cells) * cells + Math.floor((y * 2 ** 28) % 1 * cells)]!++
    }
    expect(chi2(single, n)).toBeLessThan(MOST_15)
    expect(chi2(both, n)).toBeLessThan(MOST_255)
    expect(chi2(low, n)).toBeLessThan(MOST_255)
  })
  it('in runs: the sums of the four numbers of an entity spread as they should', () => {
    const n = 50_000
    let sum = 0, squares = 0
    for (let i = 0; i < n; i++) {
      const x = talk.uniform(i, 0) + talk.uniform(i, 1) + talk.uniform(i, 2) + talk.uniform(i, 3) - 2
      sum += x
      squares += x * x
    }
    // Mean 0, variance 1/3, kurtosis 2.7: within four standard errors.
    expect(Math.abs(sum / n)).toBeLessThan(4 * Math.sqrt(1 / 3 / n))
    expect(Math.abs(squares / n - 1 / 3)).toBeLessThan(4 / 3 * Math.sqrt(1.7 / n))
  })
  it('changes half of its bits with any bit of entity or ordinal', () => {
    const word = (entity: number, ordinal: number): number => Math.floor(talk.uniform(entity, ordinal) * 2 ** 32) | 0
    const ones = (x: number): number => { let c = 0; for (; x !== 0; x &= x - 1) c++; return c }
    const n = 4000
    for (let bit = 0; bit < 32; bit++) {
      let byEntity = 0, byOrdinal = 0
      for (let i = 1; i <= n; i++) {
        byEntity += ones(word(i, 5) ^ word(i ^ (1 << bit), 5))
        byOrdinal += ones(word(5, i) ^ word(5, i ^ (1 << bit)))
      }
      // 16 of 32, within five standard errors.
      for (const flips of [byEntity, byOrdinal]) expect(Math.abs(flips / n - 16), `bit ${bit}`).toBeLessThan(5 * Math.sqrt(8 / n))
    }
  })
})

it('draws exponential times with their mean and variance', () => {
  const stream = new Stream('exponential', 'talk')
  const n = 100_000
  let sum = 0, squares = 0
  for (let i = 0; i < n; i++) {
    const x = stream.exponential(300, i)
    sum += x
    squares += x * x
  }
  const mean = sum / n
  // Within four standard errors.
  expect(Math.abs(mean - 300)).toBeLessThan(4 * 300 / Math.sqrt(n))
  expect(Math.abs(squares / n - mean ** 2 - 90_000)).toBeLessThan(4 * 90_000 * Math.sqrt(8 / n))
})
