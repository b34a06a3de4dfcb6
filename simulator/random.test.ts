// Streams: repeatable, apart from each other, and of the distribution they say.
import { expect, it } from 'vitest'
import { Stream } from './random.ts'

it('gives these numbers for this seed, in every engine', () => {
  const talk = new Stream('7', 'talk')
  expect([talk.uniform(0), talk.uniform(1), talk.uniform(1, 1), talk.exponential(300, 123_456)]).toEqual([0.6392614835640416, 0.27975004503969103, 0.8001994515070692, 723.1581098809944])
})

it('differs by seed, purpose, entity and ordinal', () => {
  const first = (seed: string, purpose: 'talk' | 'patience', entity: number, ordinal: number): number => new Stream(seed, purpose).uniform(entity, ordinal)
  const all = [first('1', 'talk', 0, 0), first('2', 'talk', 0, 0), first('1', 'patience', 0, 0), first('1', 'talk', 1, 0), first('1', 'talk', 0, 1)]
  expect(new Set(all).size).toBe(all.length)
})

it('is uniform, and neighbours do not know each other', () => {
  const stream = new Stream('uniform', 'talk')
  const cells = 16, n = 64_000
  const counts = (length: number): number[] => Array.from({ length }, () => 0)
  const single = counts(cells), pairs = counts(cells * cells)
  let last = 0
  for (let i = 0; i < n; i++) {
    const cell = Math.floor(stream.uniform(i) * cells)
    single[cell]!++
    if (i > 0) pairs[last * cells + cell]!++
    last = cell
  }
  const chi2 = (counts: number[], expected: number): number => counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0)
  // Upper 0.1 % points of chi-square with 15 and 255 degrees of freedom.
  expect(chi2(single, n / cells)).toBeLessThan(37.7)
  expect(chi2(pairs, (n - 1) / cells ** 2)).toBeLessThan(330.5)
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
